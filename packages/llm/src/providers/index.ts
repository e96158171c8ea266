import { anthropic as anthropicProvider } from './anthropic/index.js';
import { azureProvider } from './azure/index.js';
import { bedrockProvider } from './bedrock/index.js';
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
import type { Provider } from './provider.js';
import { vllm as vllmProvider } from './vllm/index.js';

/** All providers. Each one listed here must pass the conformance suite. */
export const PROVIDERS: readonly Provider[] = [
  anthropicProvider,
  azureProvider,
  bedrockProvider,
  cerebrasProvider,
  geminiProvider,
  groqProvider,
  livekitProvider,
  llamaCppProvider,
  ollamaProvider,
  openaiProvider,
  openrouterProvider,
  vllmProvider,
];

export { type AzureOptions, azure } from './azure/index.js';
export { type BedrockOptions, bedrock } from './bedrock/index.js';
export { type AwsCredentials, type AwsSignerOptions, awsSigner } from './bedrock/sigv4.js';

/** Groq: `groq({ model: 'openai/gpt-oss-120b' })`. Default key: GROQ_API_KEY. */
export const groq = factoryOf(groqProvider);
/** Cerebras. Default key: CEREBRAS_API_KEY. */
export const cerebras = factoryOf(cerebrasProvider);
/** OpenAI. Default key: OPENAI_API_KEY. */
export const openai = factoryOf(openaiProvider);
/** Options that only Anthropic has. */
export interface AnthropicOptions {
  /** How long a cached prefix is kept after its last use; default `5m`. */
  cacheTtl?: '5m' | '1h';
}

const plainAnthropic = factoryOf(anthropicProvider);
/** Anthropic. Default key: ANTHROPIC_API_KEY. */
export const anthropic = ({
  cacheTtl,
  ...options
}: Parameters<typeof plainAnthropic>[0] & AnthropicOptions): HttpModel =>
  plainAnthropic({ ...options, extra: { ...(cacheTtl ? { cacheTtl } : {}), ...options.extra } });
/** Gemini. Default key: GEMINI_API_KEY. */
export const gemini = factoryOf(geminiProvider);
/** OpenRouter. Default key: OPENROUTER_API_KEY. */
export const openrouter = factoryOf(openrouterProvider);
/** vLLM. Default base URL: http://127.0.0.1:8000/v1. */
export const vllm = factoryOf(vllmProvider);
/** Ollama. Default base URL: http://127.0.0.1:11434/v1. */
export const ollama = factoryOf(ollamaProvider);
/** llama.cpp's server. Default base URL: http://127.0.0.1:8080/v1. */
export const llamaCpp = factoryOf(llamaCppProvider);

const plainLivekit = factoryOf(livekitProvider);
/** LiveKit Inference. Default key and secret: LIVEKIT_API_KEY and LIVEKIT_API_SECRET; `apiKey` takes `key:secret`. */
export const livekitInference: typeof plainLivekit = (options) => {
  const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
  const apiKey = options.apiKey ?? (key && secret ? `${key}:${secret}` : '');
  return plainLivekit({ ...options, apiKey });
};
