export type {
  ChatEvent,
  ChatFrame,
  ChatMessage,
  ChatRequest,
  ContentPart,
  RawBody,
  ToolCall,
  ToolChoice,
  ToolDefinition,
  Usage,
} from './chat.js';
export type { BodyEncoding } from './connection/encode.js';
export { type ConfiguredProvider, llmFromEnv } from './env.js';
export { type LatencyFileOptions, latencyFile } from './memory/latency-file.js';
export type {
  HealthNews,
  MemoryFollower,
  RouterMemory,
} from './memory/router-memory.js';
export { sharedMemory } from './memory/shared-memory.js';
export type { ChatOptions, ChatStream, LanguageModel } from './model.js';
export type { BreakerSettings } from './policy/breaker/breaker.js';
export type { LatencyObservation, LatencySample, RequestContext } from './policy/latency/window.js';
export type { ModelHealth } from './policy/order/order.js';
export { lintPrefix } from './prompt/lint-prefix.js';
export { loadTokenCounter, type TokenCounter } from './prompt/token-counter.js';
export type { TokenizerName } from './prompt/tokenizers.js';
export { type TrimOptions, trimHistory } from './prompt/trim-history.js';
export { ProviderError, type ProviderErrorLabels } from './provider-error.js';
export { openAiCompatible } from './providers/compatible/index.js';
export { factoryOf, type ProviderFactory } from './providers/factory.js';
export { type HttpModel, type HttpModelOptions, httpModel } from './providers/http-model.js';
export {
  type AnthropicOptions,
  type AwsCredentials,
  type AwsSignerOptions,
  type AzureOptions,
  anthropic,
  awsSigner,
  azure,
  type BedrockOptions,
  bedrock,
  cerebras,
  gemini,
  groq,
  livekitInference,
  llamaCpp,
  ollama,
  openai,
  openrouter,
  PROVIDERS,
  vllm,
} from './providers/index.js';
export { accessToModel, keyVariablesOf, type ModelAccess, modelNeedsKey } from './providers/model-access.js';
export {
  CUSTOM_PROVIDER,
  EMULATED_PROVIDER,
  type ModelSpec,
  parseModelSpec,
} from './providers/model-spec.js';
export { bearer, type Provider } from './providers/provider.js';
export type { ApiKey, HttpRequest, RequestSigner } from './providers/request-headers.js';
export type { RouterState } from './route/router-state.js';
export { ROUTER_DEFAULTS } from './route/settings.js';
export { type Router, type RouterOptions, type RouterStats, router } from './router.js';
export type { Timeouts } from './stream/endpoint.js';
export type {
  ConnectionTrace,
  Limit,
  PrefixBreak,
  PrefixCost,
  ProviderTime,
  RequestMarks,
  RequestTrace,
  RouteAttempt,
  RouteDecision,
} from './trace.js';
export { anthropicWire } from './wire/anthropic/index.js';
export { geminiWire } from './wire/gemini/index.js';
export { openAiWire } from './wire/openai/index.js';
export type { ReaderContext, SseEvent, Wire, WireReader, WireSignal } from './wire/wire.js';
