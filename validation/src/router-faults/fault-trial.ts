import type { ChatRequest, LanguageModel, Timeouts } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { type CollectedAnswer, collectAnswer } from './collect-answer.js';
import type { FaultCase } from './faults.js';
import { type ModelPair, startModelPair } from './model-pair.js';

/** The question that every arm is asked. */
export const QUESTION = 'At what time do you open?';

/** One way to combine a primary and a backup model. */
export interface FaultArm {
  name: string;
  /** Timeouts of the two models. */
  timeouts?: Partial<Timeouts>;
  /** Starts one request on a new pair of models and yields the text. */
  ask(pair: ModelPair, signal: AbortSignal): AsyncIterable<string>;
}

/** Answers of all arms for one fault and one seed. */
export interface FaultTrial {
  fault: string;
  seed: number;
  /** Time to first text of the healthy backup alone, ms. */
  backupMs: number;
  /** The answer of either model without a fault. */
  expected: string;
  arms: Record<string, CollectedAnswer>;
}

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: QUESTION }] };

async function* textsOf(model: LanguageModel, signal: AbortSignal): AsyncGenerator<string> {
  for await (const event of model.chat(REQUEST, { signal })) if (event.type === 'text') yield event.text;
}

async function withPair<T>(
  options: Parameters<typeof startModelPair>[0],
  use: (pair: ModelPair) => Promise<T>,
): Promise<T> {
  const pair = await startModelPair(options);
  try {
    return await use(pair);
  } finally {
    await pair.close();
  }
}

/**
 * Asks every arm the question at the same moment, each with its own emulators, the same seed and the fault. Also asks the
 * healthy backup alone, for the expected answer and its time to first text.
 */
export async function runFaultTrial(options: {
  case: FaultCase;
  seed: number;
  arms: readonly FaultArm[];
  timeoutMs: number;
  profiles?: { primary: string; backup: string };
}): Promise<FaultTrial> {
  const { case: faultCase, seed, arms, timeoutMs, profiles } = options;
  const shared = { seed, ...(profiles && { profiles }) };
  const collect = (ask: (signal: AbortSignal) => AsyncIterable<string>) =>
    collectAnswer({ ask, timeoutMs, clock: systemClock });
  const [reference, ...answers] = await Promise.all([
    withPair(shared, ({ backup }) => collect((signal) => textsOf(backup, signal))),
    ...arms.map(({ ask, timeouts }) =>
      withPair({ ...shared, fault: faultCase.fault, ...(timeouts && { timeouts }) }, (pair) =>
        collect((signal) => ask(pair, signal)),
      ),
    ),
  ]);
  return {
    fault: faultCase.name,
    seed,
    backupMs: reference!.firstTextMs!,
    expected: reference!.text,
    arms: Object.fromEntries(arms.map(({ name }, i) => [name, answers[i]!])),
  };
}
