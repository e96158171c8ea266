import type { Clock } from '@firstword/turn';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { GatewayLimits, GatewayOptions } from '../options.js';
import type { Speculations } from '../voice-headers/speculations.js';
import type { Access } from './access.js';
import type { Concurrency } from './concurrency.js';
import type { RouteTable } from './route-table.js';

/** What the endpoints of one gateway share. */
export interface GatewayState {
  readonly clock: Clock;
  readonly access: Access;
  readonly limits: GatewayLimits;
  readonly concurrency: Concurrency;
  readonly table: RouteTable;
  readonly speculations: Speculations;
  readonly metrics: GatewayMetrics;
  readonly onAnswered: NonNullable<GatewayOptions['onAnswered']>;
  /** Unix time of the start, s. */
  readonly startedS: number;
  /** New requests are refused, and those under way end. */
  isDraining: boolean;
  /** Whether its code is still being compiled: see `warmUp`. */
  isWarmingUp: boolean;
}
