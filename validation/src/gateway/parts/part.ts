import type { GatewayArm } from '../arms/arm.js';
import type { GatewayCheck } from '../tables.js';

/** What every part of the bench is given. */
export interface GatewayBenchRun {
  ours: GatewayArm;
  peers: readonly GatewayArm[];
  /** Fewer requests: shows that the bench works, with wide intervals. */
  quick: boolean;
  /** Numbers of streams. */
  streams: readonly number[];
  /** Requests of each arm; each part has its own default. */
  requests: number | undefined;
  seeds: number | undefined;
  tokensPerSecond: number | undefined;
  folder: string;
  /** Prints a line of progress that the next one replaces. */
  progress(text: string): void;
  signal: AbortSignal;
}

/** What a part found. */
export interface GatewayPartResult {
  /** Printed as they are. */
  tables: string[];
  checks: GatewayCheck[];
  /** Arms that are missing, and why. */
  missing: { name: string; reason: string }[];
  /** Everything that was measured, for `--json`. */
  data: unknown;
}

/** One part of the bench. */
export interface GatewayBenchPart {
  /** One line for `--help`. */
  about: string;
  run(run: GatewayBenchRun): Promise<GatewayPartResult>;
}
