import type { EmulatorOptions, FaultPlan } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible, type Router, router } from '@firstword/llm';
import { emulateApart } from './arms.js';
import type { BenchFigure } from './figures.js';
import type { Bench, BenchRun } from './run.js';
import { estimate, percentileOf, ratio, show } from './stats.js';

/** One straggler of 5 s in a hundred requests, on the primary only. */
const STRAGGLERS: FaultPlan = {
  rules: [{ fault: { kind: 'straggler', delayMs: 5_000 }, probability: 0.01 }],
};
/** Long timeouts: a straggler's own answer may take 11.5 s, and an arm without a backup waits for it. */
const PATIENT = { headersMs: 60_000, firstContentMs: 60_000 };
/** Warm-up requests, sent one after another. */
const LEARNING = 20;

interface Arm {
  name: string;
  model: LanguageModel;
  /** Indexed by turn. */
  ttftMs: (number | undefined)[];
}

/**
 * The two providers of one arm. Their answers are as short as possible after the first content, which is all that is
 * measured, so the machine's time goes into the race.
 */
const pairOf = (seed: number): EmulatorOptions[] => [
  { seed, profile: 'gpt-4o-mini', faults: STRAGGLERS, tokensPerSecond: 1e6 },
  { seed: seed + 1, profile: 'groq-gpt-oss-120b', tokensPerSecond: 1e6 },
];

const ARMS: Record<string, (slow: LanguageModel, fast: LanguageModel) => LanguageModel> = {
  'gpt-4o-mini alone': (slow) => slow,
  'groq alone': (_slow, fast) => fast,
  'router, 10 %': (slow, fast) => router({ models: [slow, fast] }),
  'router, 25 %': (slow, fast) => router({ models: [slow, fast], hedge: { budget: 0.25 } }),
  'router, fastest': (slow, fast) => router({ models: [slow, fast], order: 'fastest' }),
};

async function startArms(seed: number): Promise<{ arms: Arm[]; close: () => void }> {
  const names = Object.keys(ARMS);
  const { urls, close } = await emulateApart(names.flatMap(() => pairOf(seed)));
  const at = (provider: string, baseUrl: string) =>
    openAiCompatible({ provider, model: provider, baseUrl, timeouts: PATIENT });
  const arms = names.map((name, i) => ({
    name,
    model: ARMS[name]!(at('gpt-4o-mini', urls[2 * i]!), at('groq-gpt-oss-120b', urls[2 * i + 1]!)),
    ttftMs: [],
  }));
  return { arms, close };
}

async function ask(arm: Arm, turn: number, signal: AbortSignal): Promise<void> {
  // Different words each time, so that no requests are coalesced and no prompt cache is used.
  const messages = [{ role: 'user' as const, content: `Call ${turn}: at what time do you open?` }];
  const chat = arm.model.chat({ messages }, { signal });
  try {
    for await (const event of chat) void event;
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  const { firstContent, llmRequested } = chat.trace.marks;
  if (turn >= LEARNING) arm.ttftMs[turn - LEARNING] = firstContent! - llmRequested!;
}

const extraShare = (model: LanguageModel) => {
  const { requests, extraRequests } = (model as Router).stats();
  return extraRequests / requests;
};

/** What an ideal hedger would have reached, with the exact quantile, no refusals and the same samples. */
function perfectRatio(alone: number[], backup: number[], budget: number): number {
  const delayMs = percentileOf(alone, 100 * (1 - budget));
  const hedged = alone.map((ms, i) => (ms > delayMs ? Math.min(ms, delayMs + backup[i]!) : ms));
  return percentileOf(hedged, 99) / percentileOf(alone, 99);
}

function figuresOf(arms: Arm[], run: BenchRun): BenchFigure[] {
  // Only turns that every arm has answered, so that the arms are compared on the same ones.
  const turns = arms[0]!.ttftMs
    .map((_, turn) => turn)
    .filter((turn) => arms.every((arm) => arm.ttftMs[turn]));
  const n = turns.length;
  if (n === 0) return [];
  const times = arms.map(({ ttftMs }) => turns.map((turn) => ttftMs[turn]!));
  const [alone, groq, ten, quarter, fastest] = times as [number[], number[], number[], number[], number[]];
  console.log(`  n = ${n} an arm, seed ${run.seed}, emulated (aiewf-eval 2026 figures), p50  p95  p99 ms`);
  for (const [i, { name }] of arms.entries()) {
    const [p50, p95, p99] = [50, 95, 99].map((percent) => show(estimate(times[i]!, percent), 0));
    console.log(`  ${name.padEnd(18)} ${p50}  ${p95}  ${p99}`);
  }
  const compared = (
    name: string,
    arm: number[],
    base: number[],
    percent: number,
    target: number,
  ): BenchFigure => ({
    name,
    target,
    measured: ratio(arm, base, percent, { paired: true }),
    unit: '',
    digits: 2,
    n,
  });
  const spent = (name: string, arm: Arm, target: number): BenchFigure => ({
    name,
    target,
    measured: { value: 100 * extraShare(arm.model) },
    unit: '%',
    digits: 1,
    n,
  });
  const perfect = (budget: number) => ({
    note: `perfect hedger ${perfectRatio(alone, groq, budget).toFixed(2)}`,
  });
  return [
    { ...compared('budget 10 %, p99 ÷ alone', ten, alone, 99, 0.38), ...perfect(0.1) },
    spent('budget 10 %, extra requests', arms[2]!, 11),
    // "No worse", with a tolerance for the difference between two timers.
    compared('budget 10 %, p50 ÷ alone', ten, alone, 50, 1.02),
    {
      ...compared('budget 25 %, p99 ÷ alone', quarter, alone, 99, 0.27),
      ...perfect(0.25),
    },
    spent('budget 25 %, extra requests', arms[3]!, 26),
    compared('budget 25 %, p50 ÷ alone', quarter, alone, 50, 1.02),
    compared('fastest, p50 ÷ faster alone', fastest, groq, 50, 1.1),
    compared('fastest, p99 ÷ faster alone', fastest, groq, 99, 1.1),
    spent('fastest, extra requests', arms[4]!, 11),
  ];
}

/**
 * Each arm has its own emulators with the same seeds and asks each question at the same moment as the others. Many
 * calls run in parallel, as in an agent process or a gateway with several callers.
 */
async function runRace(run: BenchRun): Promise<BenchFigure[]> {
  const requests = run.requests ?? (run.quick ? 1_200 : 5_000);
  const calls = run.calls ?? 24;
  const { arms, close } = await startArms(run.seed);
  await Promise.all(arms.map(({ model }) => model.warm()));
  let turn = 0;
  const call = async (untilTurn: number) => {
    while (turn < untilTurn && !run.signal.aborted) {
      const mine = turn;
      turn += 1;
      run.progress(turn / (LEARNING + requests));
      await Promise.all(arms.map((arm) => ask(arm, mine, run.signal)));
    }
  };
  try {
    await call(LEARNING);
    await Promise.all(Array.from({ length: calls }, () => call(LEARNING + requests)));
    return figuresOf(arms, run);
  } finally {
    await Promise.all(arms.map(({ model }) => model.close()));
    close();
  }
}

/** The router with stragglers, compared with its models alone. */
export const race: Bench = {
  about:
    'stragglers on gpt-4o-mini, Groq behind it: p99 and extra requests at 10 % and 25 %, and order fastest',
  seconds: [185, 42],
  run: runRace,
};
