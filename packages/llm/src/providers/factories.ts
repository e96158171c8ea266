import { anthropic as anthropicProvider } from './anthropic/index.js';
import { cerebras as cerebrasProvider } from './cerebras/index.js';
import { factoryOf } from './factory.js';
import { gemini as geminiProvider } from './gemini/index.js';
import { groq as groqProvider } from './groq/index.js';
import type { HttpModel } from './http-model.js';
import { livekit as livekitProvider } from './livekit/index.js';
import { llamaCpp as llamaCppProvider } from './llama-cpp/index.js';
import { ollama as ollamaProvider } from './ollama/index.js';
import { openai as openaiProvider } from './openai/index.js';
import { openrouter as openrouterProvider } from './openrouter/index.js';
import { vllm as vllmProvider } from './vllm/index.js';

/** `groq({ model: 'openai/gpt-oss-120b' })`: key from GROQ_API_KEY unless given. */
export const groq = factoryOf(groqProvider);
/** Key from CEREBRAS_API_KEY unless given. */
export const cerebras = factoryOf(cerebrasProvider);
/** Key from OPENAI_API_KEY unless given. */
export const openai = factoryOf(openaiProvider);
/** Anthropic's own: how long what is marked stays in the cache after it was last used; default `5m`. */
export interface AnthropicOptions {
  cacheTtl?: '5m' | '1h';
}

const plainAnthropic = factoryOf(anthropicProvider);
/** Key from ANTHROPIC_API_KEY unless given. */
export const anthropic = ({
  cacheTtl,
  ...options
}: Parameters<typeof plainAnthropic>[0] & AnthropicOptions): HttpModel =>
  plainAnthropic({ ...options, extra: { ...(cacheTtl ? { cacheTtl } : {}), ...options.extra } });
/** Key from GEMINI_API_KEY unless given. */
export const gemini = factoryOf(geminiProvider);
/** Key from OPENROUTER_API_KEY unless given. */
export const openrouter = factoryOf(openrouterProvider);
/** http://127.0.0.1:8000/v1 unless `baseUrl` is given. */
export const vllm = factoryOf(vllmProvider);
/** http://127.0.0.1:11434/v1 unless `baseUrl` is given. */
export const ollama = factoryOf(ollamaProvider);
/** http://127.0.0.1:8080/v1 unless `baseUrl` is given. */
export const llamaCpp = factoryOf(llamaCppProvider);

const plainLivekit = factoryOf(livekitProvider);
/** LiveKit Inference. Key and secret from LIVEKIT_API_KEY and LIVEKIT_API_SECRET unless `apiKey` is `key:secret`. */
export const livekitInference: typeof plainLivekit = (options) => {
  const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
  const apiKey = options.apiKey ?? (key && secret ? `${key}:${secret}` : '');
  return plainLivekit({ ...options, apiKey });
};
