import { openAiCompatible, type RouterMemory, router, sharedMemory } from '@firstword/llm';
import { type ValkeyMemory, valkeyMemory } from '@firstword/llm/valkey';
import { startEmulatorProcess } from '@firstword/provider-bench';
import { type Asked, ask } from './ask.js';
import type { Pair } from './compare.js';

/** Of the primary's answers so many come this much later: what a learned hedge delay is for. */
const STRAGGLER_SHARE = 0.08;
const STRAGGLER_MS = 3_000;
/** The primary and its backup. */
const SETUPS = {
  'groq-gpt-oss-120b': 'gpt-4o-mini',
  'gpt-4o-mini': 'groq-gpt-oss-120b',
} as const;

/** Profiles that can be the primary. */
export const PRIMARIES = Object.keys(SETUPS) as (keyof typeof SETUPS)[];
/** Requests of the router that has learned, before the first fresh machine. */
const LEARNING = 400;
/** Requests under way at once. */
const AT_ONCE = 20;

/** What the first requests of fresh machines took. */
export interface FreshMachines {
  /** The arm with the store against a router that has learned the same way. */
  withStore: Pair[];
  /** The arm without any memory against that router. */
  withoutMemory: Pair[];
  /** Requests to providers beyond one a question, as a share of the questions: learned, with the store, without. */
  extra: [number, number, number];
  failures: string[];
}

/** Runs tasks, so many at a time. */
async function inParallel<T>(tasks: readonly (() => Promise<T>)[], atOnce: number): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < tasks.length; at = next++) results[at] = await tasks[at]!();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

const openMemory = (url: string): ValkeyMemory => valkeyMemory({ url, onStatus: () => {} });

/**
 * Compares the first requests of machines that have just started, with a store that another machine has filled and without,
 * with those of a router that has learned. Every arm gets the same questions, and for a question the same delays.
 * @param options.requests the first requests of each machine
 */
export async function measureFreshMachines(options: {
  url: string;
  primary: keyof typeof SETUPS;
  machines: number;
  requests: number;
}): Promise<FreshMachines> {
  const { url, primary, machines, requests } = options;
  const fault = { kind: 'straggler', delayMs: STRAGGLER_MS } as const;
  const providers = await Promise.all([
    startEmulatorProcess({
      seed: 1,
      ttftSequence: 'per-question',
      tokensPerSecond: 1e6,
      faults: { rules: [{ fault, probability: STRAGGLER_SHARE }] },
    }),
    startEmulatorProcess({ seed: 2, ttftSequence: 'per-question', tokensPerSecond: 1e6 }),
  ]);
  const routerWith = (memory: RouterMemory) => {
    const models = [primary, SETUPS[primary]].map((profile, at) =>
      openAiCompatible({
        provider: `${primary}-${at}`,
        model: profile,
        baseUrl: providers[at]!.urlFor(profile),
        address: 'emulator',
      }),
    );
    return router({ models, memory, hedge: { budget: 0.15 } });
  };
  const memory = openMemory(url);
  const learned = routerWith(memory);
  try {
    await inParallel(
      Array.from({ length: LEARNING }, (_, at) => () => ask(learned, `Before, ${at}: when do you open?`)),
      AT_ONCE,
    );
    const result: FreshMachines = { withStore: [], withoutMemory: [], extra: [0, 0, 0], failures: [] };
    for (let machine = 0; machine < machines; machine += 1)
      await measureOne(result, { url, machine, requests, learned, routerWith });
    const questions = machines * requests;
    result.extra = result.extra.map((count) => count / questions) as FreshMachines['extra'];
    return result;
  } finally {
    await learned.close();
    await memory.close();
    for (const provider of providers) provider.close();
  }
}

async function measureOne(
  result: FreshMachines,
  options: {
    url: string;
    machine: number;
    requests: number;
    learned: ReturnType<typeof router>;
    routerWith: (memory: RouterMemory) => ReturnType<typeof router>;
  },
): Promise<void> {
  const { url, machine, requests, learned, routerWith } = options;
  const memory = openMemory(url);
  const arms = [learned, routerWith(memory), routerWith(sharedMemory())] as const;
  await Promise.all(arms.map((arm) => arm.warm()));
  const extraBefore = arms.map((arm) => arm.stats().extraRequests);
  const questions = Array.from(
    { length: requests },
    (_, at) => `Machine ${machine}, ${at}: when do you open?`,
  );
  const asked = await inParallel(
    questions.flatMap((question) => arms.map((arm) => () => ask(arm, question))),
    arms.length * 2,
  );
  for (const [at, question] of questions.entries()) {
    const [reference, withStore, without] = asked.slice(at * 3, at * 3 + 3) as [Asked, Asked, Asked];
    for (const { failure } of [reference, withStore, without]) if (failure) result.failures.push(failure);
    const referenceMs = reference.firstTextMs;
    if (referenceMs === undefined) continue;
    const pair = (ms: number | undefined, into: Pair[]) => {
      if (ms !== undefined) into.push({ question, ms, referenceMs });
    };
    pair(withStore.firstTextMs, result.withStore);
    pair(without.firstTextMs, result.withoutMemory);
  }
  for (const [at, arm] of arms.entries()) result.extra[at]! += arm.stats().extraRequests - extraBefore[at]!;
  await Promise.all([arms[1].close(), arms[2].close()]);
  await memory.close();
}
