import { percentile } from '@firstword/records';
import { ascending } from '@firstword/turn/statistics';
import type { BenchSample } from '../sample.js';

/** What a request goes through, in order. */
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
export type PhaseName = (typeof PHASES)[number];

export interface PhaseFigures {
  phase: PhaseName;
  /** Requests in which it was seen. */
  count: number;
  p50Ms: number;
  p95Ms: number;
  /** Its mean over all answered requests, ms: the means add up to the mean time to the end. */
  meanMs: number;
}

/** How long each phase took, ms; what was not seen is left out, and is part of the phase after it. */
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

/** Phases of the answered requests of one arm, those that were seen at all. */
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
