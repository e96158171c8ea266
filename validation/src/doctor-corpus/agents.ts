import type { Difference } from './set-up.js';

/** Nothing wrong, in the ways in which agents differ. */
export const HEALTHY_WAYS: Readonly<Record<string, Difference>> = {
  plain: {},
  'one long call': { calls: 1, turnsPerCall: 12 },
  'short calls': { calls: 4, turnsPerCall: 3 },
  'fast voice': { voice: { firstByteMs: [30, 50] } },
  'slower voice': { voice: { firstByteMs: [110, 150] } },
  cerebras: { llm: { profile: 'cerebras-kimi-k2.6', tokensPerSecond: 1000 } },
  'vllm at 8': { llm: { profile: 'vllm-qwen2.5-7b-c8', tokensPerSecond: 60 } },
  'vllm at 64': { llm: { profile: 'vllm-qwen2.5-7b-c64', tokensPerSecond: 60 } },
  'groq, low effort': { llm: { profile: 'groq-gpt-oss-120b', reasoningEffort: 'low', tokensPerSecond: 500 } },
  'later finals': { ears: { finalAfterMs: [200, 260] } },
  'soon interims': { ears: { interimAfterMs: 20 } },
  'shorter delay': { turn: { minDelayMs: 250 } },
  'a near provider': { llm: { rttMs: 20 } },
  'a quick hook': { turn: { hook: { tookMs: 2, editsContext: false } } },
  'a near caller': { turn: { transportMs: 60 } },
  Hindi: { answers: 'Hindi', llm: { tokensPerSecond: 200 } },
  'voice with a little silence': { voice: { silenceMs: 120 } },
  'other tokens': { llm: { tokensPerSecond: 80 } },
};

/** What is kept of a healthy call, where that is not Firstword's records. */
export const SEEN_BY: Readonly<Record<string, Difference>> = {
  'by its history': { kept: 'chat history' },
  'by half its history': { kept: 'chat history without the caller' },
};

/** Other healthy agents that causes are injected into, so that rules do not learn one agent by heart. */
export const OTHER_AGENTS: Readonly<Record<string, Difference>> = {
  'at cerebras': {
    llm: { profile: 'cerebras-kimi-k2.6', tokensPerSecond: 1000 },
    voice: { firstByteMs: [110, 150] },
    ears: { finalAfterMs: [200, 260] },
  },
  'at a vllm': {
    calls: 3,
    turnsPerCall: 5,
    llm: { profile: 'vllm-qwen2.5-7b-c64', tokensPerSecond: 60 },
    ears: { interimAfterMs: 20 },
    turn: { transportMs: 60 },
  },
};
