import type { Clock } from '@firstword/turn';
import { type Random, standardNormal } from '@firstword/turn/statistics';
import { type RouterOptions, router } from '../router.js';
import { HELLO, readAll } from './read.js';
import { answer, scriptedModel } from './scripted-model.js';

/** A clock that jumps from timer to timer, so an hour of calls takes a second and every run is the same. */
class EventClock implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; fn: () => void }[] = [];
  nowMs = () => this.#nowMs;
  wallMs = () => this.#nowMs;

  schedule(delayMs: number, fn: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  jump(): void {
    const next = this.#timers.reduce((a, b) => (b.atMs < a.atMs ? b : a));
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#nowMs = next.atMs;
    next.fn();
  }
}

/** Times to first content: lognormal through a median and a p95, ms. */
export function lognormal(p50Ms: number, p95Ms: number, random: Random): () => number {
  const sigma = Math.log(p95Ms / p50Ms) / 1.645;
  return () => p50Ms * Math.exp(sigma * standardNormal(random));
}

export interface Simulated {
  /** Times to first content of the answers that arrived before their caller left, ms. */
  ttftMs: number[];
  /** Waits of the same callers, from their last word, ms. */
  waitMs: number[];
  extraShare: number;
  primaries: string[];
}

/** Sends `requests` requests in parallel calls to models whose times to first content come from these functions. */
export async function simulate(options: {
  /** Each gets the index of the turn, from 0. */
  models: Record<string, (turn: number) => number>;
  requests: number;
  /** Number of parallel calls; default 1. */
  calls?: number;
  /** When the caller leaves, as with a superseded speculation, ms after the request; `undefined`: never. */
  leavesAfterMs?: () => number | undefined;
  /** How long the caller has waited when the request is sent, ms; default 0. */
  waitedMs?: () => number;
  /** Whether the router gets this time (`waitingSinceMs`); default true. */
  reportsWait?: boolean;
  /** When the turn is committed, ms after the caller's last word; default: before the request. */
  commitMs?: number;
  random: Random;
  router?: Partial<RouterOptions>;
}): Promise<Simulated> {
  const clock = new EventClock();
  let turn = 0;
  const models = Object.entries(options.models).map(([name, ttftMs]) =>
    scriptedModel({ name, clock, script: () => answer(ttftMs(turn)) }),
  );
  const route = router({ models, clock, random: options.random.uniform, coalesce: false, ...options.router });
  const ttftMs: number[] = [];
  const waitMs: number[] = [];
  const primaries: string[] = [];
  const commit = (inMs: number, leavesAfterMs: number | undefined) =>
    new Promise<void>((resolve) => {
      if (leavesAfterMs === undefined) clock.schedule(inMs, resolve);
    });
  const call = async () => {
    while (turn < options.requests) {
      const leavesAfterMs = options.leavesAfterMs?.();
      const waitedMs = options.waitedMs?.() ?? 0;
      const sinceMs = clock.nowMs() - waitedMs;
      const chat = route.chat(HELLO, {
        ...(options.waitedMs && options.reportsWait !== false ? { waitingSinceMs: () => sinceMs } : {}),
        ...(options.commitMs === undefined
          ? {}
          : { awaited: commit(options.commitMs - waitedMs, leavesAfterMs) }),
      });
      turn += 1;
      if (leavesAfterMs !== undefined) clock.schedule(leavesAfterMs, () => chat.cancel());
      await readAll(chat);
      const { firstContent, llmRequested } = chat.trace.marks;
      if (firstContent !== undefined) {
        ttftMs.push(firstContent - llmRequested!);
        waitMs.push(firstContent - sinceMs);
      }
      primaries.push(chat.trace.attempts![0]!.provider);
    }
  };
  let over = false;
  const calls = Promise.all(Array.from({ length: options.calls ?? 1 }, call)).finally(() => {
    over = true;
  });
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (over) break;
    clock.jump();
  }
  await calls;
  const { requests, extraRequests } = route.stats();
  return { ttftMs, waitMs, extraShare: extraRequests / requests, primaries };
}
