import { startEmulator } from '@firstword/emulator';
import { openAiCompatible, router } from '@firstword/llm';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { BenchFigure } from './figures.js';
import type { Bench, BenchRun } from './run.js';

const STEADY = 'cerebras-kimi-k2.6';
const FAST = 'groq-gpt-oss-120b';
/** Requests before the fast one slows down, and at most after it. */
const BEFORE = 40;
const AFTER = 20;
/** The faster model counts as found when this many consecutive requests go to it first. */
const IN_A_ROW = 10;

/** Trials at a time. More would disturb each other: they must distinguish differences of a tenth of a second. */
const AT_A_TIME = 4;

interface Trial {
  learned: number;
  moved: number;
}

/**
 * Gives a new router the slower model first. Counts the requests until it prefers the faster one, and until it leaves
 * that one when it slows down.
 */
async function trial(seed: number, run: BenchRun): Promise<Trial | undefined> {
  const emulators = await Promise.all([
    startEmulator({ seed, profile: STEADY, tokensPerSecond: 1e6 }),
    startEmulator({ seed: seed + 1, profile: FAST, tokensPerSecond: 1e6 }),
  ]);
  const [steady, fast] = emulators.map(({ url, profile: { name } }) =>
    openAiCompatible({ provider: name, model: name, baseUrl: url }),
  );
  const route = router({ models: [steady!, fast!], order: 'fastest' });
  await route.warm();
  /** The provider that was asked first. */
  const ask = async (turn: number) => {
    const chat = route.chat(
      { messages: [{ role: 'user', content: `Question ${turn}` }] },
      { signal: run.signal },
    );
    for await (const event of chat) void event;
    return chat.trace.attempts![0]!.provider;
  };
  try {
    const firsts: string[] = [];
    for (let turn = 0; turn < BEFORE; turn += 1) firsts.push(await ask(turn));
    const learned = firsts.findIndex((_, i) =>
      firsts.slice(i, i + IN_A_ROW).every((first) => first === FAST),
    );
    emulators[1]!.setFaults({ rules: [{ fault: { kind: 'slowdown', factor: 5 } }] });
    let moved = 0;
    while (moved < AFTER && (await ask(BEFORE + moved)) === FAST) moved += 1;
    return { learned: learned < 0 ? BEFORE : learned, moved };
  } catch (error) {
    if (run.signal.aborted) return undefined;
    throw error;
  } finally {
    await route.close();
    await Promise.all(emulators.map((emulator) => emulator.close()));
  }
}

/** Each trial uses a new router without measurements. */
async function runLearning(run: BenchRun): Promise<BenchFigure[]> {
  const trials = run.quick ? 8 : 24;
  let begun = 0;
  const results: Trial[] = [];
  const worker = async () => {
    while (begun < trials && !run.signal.aborted) {
      begun += 1;
      const result = await trial(run.seed + 2 * begun, run);
      if (result) results.push(result);
      run.progress(results.length / trials);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  if (results.length === 0) return [];
  const most = (name: string, counts: number[], target: number): BenchFigure => {
    const sorted = ascending(counts);
    console.log(`  ${name}, each trial: ${sorted.join(' ')}`);
    const note = `median ${percentile(sorted, 50)}, worst ${sorted.at(-1)}`;
    const measured = { value: percentile(sorted, 95) };
    return { name, target, measured, unit: 'requests', digits: 0, n: counts.length, note };
  };
  const learned = results.map((result) => result.learned);
  const moved = results.map((result) => result.moved);
  return [
    most('before the faster provider is first, p95', learned, 20),
    most('before it is left once five times slower, p95', moved, 5),
  ];
}

/** How fast `order: 'fastest'` finds the faster provider. */
export const learning: Bench = {
  about:
    'order fastest: requests until it knows the faster provider, and until it leaves one that slows down',
  seconds: [50, 17],
  run: runLearning,
};
