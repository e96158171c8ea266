import type { Clock } from '@firstword/turn';
import type { RouterMemory } from '../memory/router-memory.js';
import type { LanguageModel } from '../model.js';
import type { BreakerSettings } from '../policy/breaker/breaker.js';

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
