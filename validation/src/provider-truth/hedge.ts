import { type LanguageModel, openAiCompatible, router } from '@firstword/llm';
import {
  type HedgeResult,
  type RequestOutcome,
  simulateHedge,
  startEmulatorProcess,
} from '@firstword/provider-bench';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { TruthCheck } from './table.js';

const SEED = 21;
/** Delays in the proportions of gpt-4o-mini and Groq, divided by four, so that thousands of requests take a minute. */
const PROFILES = [
  { name: 'slow', ttft: { p50Ms: 138, p95Ms: 487, maxMs: 1624 }, source: 'gpt-4o-mini’s figures, a quarter' },
  { name: 'fast', ttft: { p50Ms: 64, p95Ms: 120, maxMs: 410 }, source: 'kimi-k2.6’s figures, a quarter' },
];
const DELAYS_MS = [100, 225, 400];
/** Concurrent requests of each arm. */
const CALLS = 6;
/** A router uses `initialDelayMs` until it knows 10 response times, so a new router replaces it after nine. */
const ANSWERS_OF_A_ROUTER = 9;
const WITHIN = 0.1;
/** Long timeouts, because the full response time of an arm without a backup counts. */
const LONG_TIMEOUTS = { headersMs: 60_000, firstContentMs: 60_000 };

interface HedgePair {
  primary: LanguageModel;
  backup: LanguageModel;
  close(): Promise<void>;
}

/** New emulators with the same seed draw the same delays for every arm. */
async function startPair(): Promise<HedgePair> {
  const emulator = await startEmulatorProcess({
    seed: SEED,
    profiles: PROFILES,
    promptCache: false,
    tokensPerSecond: 1e6,
  });
  const at = (name: string) =>
    openAiCompatible({
      provider: name,
      model: name,
      baseUrl: emulator.urlFor(name),
      timeouts: LONG_TIMEOUTS,
    });
  const [primary, backup] = [at('slow'), at('fast')];
  await Promise.all([primary.warm(), backup.warm()]);
  const close = async () => {
    await Promise.all([primary.close(), backup.close()]);
    emulator.close();
  };
  return { primary, backup, close };
}

async function askMs(model: LanguageModel, turn: number, signal: AbortSignal): Promise<number> {
  // Different words each time, so that the router does not coalesce requests.
  const messages = [{ role: 'user' as const, content: `Call ${turn}: at what time do you open?` }];
  const chat = model.chat({ messages }, { signal });
  for await (const event of chat) void event;
  const { firstContent, llmRequested } = chat.trace.marks;
  return firstContent! - llmRequested!;
}

async function askAll(
  modelFor: (turn: number) => LanguageModel,
  requests: number,
  signal: AbortSignal,
): Promise<number[]> {
  const times: number[] = [];
  let turn = 0;
  const call = async () => {
    while (turn < requests && !signal.aborted) {
      const mine = turn;
      turn += 1;
      times.push(await askMs(modelFor(mine), mine, signal));
    }
  };
  await Promise.all(Array.from({ length: CALLS }, call));
  return times;
}

async function withPair<T>(use: (pair: HedgePair) => Promise<T>): Promise<T> {
  const pair = await startPair();
  try {
    return await use(pair);
  } finally {
    await pair.close();
  }
}

/** Response times of the router with a fixed hedge delay: its budget allows every hedge, and it learns no delay. */
function routerTimes(delayMs: number, requests: number, signal: AbortSignal): Promise<number[]> {
  return withPair(({ primary, backup }) => {
    const routers = Array.from({ length: Math.ceil(requests / ANSWERS_OF_A_ROUTER) }, () =>
      router({
        models: [primary, backup],
        hedge: { budget: 1, initialDelayMs: delayMs },
        maxAttempts: 2,
        firstContentDeadlineMs: 60_000,
      }),
    );
    return askAll((turn) => routers[Math.floor(turn / ANSWERS_OF_A_ROUTER)]!, requests, signal);
  });
}

function compareWithRouter(predicted: HedgeResult, real: readonly number[]): TruthCheck[] {
  const { delayMs } = predicted;
  return (
    [
      ['p50', 50, predicted.p50Ms],
      ['p95', 95, predicted.p95Ms],
      ['p99', 99, predicted.p99Ms],
    ] as const
  ).map(([name, percent, predictedMs]) => {
    const realMs = percentile(ascending(real), percent);
    const off = predictedMs! / realMs - 1;
    return {
      figure: `what-if ${name} after ${delayMs} ms: ${predictedMs!.toFixed(0)}, the router ${realMs.toFixed(0)} ms, n ${real.length}`,
      expected: `±${100 * WITHIN} %`,
      measured: `${off > 0 ? '+' : '−'}${(100 * Math.abs(off)).toFixed(1)} %`,
      isMet: Math.abs(off) <= WITHIN,
    };
  });
}

/**
 * Compares what-if, computed from each model alone, with the router actually hedging. All run at the same time, each on
 * its own emulators, so that other load on the machine affects all of them.
 */
export async function hedgeChecks(options: {
  requests: number;
  signal: AbortSignal;
  say: (line: string) => void;
}): Promise<TruthCheck[]> {
  const { requests, signal, say } = options;
  say(`each model alone, and the router at ${DELAYS_MS.length} delays: ${requests} requests each …`);
  const outcomes = async (side: 'primary' | 'backup'): Promise<RequestOutcome[]> => {
    const times = await withPair((pair) => askAll(() => pair[side], requests, signal));
    return times.map((ms) => ({ ms, failed: false }));
  };
  const [primary, backup, ...real] = await Promise.all([
    outcomes('primary'),
    outcomes('backup'),
    ...DELAYS_MS.map((delayMs) => routerTimes(delayMs, requests, signal)),
  ]);
  return DELAYS_MS.flatMap((delayMs, at) =>
    compareWithRouter(simulateHedge(primary, backup, { delayMs }), real[at]!),
  );
}
