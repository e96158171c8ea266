import type { EmulatorOptions, EmulatorStats, FaultPlan } from '@firstword/emulator';

/** What the bench asks of the process with the emulators. `at`: the emulator's index. */
export type UpstreamRequest =
  | { kind: 'start'; emulators: EmulatorOptions[] }
  | { kind: 'setFaults'; at: number; plan: FaultPlan }
  | { kind: 'stats'; at: number };

/** The answer to an `UpstreamRequest`: the origins, nothing, or the statistics. */
export type UpstreamAnswer =
  | { origins: string[] }
  | { stats: EmulatorStats }
  | { done: true }
  | { error: string };
