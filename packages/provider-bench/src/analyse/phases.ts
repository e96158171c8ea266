import { ascending, percentile } from '@firstword/turn/statistics';
import type { BenchSample } from '../sample.js';

/** The consecutive phases of a request. */
export const PHASES = [
  'dns',
  'tcp',
  'tls',
  'connection',
  'request',
  'headers',
  'firstDelta',
  'firstContent',
  'firstClause',
  'end',
] as const;
/** One of the phases. */
export type PhaseName = (typeof PHASES)[number];

/** The duration of one phase over the requests of an arm. */
export interface PhaseFigures {
  phase: PhaseName;
  /** Requests in which the phase was observed. */
  count: number;
  p50Ms: number;
  p95Ms: number;
  /** Mean over all answered requests, ms: the means of all phases add up to the mean total time. */
  meanMs: number;
}

/** Duration of each phase, ms. A phase that was not observed is absent and counted in the next one. */
function durationsOf({ phases, opened }: BenchSample): Partial<Record<PhaseName, number>> {
  const found: Partial<Record<PhaseName, number>> = {};
  const { dnsMs, tcpMs, tlsMs } = opened ?? {};
  if (dnsMs !== undefined) found.dns = dnsMs;
  if (tcpMs !== undefined) found.tcp = tcpMs;
  if (tlsMs !== undefined) found.tls = tlsMs;
  const openedMs = (dnsMs ?? 0) + (tcpMs ?? 0) + (tlsMs ?? 0);
  let beforeMs = 0;
  const step = (phase: PhaseName, atMs: number | undefined, takenMs = 0) => {
    if (atMs === undefined) return;
    found[phase] = Math.max(0, atMs - beforeMs - takenMs);
    beforeMs = Math.max(beforeMs, atMs);
  };
  step('connection', phases.connectionReadyMs, openedMs);
  step('request', phases.requestSentMs);
  step('headers', phases.headersMs);
  step('firstDelta', phases.firstDeltaMs);
  step('firstContent', phases.firstContentMs);
  step('firstClause', phases.firstClauseMs);
  step('end', phases.endMs);
  return found;
}

/** The phases of the answered requests of one arm, without those never observed. */
export function phaseFigures(answered: readonly BenchSample[]): PhaseFigures[] {
  const each = answered.map(durationsOf);
  return PHASES.flatMap((phase) => {
    const values = ascending(each.flatMap((durations) => durations[phase] ?? []));
    if (values.length === 0) return [];
    const meanMs = values.reduce((sum, ms) => sum + ms, 0) / answered.length;
    return [
      { phase, count: values.length, p50Ms: percentile(values, 50), p95Ms: percentile(values, 95), meanMs },
    ];
  });
}
