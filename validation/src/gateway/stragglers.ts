import type { EmulatorOptions } from '@firstword/emulator';
import { Agent } from 'undici';
import type { BenchRoute, GatewayArm, RunningGateway } from './arms/arm.js';
import { readAnswer } from './read-answer.js';
import { startUpstream, type Upstream } from './upstream/upstream.js';

/** One straggler of 5 s in a hundred requests to the primary. */
const STRAGGLER_SHARE = 0.01;
const STRAGGLER_MS = 5_000;
/** Requests before those that count, one after another: the gateway learns what is usual. */
const LEARNING = 20;
const LIMIT_MS = 60_000;
const PRIMARY = 'gpt-4o-mini';
const BACKUP = 'groq-gpt-oss-120b';
const ROUTE: BenchRoute = { name: 'stragglers', primary: PRIMARY, backup: BACKUP };

/** Times of one arm, and how many requests it sent upstream. */
export interface StragglerArm {
  name: string;
  /** By question, ms; absent where the request failed. */
  timesMs: (number | undefined)[];
  /** Requests that reached the providers, for each that a client sent. */
  requestsPerQuestion: number;
  failures: string[];
}

/** Two providers of one arm, with the seeds of every other arm: the same question gets the same delay. */
const providersOf = (seed: number): EmulatorOptions[] => [
  {
    seed,
    profile: PRIMARY,
    tokensPerSecond: 1e6,
    ttftSequence: 'per-question',
    faults: {
      rules: [{ fault: { kind: 'straggler', delayMs: STRAGGLER_MS }, probability: STRAGGLER_SHARE }],
    },
  },
  { seed: seed + 1, profile: BACKUP, tokensPerSecond: 1e6, ttftSequence: 'per-question' },
];

interface Asked {
  name: string;
  /** Index of the arm's first provider. */
  at: number;
  gateway?: RunningGateway;
  result: StragglerArm;
}

async function ask(options: {
  arm: Asked;
  question: number;
  upstream: Upstream;
  agent: Agent;
  signal: AbortSignal;
}): Promise<void> {
  const { arm, question, upstream, agent, signal } = options;
  const { gateway, result } = arm;
  const messages = [{ role: 'user', content: `Call ${question}: at what time do you open?` }];
  const answer = await readAnswer({
    url: `${gateway?.baseUrl ?? upstream.baseUrl(arm.at)}/chat/completions`,
    headers: gateway?.headersFor(ROUTE) ?? {},
    body: { ...(gateway?.bodyFor(ROUTE) ?? { model: PRIMARY }), messages },
    agent,
    limitMs: LIMIT_MS,
    signal,
  });
  if (question < LEARNING) return;
  const failure = answer.error ?? (answer.timedOut ? 'timed out' : undefined);
  result.timesMs[question - LEARNING] = failure === undefined ? answer.firstContentMs : undefined;
  if (failure !== undefined && !signal.aborted && result.failures.length < 3) result.failures.push(failure);
}

/**
 * Asks each question of every arm at the same moment, the single provider among them.
 * @param options.calls questions that are under way at the same time
 */
export async function measureStragglers(options: {
  gateways: readonly GatewayArm[];
  questions: number;
  calls: number;
  seed: number;
  folder: string;
  onMissing: (name: string, reason: string) => void;
  progress: (done: number) => void;
  signal: AbortSignal;
}): Promise<StragglerArm[]> {
  const { gateways, questions, calls, seed, folder, signal } = options;
  const upstream = await startUpstream([undefined, ...gateways].flatMap(() => providersOf(seed)));
  const agent = new Agent();
  const newResult = (name: string): StragglerArm => ({
    name,
    timesMs: [],
    requestsPerQuestion: 0,
    failures: [],
  });
  const arms: Asked[] = [{ name: 'direct', at: 0, result: newResult('direct') }];
  try {
    for (const [index, { name, start }] of gateways.entries()) {
      const at = 2 * (index + 1);
      const [primaryUrl, backupUrl] = [upstream.baseUrl(at), upstream.baseUrl(at + 1)];
      try {
        const gateway = await start({ primaryUrl, backupUrl, routes: [ROUTE], folder, signal });
        arms.push({ name, at, gateway, result: newResult(name) });
      } catch (error) {
        signal.throwIfAborted();
        options.onMissing(name, (error as Error).message);
      }
    }
    let question = 0;
    const call = async (until: number) => {
      while (question < until && !signal.aborted) {
        const mine = question;
        question += 1;
        options.progress(mine);
        await Promise.all(arms.map((arm) => ask({ arm, question: mine, upstream, agent, signal })));
      }
    };
    await call(LEARNING);
    await Promise.all(Array.from({ length: calls }, () => call(LEARNING + questions)));
    for (const { at, result } of arms) {
      const [first, second] = [await upstream.stats(at), await upstream.stats(at + 1)];
      result.requestsPerQuestion = (first.requests + second.requests) / question;
    }
    return arms.map(({ result }) => result);
  } finally {
    await Promise.all(arms.map(({ gateway }) => gateway?.close()));
    await agent.destroy();
    upstream.close();
  }
}
