import { openAiWire } from '../../wire/openai/index.js';
import type { Provider } from '../provider.js';
import { inferenceToken } from './token.js';

/**
 * LiveKit Inference. Model names look like `groq/gpt-oss-120b` or `openai/gpt-4.1-mini`. The key is LIVEKIT_API_KEY
 * and LIVEKIT_API_SECRET as `key:secret`. The service tier is sent in its priority header.
 */
export const livekit = {
  name: 'livekit',
  label: 'LiveKit Inference',
  baseUrl: 'https://agent-gateway.livekit.cloud/v1',
  wire: openAiWire,
  keyVariable: 'LIVEKIT_API_KEY',
  auth: (apiKey, wallMs) => ({ authorization: `Bearer ${inferenceToken(apiKey, wallMs)}` }),
  serviceTiers: ['priority', 'standard', 'low'],
  serviceTierHeader: 'X-LiveKit-Inference-Priority',
} as const satisfies Provider;
