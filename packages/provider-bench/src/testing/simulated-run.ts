import { drawTtftMs } from '@firstword/emulator';
import type { BenchArm, BenchSample } from '@firstword/provider-bench';
import { type BenchPlan, RUN_SCHEMA, type RunFile } from '@firstword/provider-bench';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { Behaviour } from './distribution.js';

/** Requests per second over all arms. */
const PER_SECOND = 4;
/** Time from first content to first clause, at the token rate of the emulator's default model. */
const CLAUSE_MS = 60;
const END_MS = 400;
const PROMPT_TOKENS = 900;
const COMPLETION_TOKENS = 30;

/** One arm of a simulated run. */
export interface SimulatedArm extends Behaviour {
  /** `provider:model`. */
  target: string;
  mode?: BenchArm['mode'];
  /** Time to open a connection, ms; paid by each request of a cold arm. */
  coldMs?: number;
  costUsd?: number;
  /** How much slower the run is at its end than at its beginning, ms. */
  driftMs?: number;
}

/** A run to simulate. */
export interface SimulatedPlan {
  arms: readonly SimulatedArm[];
  /** Counted requests of each arm. */
  requests: number;
  warmUps?: number;
  seed: number;
  startedAt?: string;
}

const armOf = ({ target, mode = 'warm' }: SimulatedArm): BenchArm => {
  const [provider, model] = target.split(/:(.*)/) as [string, string];
  const id = mode === 'warm' ? target : `${target} · ${mode}`;
  return { id, target, provider, model, mode, prefix: 'stable', concurrency: 1, emulated: true };
};

/** Headers and first delta arrive at the same fractions of the TTFT as from the emulator. */
function phasesOf(ttftMs: number, openMs: number): BenchSample['phases'] {
  const at = (share: number) => openMs + ttftMs * share;
  const firstContentMs = at(1);
  return {
    connectionReadyMs: openMs,
    requestSentMs: openMs + 0.2,
    headersMs: Math.max(openMs + 0.2, at(0.8)),
    firstDeltaMs: Math.max(openMs + 0.2, at(0.9)),
    firstContentMs,
    firstClauseMs: firstContentMs + CLAUSE_MS,
    endMs: firstContentMs + END_MS,
  };
}

function outcomeOf(
  arm: SimulatedArm,
  random: Random,
  progress: number,
): Partial<BenchSample> & Pick<BenchSample, 'phases'> {
  const { ttft, stragglerShare = 0, stragglerMs = 0, failedShare = 0, driftMs = 0, mode = 'warm' } = arm;
  const openMs = mode === 'cold' ? (arm.coldMs ?? 0) : 0;
  const straggles = random.uniform() < stragglerShare;
  const fails = random.uniform() < failedShare;
  const ttftMs = drawTtftMs(ttft, random) + (straggles ? stragglerMs : 0) + driftMs * progress;
  const connection = mode === 'cold' ? 'cold' : 'reused';
  if (fails) {
    const error = { kind: 'provider_error', message: 'the provider answered 503', status: 503 };
    return {
      phases: { connectionReadyMs: openMs, headersMs: openMs + 20, endMs: openMs + 20 },
      error,
      connection,
    };
  }
  return {
    phases: phasesOf(ttftMs, openMs),
    connection,
    ...(openMs > 0 ? { opened: { dnsMs: openMs * 0.1, tcpMs: openMs * 0.4, tlsMs: openMs * 0.5 } } : {}),
    tokens: { promptTokens: PROMPT_TOKENS, cachedTokens: 512, completionTokens: COMPLETION_TOKENS },
    ...(arm.costUsd === undefined ? {} : { costUsd: arm.costUsd }),
  };
}

function samplesOf(plan: SimulatedPlan, arms: readonly BenchArm[]): BenchSample[] {
  const randoms = plan.arms.map((arm, at) =>
    seededRandom(plan.seed, 'simulated run', String(at), arm.target),
  );
  const rounds = (plan.warmUps ?? 0) + plan.requests;
  return Array.from({ length: rounds * arms.length }, (_, index): BenchSample => {
    const at = index % arms.length;
    const round = Math.floor(index / arms.length);
    const scheduledMs = (index * 1000) / PER_SECOND;
    return {
      index,
      armId: arms[at]!.id,
      warmUp: round < (plan.warmUps ?? 0),
      language: 'en',
      conversation: Math.floor(round / 8),
      turn: round % 8,
      promptCharacters: 4 * PROMPT_TOKENS,
      scheduledMs,
      startedMs: scheduledMs,
      requests: 1,
      machine: { eventLoopDelayMs: 0, contaminated: [] },
      ...outcomeOf(plan.arms[at]!, randoms[at]!, round / rounds),
    };
  });
}

function planOf({ arms, requests, warmUps = 0, seed }: SimulatedPlan): BenchPlan {
  return {
    targets: arms.map(({ target }) => target),
    turns: requests,
    warmUps,
    perSecond: PER_SECOND,
    seed,
    languages: ['en'],
    modes: [{ mode: 'warm' }],
    prefixes: ['stable'],
    bodyEncodings: [],
    efforts: [],
    concurrencies: [1],
    systemTokens: PROMPT_TOKENS,
    historyTurns: 8,
    maxCompletionTokens: 80,
    timeoutMs: 15_000,
    budget: {},
  };
}

/**
 * A run file with latencies drawn from the emulator's distributions, without sockets or waiting. The true quantiles are
 * known, so figures computed from it can be verified. The same seed gives the same run.
 */
export function simulatedRun(plan: SimulatedPlan): RunFile {
  const arms = plan.arms.map(armOf);
  const samples = samplesOf(plan, arms);
  const startedAt = plan.startedAt ?? '2026-11-24T08:00:00.000Z';
  const tookMs = samples.at(-1)?.scheduledMs ?? 0;
  return {
    schema: RUN_SCHEMA,
    version: '0.0.0',
    startedAt,
    finishedAt: new Date(Date.parse(startedAt) + tookMs).toISOString(),
    plan: planOf(plan),
    arms,
    machine: { platform: 'simulated', cpu: 'none', cores: 1, memoryBytes: 0, node: 'none' },
    prices: { date: '2026-11-24', byTarget: {} },
    abandoned: [],
    used: { requests: samples.length, tokens: samples.length * (PROMPT_TOKENS + COMPLETION_TOKENS), usd: 0 },
    plannedRequests: samples.length,
    samples,
  };
}
