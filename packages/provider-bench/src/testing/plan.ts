import { DEFAULT_PLAN } from '../plan/default-plan.js';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';

/** A small plan for tests: two targets, three turns. */
export const planOf = (parts: Partial<BenchPlan> = {}): BenchPlan => ({
  ...DEFAULT_PLAN,
  targets: ['emulated:instant', 'emulated:gpt-4o-mini'],
  turns: 3,
  warmUps: 1,
  perSecond: 100,
  languages: ['en'],
  systemTokens: 50,
  historyTurns: 4,
  timeoutMs: 5_000,
  ...parts,
});

/** An arm for tests. */
export const armOf = (parts: Partial<BenchArm> = {}): BenchArm => ({
  id: 'emulated:instant',
  target: 'emulated:instant',
  provider: 'emulated',
  model: 'instant',
  mode: 'warm',
  prefix: 'stable',
  concurrency: 1,
  emulated: true,
  ...parts,
});
