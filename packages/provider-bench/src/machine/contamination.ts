import type { BenchSample, ContaminationKind } from '../sample.js';

/**
 * From here on this machine, and not the provider, may have made a sample what it is. 10 ms is what the figures of a
 * voice turn are read to; the shares are those of a machine that has nothing left, or whose host takes some of it away.
 */
export const CONTAMINATION_LIMITS = {
  eventLoopDelayMs: 10,
  lateStartMs: 10,
  stealShare: 0.05,
  cpuShare: 0.95,
} as const;

/** What contaminated a sample; empty where nothing did. */
export function contaminationOf(
  machine: Omit<BenchSample['machine'], 'contaminated'>,
  lateStartMs: number,
): ContaminationKind[] {
  const { eventLoopDelayMs, stealShare = 0, cpuShare = 0 } = machine;
  const spoils: ContaminationKind[] = [];
  if (eventLoopDelayMs >= CONTAMINATION_LIMITS.eventLoopDelayMs) spoils.push('event-loop');
  if (stealShare >= CONTAMINATION_LIMITS.stealShare) spoils.push('steal');
  if (cpuShare >= CONTAMINATION_LIMITS.cpuShare) spoils.push('cpu');
  if (lateStartMs >= CONTAMINATION_LIMITS.lateStartMs) spoils.push('late-start');
  return spoils;
}
