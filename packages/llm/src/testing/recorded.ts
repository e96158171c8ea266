import { readFileSync } from 'node:fs';
import type { Usage } from '../chat.js';
import type { ProviderTime } from '../trace.js';

/** A recorded stream and what it should be read as. */
export interface RecordedStream {
  provider: string;
  /** File name in `recorded/`. */
  file: string;
  /** Where the event format is documented; the texts are our own. Checked November 2026. */
  source: string;
  expected: {
    text: string;
    reasoning?: string;
    calls?: { name: string; arguments: string }[];
    finish: string;
    usage?: Usage;
    providerTime?: ProviderTime;
    serviceTier?: string;
    servedBy?: string;
  };
}

const CALLS = [
  { name: 'find_table', arguments: '{"people":4}' },
  { name: 'opening_hours', arguments: '{}' },
];

export const RECORDED_STREAMS: readonly RecordedStream[] = [
  {
    provider: 'openai',
    file: 'openai.sse',
    source: 'platform.openai.com/docs/api-reference/chat-streaming',
    expected: {
      text: 'We open at nine – नौ बजे.',
      finish: 'stop',
      usage: { promptTokens: 1_536, completionTokens: 9, cachedTokens: 1_408, reasoningTokens: 0 },
      serviceTier: 'priority',
    },
  },
  {
    provider: 'openai',
    file: 'openai-tools.sse',
    source: 'platform.openai.com/docs/guides/function-calling (streaming)',
    expected: { text: '', calls: CALLS, finish: 'tool_calls' },
  },
  {
    provider: 'azure',
    file: 'azure.sse',
    source: 'learn.microsoft.com/azure/ai-foundry/openai/concepts/content-streaming',
    expected: {
      text: 'We open at nine.',
      finish: 'stop',
      usage: { promptTokens: 1_536, completionTokens: 7, cachedTokens: 1_408, reasoningTokens: 0 },
    },
  },
  {
    provider: 'bedrock',
    file: 'bedrock.sse',
    source:
      'docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html, model-parameters-openai.html',
    expected: {
      text: 'We open at nine.',
      reasoning: 'hours asked',
      finish: 'stop',
      usage: { promptTokens: 74, completionTokens: 17 },
    },
  },
  {
    provider: 'groq',
    file: 'groq.sse',
    source: 'console.groq.com/docs/api-reference, /docs/prompt-caching, /docs/service-tiers',
    expected: {
      text: 'We open at nine.',
      reasoning: 'hours asked',
      finish: 'stop',
      usage: { promptTokens: 920, completionTokens: 14, cachedTokens: 768, reasoningTokens: 5 },
      providerTime: { queueMs: 18, prefillMs: 21, totalMs: 51 },
      serviceTier: 'on_demand',
    },
  },
  {
    provider: 'cerebras',
    file: 'cerebras.sse',
    source: 'inference-docs.cerebras.ai/api-reference/chat-completions, /capabilities/service-tiers',
    expected: {
      text: 'We open at nine.',
      reasoning: 'hours asked',
      finish: 'stop',
      usage: { promptTokens: 920, completionTokens: 12, cachedTokens: 896 },
      providerTime: { queueMs: 0.4, prefillMs: 6, totalMs: 16.4 },
      serviceTier: 'default',
    },
  },
  {
    provider: 'openrouter',
    file: 'openrouter.sse',
    source: 'openrouter.ai/docs/use-cases/usage-accounting, /docs/api-reference/streaming',
    expected: {
      text: 'We open at nine.',
      finish: 'stop',
      usage: {
        promptTokens: 920,
        completionTokens: 7,
        cachedTokens: 512,
        cacheWriteTokens: 128,
        reasoningTokens: 0,
        costUsd: 0.000142,
      },
      servedBy: 'Groq',
    },
  },
  {
    provider: 'vllm',
    file: 'vllm.sse',
    source: 'github.com/vllm-project/vllm/pull/46768 (docs/features/per_request_metrics.md)',
    expected: {
      text: 'We open at nine.',
      reasoning: 'hours asked',
      finish: 'stop',
      usage: { promptTokens: 920, completionTokens: 12, cachedTokens: 912 },
      providerTime: { queueMs: 3.25, prefillMs: 41.5 },
    },
  },
  {
    provider: 'llama.cpp',
    file: 'llama-cpp.sse',
    source: 'a response of llama.cpp quoted in github.com/vllm-project/vllm/issues/40076',
    expected: {
      text: 'We open at nine.',
      finish: 'stop',
      usage: { promptTokens: 68, completionTokens: 7, cachedTokens: 60 },
      providerTime: { prefillMs: 43.2, totalMs: 110 },
    },
  },
  {
    provider: 'ollama',
    file: 'ollama.sse',
    source: 'docs.ollama.com/openai',
    expected: {
      text: 'We open at nine.',
      finish: 'stop',
      usage: { promptTokens: 31, completionTokens: 7 },
    },
  },
  {
    provider: 'anthropic',
    file: 'anthropic.sse',
    source: 'platform.claude.com/docs/en/build-with-claude/streaming, /docs/en/api/service-tiers',
    expected: {
      text: 'Let me look – ठीक है.',
      reasoning: 'hours asked',
      calls: [{ name: 'find_table', arguments: '{"people": 4}' }],
      finish: 'tool_calls',
      usage: { promptTokens: 4_305, completionTokens: 42, cachedTokens: 4_096, cacheWriteTokens: 188 },
      serviceTier: 'standard',
    },
  },
  {
    provider: 'gemini',
    file: 'gemini-3.sse',
    source: 'ai.google.dev/gemini-api/docs/thought-signatures, /docs/api/generate-content',
    expected: {
      text: 'Let me look.',
      reasoning: 'hours asked',
      calls: CALLS,
      finish: 'tool_calls',
      usage: { promptTokens: 5_210, completionTokens: 52, cachedTokens: 4_096, reasoningTokens: 31 },
    },
  },
];

export const recordedBytes = ({ file }: RecordedStream): Buffer =>
  readFileSync(new URL(`./recorded/${file}`, import.meta.url));
