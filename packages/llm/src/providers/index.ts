import { anthropic } from './anthropic/index.js';
import { cerebras } from './cerebras/index.js';
import { gemini } from './gemini/index.js';
import { groq } from './groq/index.js';
import { livekit } from './livekit/index.js';
import { llamaCpp } from './llama-cpp/index.js';
import { ollama } from './ollama/index.js';
import { openai } from './openai/index.js';
import { openrouter } from './openrouter/index.js';
import type { Provider } from './provider.js';
import { vllm } from './vllm/index.js';

/** All providers. Each one listed here must pass the conformance suite. */
export const PROVIDERS: readonly Provider[] = [
  anthropic,
  cerebras,
  gemini,
  groq,
  livekit,
  llamaCpp,
  ollama,
  openai,
  openrouter,
  vllm,
];
