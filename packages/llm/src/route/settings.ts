import type { Clock } from '@firstword/turn';
import type { RouterMemory } from '../memory/router-memory.js';
import type { LanguageModel } from '../model.js';
import { type BreakerSettings, DEFAULT_BREAKER } from '../policy/breaker/breaker.js';

/** `RouterOptions` with all defaults filled in. */
export interface RouteSettings {
  models: LanguageModel[];
  order: 'given' | 'fastest';
  firstContentDeadlineMs: number;
  giveUpAfterMs: number;
  hedge: { budget: number; atOnce: number; quantile: number | undefined; initialDelayMs: number };
  exploreBudget: number;
  stall: { beforeClauseMs: number; afterClauseMs: number; onBreak: 'end' | 'continue' };
  maxAttempts: number;
  maxRetryWaitMs: number;
  breaker: BreakerSettings;
  holdUntilClause: boolean;
  memory: RouterMemory | undefined;
  clock: Clock;
  random: () => number;
}

/** The defaults of a router's settings, as its options state them. */
export const ROUTER_DEFAULTS = {
  order: 'given',
  firstContentDeadlineMs: 2_000,
  giveUpAfterMs: 8_000,
  hedge: { budget: 0.1, atOnce: 0, initialDelayMs: 800 },
  exploreBudget: 0.02,
  stall: { beforeClauseMs: 600, afterClauseMs: 4_000, onBreak: 'end' },
  maxRetryWaitMs: 2_000,
  breaker: DEFAULT_BREAKER,
} as const;
