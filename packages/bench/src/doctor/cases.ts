import { hash32 } from '@firstword/emulator';
import { CAUSES, PAIRS } from './causes.js';
import { type Difference, type SetUp, setUpOf } from './set-up.js';

/** One case of the corpus: what was wrong, by the rules that have to find it, and how it was made. */
export interface CorpusCase {
  name: string;
  /** Empty for a healthy one. */
  causes: readonly string[];
  setUp: SetUp;
}

/** Nothing wrong, in the ways in which agents differ. */
const HEALTHY_WAYS: Readonly<Record<string, Difference>> = {
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

const strengthsOf = (rule: string): readonly Difference[] =>
  CAUSES.find((cause) => cause.rule === rule)!.strengths;

function paired([one, other]: readonly [string, string]): CorpusCase {
  const [a, b] = [strengthsOf(one)[0]!, strengthsOf(other)[0]!];
  const turn = { ...a.turn, ...b.turn };
  const both: Difference = {
    ...a,
    ...b,
    turn,
    llm: { ...a.llm, ...b.llm },
    levers: { ...a.levers, ...b.levers },
  };
  const ears = { ...a.ears, ...b.ears };
  const mouth = { ...a.voice, ...b.voice };
  return {
    name: `${one} and ${other}`,
    causes: [one, other],
    setUp: setUpOf({ ...both, ears, voice: mouth }),
  };
}

/** The corpus, in order. */
export const CASES: readonly CorpusCase[] = [
  ...CAUSES.flatMap(({ rule, strengths }) =>
    strengths.map((strength, at) => ({
      name: `${rule} ${at + 1}`,
      causes: [rule],
      setUp: setUpOf(strength),
    })),
  ),
  ...PAIRS.map(paired),
  ...Object.entries(HEALTHY_WAYS).map(([name, way]) => ({
    name: `healthy, ${name}`,
    causes: [],
    setUp: setUpOf(way),
  })),
];

/**
 * Whether a case is one of the third that rules are not built on: by the hash of its name, fixed before any case was made.
 * Nobody looks at what the doctor says of these, one by one: only at their totals.
 */
export const isHeldOut = ({ name }: Pick<CorpusCase, 'name'>): boolean => hash32(name) % 3 === 0;

/** Its file's name without its ending. */
export const fileOf = ({ name }: Pick<CorpusCase, 'name'>): string => name.replace(/[^a-zA-Z0-9]+/g, '-');

/** A seed of its own. */
export const seedOf = ({ name }: Pick<CorpusCase, 'name'>): number => (hash32(name) % 1_000_000) + 1;
