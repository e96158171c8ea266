import type { BenchPlan } from '../run-file.js';

/** The default plan of `firstword bench`. */
export const DEFAULT_PLAN: Omit<BenchPlan, 'targets'> = {
  turns: 100,
  warmUps: 3,
  perSecond: 1,
  seed: 1,
  languages: ['en', 'hi', 'es', 'ar', 'ja'],
  modes: [{ mode: 'warm' }],
  prefixes: ['stable'],
  bodyEncodings: [],
  efforts: [],
  concurrencies: [1],
  systemTokens: 1500,
  historyTurns: 8,
  maxCompletionTokens: 150,
  timeoutMs: 15_000,
  budget: {},
};
