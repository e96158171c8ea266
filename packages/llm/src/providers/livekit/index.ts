import { openAiWire } from '../../wire/openai/index.js';
import type { Provider } from '../provider.js';
import { inferenceToken } from './token.js';

/**
 * LiveKit Inference: models are named `groq/gpt-oss-120b`, `openai/gpt-4.1-mini`. The key is LIVEKIT_API_KEY and
 * LIVEKIT_API_SECRET as `key:secret`. Priority is a header: `headers: { 'X-LiveKit-Inference-Priority': 'priority' }`.
 */
export const livekit: Provider = {
  name: 'livekit',
  label: 'LiveKit Inference',
  baseUrl: 'https://agent-gateway.livekit.cloud/v1',
  wire: openAiWire,
  keyVariable: 'LIVEKIT_API_KEY',
  auth: (apiKey, wallMs) => ({ authorization: `Bearer ${inferenceToken(apiKey, wallMs)}` }),
};
