import { setTimeout as sleep } from 'node:timers/promises';
import { LANGUAGES, startEmulatorProcess } from '@firstword/provider-bench';
import {
  ascending,
  oneOf,
  percentile,
  percentileInterval,
  resamplesOf,
  seededRandom,
} from '@firstword/turn/statistics';
import type { BenchTask, ProviderBenchFigure } from './figure.js';
import { measureSamples } from './measure-samples.js';
import { PlainClient } from './plain-client.js';

const PER_SECOND = 20;
/** Requests of one arm before the next arm has its turn: five seconds. */
const BLOCK = 100;
const TARGET_MS = 0.1;
/** Interval of a timer that keeps the CPU from idling, as the bench's event loop monitor does, ms. An idle CPU responds later. */
const AWAKE_EVERY_MS = 5;

/** A prompt of the same length as in the other arm. */
function promptOf(characters: number): { role: string; content: string }[] {
  const lines: string[] = [];
  for (let n = 1, sum = 0; sum < characters; n += 1)
    sum += lines[lines.push(LANGUAGES[0]!.rule(n)) - 1]!.length + 1;
  return [
    { role: 'system', content: lines.join('\n') },
    { role: 'user', content: LANGUAGES[0]!.call[0]!.caller },
  ];
}

/** Sends a block on the same schedule as the bench: each request at a random point of its own time slot. */
async function plainBlock(
  plain: PlainClient,
  messages: { role: string; content: string }[],
  options: { awake: boolean },
): Promise<number[]> {
  const stretchMs = 1000 / PER_SECOND;
  const awake = options.awake ? setInterval(() => {}, AWAKE_EVERY_MS) : undefined;
  const beganMs = performance.now();
  const asked: Promise<number>[] = [];
  for (let n = 0; n < BLOCK; n += 1) {
    const dueMs = beganMs + (n + Math.random()) * stretchMs;
    await sleep(Math.max(0, dueMs - performance.now()));
    asked.push(plain.ask(messages));
  }
  return Promise.all(asked).finally(() => clearInterval(awake));
}

const at = (values: readonly number[], percent: number) => percentile(ascending(values), percent);

/** Difference of a percentile between two arms, with a bootstrap interval that resamples each arm. */
function added(
  ours: readonly number[],
  plain: readonly number[],
  percent: number,
): Omit<ProviderBenchFigure, 'name'> {
  const random = seededRandom(1);
  const draw = (values: readonly number[]) => values.map(() => oneOf(values, random));
  const drawn = Array.from(
    { length: resamplesOf(ours.length) },
    () => at(draw(ours), percent) - at(draw(plain), percent),
  );
  return {
    value: at(ours, percent) - at(plain, percent),
    ...percentileInterval(drawn),
    n: ours.length,
  };
}

/**
 * Difference between the time to first content measured by the provider bench and by plain undici, in alternating blocks.
 * The target applies to undici with a timer that keeps the CPU from idling, as the bench does; otherwise the bench would
 * have an advantage.
 */
export async function overhead({ requests }: BenchTask): Promise<ProviderBenchFigure[]> {
  const emulator = await startEmulatorProcess({ promptCache: false });
  const baseUrl = emulator.urlFor('instant');
  const plain = new PlainClient(baseUrl);
  const [ours, theirs, theirsAwake]: [number[], number[], number[]] = [[], [], []];
  const ourTurn = async () => {
    const targets = [`custom:instant@${baseUrl}`];
    const samples = await measureSamples({ targets, turns: BLOCK, perSecond: PER_SECOND, historyTurns: 1 });
    ours.push(...samples.map(({ phases }) => phases.firstContentMs!));
  };
  try {
    const [probe] = await measureSamples({ targets: [`custom:instant@${baseUrl}`], turns: 1 });
    const messages = promptOf(probe!.promptCharacters);
    const theirTurn = async () => void theirs.push(...(await plainBlock(plain, messages, { awake: false })));
    const awakeTurn = async () =>
      void theirsAwake.push(...(await plainBlock(plain, messages, { awake: true })));
    const turns = [ourTurn, theirTurn, awakeTurn];
    // The first blocks warm up the code of all arms and are discarded.
    for (const turn of turns) await turn();
    for (const arm of [ours, theirs, theirsAwake]) arm.length = 0;
    for (let block = 0; block * BLOCK < requests; block += 1) {
      for (let at = 0; at < turns.length; at += 1) await turns[(block + at) % turns.length]!();
      process.stderr.write(`\r  ${(block + 1) * BLOCK} of ${requests} requests per arm`);
    }
    process.stderr.write('\n');
  } finally {
    await plain.close();
    emulator.close();
  }
  return [
    { name: 'plain undici, p50', value: at(theirs, 50), n: theirs.length },
    { name: 'plain undici with a timer, p50', value: at(theirsAwake, 50), n: theirsAwake.length },
    { name: 'added by the bench, p50', ...added(ours, theirsAwake, 50), target: TARGET_MS },
    { name: 'added by the bench, p95', ...added(ours, theirsAwake, 95) },
    { name: 'added by the bench to undici without a timer, p50', ...added(ours, theirs, 50) },
  ];
}
