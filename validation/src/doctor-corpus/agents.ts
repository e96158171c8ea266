import type { SetUpChanges } from './set-up.js';

/**
 * Healthy agents that differ in one property. The names must not change: a case's file, seed and held-out status are
 * derived from them.
 */
export const HEALTHY_VARIANTS: Readonly<Record<string, SetUpChanges>> = {
  plain: {},
  'one long call': { calls: 1, turnsPerCall: 12 },
  'short calls': { calls: 4, turnsPerCall: 3 },
  'fast voice': { tts: { firstByteMs: [30, 50] } },
  'slower voice': { tts: { firstByteMs: [110, 150] } },
  cerebras: { llm: { profile: 'cerebras-kimi-k2.6', tokensPerSecond: 1000 } },
  'vllm at 8': { llm: { profile: 'vllm-qwen2.5-7b-c8', tokensPerSecond: 60 } },
  'vllm at 64': { llm: { profile: 'vllm-qwen2.5-7b-c64', tokensPerSecond: 60 } },
  'groq, low effort': { llm: { profile: 'groq-gpt-oss-120b', reasoningEffort: 'low', tokensPerSecond: 500 } },
  'later finals': { stt: { finalAfterMs: [200, 260] } },
  'soon interims': { stt: { interimAfterMs: 20 } },
  'shorter delay': { turn: { minDelayMs: 250 } },
  'a near provider': { llm: { rttMs: 20 } },
  'a quick hook': { turn: { hook: { tookMs: 2, editsContext: false } } },
  'a near caller': { turn: { transportMs: 60 } },
  Hindi: { answers: 'Hindi', llm: { tokensPerSecond: 200 } },
  'voice with a little silence': { tts: { silenceMs: 120 } },
  'other tokens': { llm: { tokensPerSecond: 80 } },
};

/** Healthy cases whose data is a chat history instead of turn records. */
export const HISTORY_OUTPUTS: Readonly<Record<string, SetUpChanges>> = {
  'by its history': { output: 'chat history' },
  'by half its history': { output: 'chat history without the caller' },
};

/** Other agents into which causes are injected, so that the rules are not fitted to one agent. */
export const OTHER_AGENTS: Readonly<Record<string, SetUpChanges>> = {
  'at cerebras': {
    llm: { profile: 'cerebras-kimi-k2.6', tokensPerSecond: 1000 },
    tts: { firstByteMs: [110, 150] },
    stt: { finalAfterMs: [200, 260] },
  },
  'at a vllm': {
    calls: 3,
    turnsPerCall: 5,
    llm: { profile: 'vllm-qwen2.5-7b-c64', tokensPerSecond: 60 },
    stt: { interimAfterMs: 20 },
    turn: { transportMs: 60 },
  },
};
