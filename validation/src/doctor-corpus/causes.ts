import type { SetUpChanges } from './set-up.js';

/** An injected cause in one or more strengths. */
export interface Cause {
  /** Id of the doctor's rule that has to find it. */
  rule: string;
  /** One case per strength. */
  strengths: readonly SetUpChanges[];
}

const straggler = (every: number, delayMs: number): SetUpChanges => ({
  turnsPerCall: 10,
  llm: { faults: { rules: [{ fault: { kind: 'straggler', delayMs }, every }] } },
});
const failing = (failoverAfterMs: number): SetUpChanges => ({
  llm: {
    failoverAfterMs,
    faults: { rules: [{ fault: { kind: 'no-headers' }, profile: 'primary', every: 2 }] },
  },
});
const voice = (fromMs: number, toMs: number): SetUpChanges => ({ tts: { firstByteMs: [fromMs, toMs] } });
const wait = (minDelayMs: number): SetUpChanges => ({ turn: { minDelayMs } });
const late = (fromMs: number, toMs: number): SetUpChanges => ({
  stt: { finalAfterMs: [fromMs, toMs], interimAfterMs: fromMs - 40 },
});
const hook = (tookMs: number, editsContext: boolean): SetUpChanges => ({
  turn: { hook: { tookMs, editsContext } },
});

/** The injected causes. Each strength is well above the doctor's reporting threshold and within what occurs in practice. */
export const CAUSES: readonly Cause[] = [
  { rule: 'endpointing-wait', strengths: [wait(900), wait(1500), { ...wait(1200), output: 'chat history' }] },
  {
    rule: 'additive-endpointing',
    strengths: [
      { turn: { mode: 'stt', minDelayMs: 500 }, stt: { finalAfterMs: [250, 700] } },
      { turn: { mode: 'stt', minDelayMs: 800 }, stt: { finalAfterMs: [200, 600] } },
    ],
  },
  {
    rule: 'stt-final-slow',
    strengths: [late(900, 1100), late(1300, 1700), { ...late(1000, 1300), output: 'chat history' }],
  },
  {
    rule: 'user-logic',
    strengths: [hook(450, false), hook(900, false), { ...hook(700, false), output: 'chat history' }],
  },
  { rule: 'speculation-context', strengths: [hook(12, true), hook(25, true)] },
  {
    rule: 'speculation-off',
    strengths: [
      {
        levers: { speculation: false },
        preemptiveGeneration: false,
        llm: { profile: 'gemini-2.5-flash' },
        turn: { minDelayMs: 400 },
      },
      { levers: { speculation: false }, preemptiveGeneration: false, turn: { minDelayMs: 420 } },
    ],
  },
  {
    rule: 'speculation-formatting',
    strengths: [
      { levers: { speculation: false }, stt: { isSpelledLate: true, finalAfterMs: [250, 300] } },
      {
        levers: { speculation: false },
        stt: { isSpelledLate: true, finalAfterMs: [260, 290] },
        llm: { profile: 'gemini-2.5-flash' },
      },
    ],
  },
  {
    rule: 'speculation-throttled',
    strengths: [
      {
        turnsPerCall: 10,
        stt: { interims: 'other at first' },
        speculation: { maxWastedTokensPerCall: 100 },
        llm: { profile: 'gemini-2.5-flash' },
        turn: { minDelayMs: 420 },
      },
    ],
  },
  {
    rule: 'preemptive-tts-off',
    strengths: [
      { levers: { preemptiveTts: false }, tts: { firstByteMs: [150, 200] }, turn: { minDelayMs: 420 } },
    ],
  },
  {
    rule: 'sentence-held',
    strengths: [
      { levers: { clause: false }, llm: { tokensPerSecond: 18 } },
      { levers: { clause: false }, llm: { tokensPerSecond: 30 } },
    ],
  },
  {
    rule: 'script-splitter',
    strengths: [
      { levers: { clause: false }, answers: 'Hindi', llm: { tokensPerSecond: 30 } },
      { levers: { clause: false }, answers: 'Hindi', llm: { tokensPerSecond: 50 } },
    ],
  },
  {
    rule: 'leading-silence',
    strengths: [
      { levers: { trimSilence: false }, tts: { silenceMs: 250 } },
      { levers: { trimSilence: false }, tts: { silenceMs: 450 } },
    ],
  },
  {
    rule: 'tts-first-byte',
    strengths: [voice(550, 700), voice(900, 1200), { ...voice(700, 800), output: 'chat history' }],
  },
  { rule: 'stragglers', strengths: [straggler(6, 2500), straggler(8, 4000)] },
  { rule: 'slow-failover', strengths: [failing(1500), failing(2500)] },
  {
    rule: 'cold-connection',
    strengths: [{ llm: { isColdEachTime: true, rttMs: 110 } }, { llm: { isColdEachTime: true, rttMs: 180 } }],
  },
  {
    rule: 'rate-limit',
    strengths: [
      {
        llm: {
          profile: 'groq-gpt-oss-120b',
          reasoningEffort: 'low',
          limits: [{ requestsPerMinute: 8, onExceeded: 'queue' }],
        },
        turnsPerCall: 16,
        calls: 1,
      },
    ],
  },
  {
    rule: 'broken-prefix',
    strengths: [
      { llm: { profile: 'gpt-4o-mini', changing: 'system prompt', promptTokens: 20_000 } },
      { llm: { profile: 'gpt-4.1', changing: 'system prompt', promptTokens: 40_000 } },
    ],
  },
  {
    rule: 'tool-order',
    strengths: [{ llm: { profile: 'gpt-4o-mini', changing: 'tools', promptTokens: 20_000 } }],
  },
  {
    rule: 'hidden-reasoning',
    strengths: [
      { llm: { profile: 'groq-gpt-oss-120b', reasoningEffort: 'high', tokensPerSecond: 60 } },
      { llm: { profile: 'gpt-5.4-mini', reasoningEffort: 'high', tokensPerSecond: 60 } },
    ],
  },
  { rule: 'tool-turns', strengths: [{ turn: { toolMs: 600 } }, { turn: { toolMs: 1500 } }] },
  {
    rule: 'first-turn',
    strengths: [
      {
        calls: 4,
        turnsPerCall: 4,
        llm: { faults: { rules: [{ fault: { kind: 'straggler', delayMs: 1200 }, nth: [1] }] } },
      },
    ],
  },
  { rule: 'event-loop-blocked', strengths: [{ turn: { blocked: { forMs: 260, everyMs: 420 } } }] },
  { rule: 'transport-leg', strengths: [{ turn: { transportMs: 350 } }, { turn: { transportMs: 600 } }] },
  {
    rule: 'ttft-range',
    strengths: [
      {
        llm: { profile: 'gemini-2.5-flash', faults: { rules: [{ fault: { kind: 'slowdown', factor: 3 } }] } },
      },
    ],
  },
  { rule: 'before-reply', strengths: [{ ...wait(1400), output: 'chat history without the caller' }] },
  { rule: 'model-retired', strengths: [{ llm: { asksRetired: true } }] },
];

/** Pairs of causes in different parts of a turn. The doctor must find both. */
export const PAIRS: readonly (readonly [string, string])[] = [
  ['endpointing-wait', 'tts-first-byte'],
  ['endpointing-wait', 'leading-silence'],
  ['user-logic', 'leading-silence'],
  ['user-logic', 'transport-leg'],
  ['stt-final-slow', 'leading-silence'],
  ['stt-final-slow', 'tts-first-byte'],
  ['sentence-held', 'tts-first-byte'],
  ['sentence-held', 'user-logic'],
  ['leading-silence', 'transport-leg'],
  ['tool-turns', 'endpointing-wait'],
  ['tool-turns', 'tts-first-byte'],
  ['hidden-reasoning', 'leading-silence'],
  ['hidden-reasoning', 'transport-leg'],
  ['slow-failover', 'user-logic'],
  ['cold-connection', 'leading-silence'],
  ['script-splitter', 'leading-silence'],
];

/** Pairs that were added later. */
export const MORE_PAIRS: readonly (readonly [string, string])[] = [
  ['speculation-off', 'leading-silence'],
  ['broken-prefix', 'tts-first-byte'],
  ['stragglers', 'leading-silence'],
  ['slow-failover', 'tts-first-byte'],
  ['cold-connection', 'user-logic'],
  ['script-splitter', 'transport-leg'],
  ['sentence-held', 'transport-leg'],
  ['tool-turns', 'leading-silence'],
  ['rate-limit', 'leading-silence'],
  ['ttft-range', 'tts-first-byte'],
  ['additive-endpointing', 'leading-silence'],
  ['stt-final-slow', 'user-logic'],
  ['endpointing-wait', 'user-logic'],
  ['model-retired', 'tts-first-byte'],
  ['first-turn', 'leading-silence'],
  ['tts-first-byte', 'transport-leg'],
];

/** Causes that are also visible in a chat history, in addition to those with a chat history among their strengths. */
export const VISIBLE_IN_HISTORY: readonly string[] = [
  'additive-endpointing',
  'speculation-off',
  'sentence-held',
  'script-splitter',
  'stragglers',
  'first-turn',
  'ttft-range',
];
