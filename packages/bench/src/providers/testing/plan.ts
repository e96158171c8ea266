import type { Plan } from '../run-file.js';
import type { Arm, Sample } from '../sample.js';

/** A small plan, for tests: two targets, three turns. */
export const planOf = (parts: Partial<Plan> = {}): Plan => ({
  targets: ['emulated:instant', 'emulated:gpt-4o-mini'],
  turns: 3,
  warmUps: 1,
  perSecond: 100,
  seed: 1,
  languages: ['en'],
  modes: [{ mode: 'warm' }],
  prefixes: ['stable'],
  bodyEncodings: [],
  efforts: [],
  concurrencies: [1],
  systemTokens: 50,
  historyTurns: 4,
  maxCompletionTokens: 100,
  timeoutMs: 5_000,
  budget: {},
  ...parts,
});

export const armOf = (parts: Partial<Arm> = {}): Arm => ({
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

export const sampleOf = (parts: Partial<Sample> = {}): Sample => ({
  index: 0,
  armId: 'emulated:instant',
  warmUp: false,
  language: 'en',
  conversation: 0,
  turn: 0,
  promptCharacters: 100,
  scheduledMs: 0,
  startedMs: 0,
  phases: { firstContentMs: 100, endMs: 200 },
  requests: 1,
  machine: { eventLoopDelayMs: 0, spoiled: [] },
  ...parts,
});
