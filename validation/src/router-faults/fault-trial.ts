import type { ChatRequest, LanguageModel, Timeouts } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import type { FaultCase } from './faults.js';
import { type Heard, listen } from './listen.js';
import { type Pair, startPair } from './pair.js';

/** What every arm is asked. */
export const QUESTION = 'At what time do you open?';

/** Two models made into one that answers, in some way or other. */
export interface FaultArm {
  name: string;
  timeouts?: Partial<Timeouts>;
  /** Starts one request over a pair that has never been asked before. */
  ask(pair: Pair, signal: AbortSignal): AsyncIterable<string>;
}

/** One fault, one seed: what each arm made of it. */
export interface FaultTrial {
  fault: string;
  seed: number;
  /** The backup alone, healthy, to its first text, ms. */
  backupMs: number;
  /** What either model says when it is well. */
  expected: string;
  arms: Record<string, Heard>;
}

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: QUESTION }] };

async function* textsOf(model: LanguageModel, signal: AbortSignal): AsyncGenerator<string> {
  for await (const event of model.chat(REQUEST, { signal })) if (event.type === 'text') yield event.text;
}

async function withPair<T>(
  options: Parameters<typeof startPair>[0],
  use: (pair: Pair) => Promise<T>,
): Promise<T> {
  const pair = await startPair(options);
  try {
    return await use(pair);
  } finally {
    await pair.close();
  }
}

/**
 * Puts one fault to every arm at the same moment, each on emulators of its own with the same seed, and the same question
 * to the healthy backup alone, for its words and its time.
 */
export async function runFaultTrial(options: {
  case: FaultCase;
  seed: number;
  arms: readonly FaultArm[];
  patienceMs: number;
  profiles?: { primary: string; backup: string };
}): Promise<FaultTrial> {
  const { case: faultCase, seed, arms, patienceMs, profiles } = options;
  const shared = { seed, ...(profiles && { profiles }) };
  const hear = (ask: (signal: AbortSignal) => AsyncIterable<string>) =>
    listen({ ask, patienceMs, clock: systemClock });
  const [reference, ...heard] = await Promise.all([
    withPair(shared, ({ backup }) => hear((signal) => textsOf(backup, signal))),
    ...arms.map(({ ask, timeouts }) =>
      withPair({ ...shared, fault: faultCase.fault, ...(timeouts && { timeouts }) }, (pair) =>
        hear((signal) => ask(pair, signal)),
      ),
    ),
  ]);
  return {
    fault: faultCase.name,
    seed,
    backupMs: reference!.firstTextMs!,
    expected: reference!.text,
    arms: Object.fromEntries(arms.map(({ name }, i) => [name, heard[i]!])),
  };
}
