import type { BenchSample, ContaminationKind } from '../sample.js';

/**
 * From these values on, this machine may have distorted a sample. 10 ms is the precision at which the figures of a voice
 * turn are read; the shares mark a machine at full load, and one whose hypervisor takes CPU time away.
 */
export const CONTAMINATION_LIMITS = {
  eventLoopDelayMs: 10,
  lateStartMs: 10,
  stealShare: 0.05,
  cpuShare: 0.95,
} as const;

/** The causes that may have distorted a sample; empty for a clean one. */
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
