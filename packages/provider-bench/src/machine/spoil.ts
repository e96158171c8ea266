import type { Sample, Spoil } from '../sample.js';

/**
 * From here on this machine, and not the provider, may have made a sample what it is. 10 ms is what the figures of a
 * voice turn are read to; the shares are those of a machine that has nothing left, or whose host takes some of it away.
 */
export const SPOILED = {
  eventLoopDelayMs: 10,
  lateStartMs: 10,
  stealShare: 0.05,
  cpuShare: 0.95,
} as const;

/** What spoiled a sample; empty where nothing did. */
export function spoilsOf(machine: Omit<Sample['machine'], 'spoiled'>, lateStartMs: number): Spoil[] {
  const { eventLoopDelayMs, stealShare = 0, cpuShare = 0 } = machine;
  const spoils: Spoil[] = [];
  if (eventLoopDelayMs >= SPOILED.eventLoopDelayMs) spoils.push('event-loop');
  if (stealShare >= SPOILED.stealShare) spoils.push('steal');
  if (cpuShare >= SPOILED.cpuShare) spoils.push('cpu');
  if (lateStartMs >= SPOILED.lateStartMs) spoils.push('late-start');
  return spoils;
}
