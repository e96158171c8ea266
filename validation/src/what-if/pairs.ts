import { mergeChanges, type SetUp, type SetUpChanges, setUpOf } from '../doctor-corpus/set-up.js';

/** One lever and one profile: the agent without the lever, the same agent with it, and the arguments of what-if. */
export interface WhatIfPair {
  lever: string;
  profile: string;
  /** Values of `firstword what-if --set`. */
  set: readonly string[];
  off: SetUp;
  on: SetUp;
}

const TURNS_PER_CALL = 9;
const PACE = 100;
/** LiveKit's defaults without preemptive generation: nothing starts before the turn is committed. */
const LEVERS_OFF: SetUpChanges = {
  levers: { speculation: false, preemptiveTts: false, clause: false, trimSilence: false },
  preemptiveGeneration: false,
};
const LONG_DELAY: SetUpChanges = { turn: { minDelayMs: 600 } };

function pair(options: {
  lever: string;
  profile: string;
  set: readonly string[];
  base?: SetUpChanges;
  off?: SetUpChanges;
  on: SetUpChanges;
}): WhatIfPair {
  const { lever, profile, set, base = {}, off = {}, on } = options;
  const common: SetUpChanges = {
    turnsPerCall: TURNS_PER_CALL,
    llm: { profile, tokensPerSecond: PACE, isByQuestion: true },
  };
  const made = (own: SetUpChanges) => setUpOf(mergeChanges(LEVERS_OFF, common, base, own));
  return { lever, profile, set, off: made(off), on: made(on) };
}

const hedge = (profile: string, other: string, afterMs: number): WhatIfPair =>
  pair({
    lever: 'hedge',
    profile,
    set: [`hedge=${other}@${afterMs}ms`],
    off: { llm: { hedge: { profile: other } } },
    on: { llm: { hedge: { profile: other, afterMs } } },
  });

const swap = (profile: string, other: string): WhatIfPair =>
  pair({ lever: 'swap', profile, set: [`swap=${other}`], on: { llm: { profile: other } } });

const warm = (profile: string, rttMs: number): WhatIfPair =>
  pair({
    lever: 'warm',
    profile,
    set: ['warm'],
    base: { llm: { rttMs } },
    off: { llm: { isColdEachTime: true } },
    on: {},
  });

const cached = (profile: string, promptTokens: number): WhatIfPair =>
  pair({
    lever: 'cached-prefix',
    profile,
    set: ['cached-prefix=1'],
    base: { llm: { promptTokens } },
    off: { llm: { changing: 'system prompt' } },
    on: {},
  });

const lever = (
  name: string,
  profile: string,
  options: { set?: string; base?: SetUpChanges; on: SetUpChanges },
): WhatIfPair =>
  pair({
    lever: name,
    profile,
    set: [options.set ?? name],
    ...(options.base ? { base: options.base } : {}),
    on: options.on,
  });

const SPECULATING = mergeChanges(LONG_DELAY, { levers: { speculation: true }, preemptiveGeneration: true });

/** All pairs. The interims of these callers equal their final words, so every speculation is kept. */
export const WHAT_IF_PAIRS: readonly WhatIfPair[] = [
  hedge('gpt-4o-mini', 'gpt-4.1', 800),
  hedge('gpt-4.1', 'cerebras-kimi-k2.6', 600),
  hedge('vllm-qwen2.5-7b-c512', 'vllm-qwen2.5-7b-c64', 900),
  hedge('claude-haiku-4.5', 'gemini-2.5-flash', 700),
  swap('gpt-4o-mini', 'cerebras-kimi-k2.6'),
  swap('claude-haiku-4.5', 'gemini-2.5-flash'),
  swap('vllm-qwen2.5-7b-c512', 'vllm-qwen2.5-7b-c256'),
  warm('vllm-qwen2.5-7b-c64', 180),
  warm('gemini-2.5-flash', 120),
  cached('gpt-4o-mini', 20_000),
  cached('gpt-4.1', 40_000),
  lever('speculation', 'gpt-4o-mini', { set: 'speculation=1', base: LONG_DELAY, on: SPECULATING }),
  lever('speculation', 'cerebras-kimi-k2.6', { set: 'speculation=1', base: LONG_DELAY, on: SPECULATING }),
  lever('preemptive-tts', 'vllm-qwen2.5-7b-c64', {
    base: mergeChanges(SPECULATING, { tts: { firstByteMs: [150, 250] } }),
    on: { levers: { preemptiveTts: true } },
  }),
  lever('preemptive-tts', 'gemini-2.5-flash', {
    base: mergeChanges(SPECULATING, { tts: { firstByteMs: [150, 250] } }),
    on: { levers: { preemptiveTts: true } },
  }),
  lever('clause', 'cerebras-kimi-k2.6', { on: { levers: { clause: true } } }),
  lever('clause', 'gpt-4o-mini', { on: { levers: { clause: true } } }),
  lever('trim-silence', 'vllm-qwen2.5-7b-c64', {
    base: { tts: { silenceMs: 300 } },
    on: { levers: { trimSilence: true } },
  }),
];

/** Name of a pair for display. */
export const nameOf = ({ set, profile }: WhatIfPair): string => `${set.join(' + ')} × ${profile}`;
