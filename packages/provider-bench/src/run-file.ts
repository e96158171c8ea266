import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import { armSchema, MODES, sampleSchema } from './sample.js';
import { serverReportSchema } from './server-metrics/ttft-breakdown.js';

export const RUN_SCHEMA = 'firstword.bench/1';

const usd = z.number().min(0);

/** What may be used up; what is left out is not bounded. */
export const budgetSchema = z.object({ requests: z.number(), tokens: z.number(), usd: z.number() }).partial();
export type BenchBudget = z.infer<typeof budgetSchema>;

/** Everything that the user chose: the same plan and seed make the same requests in the same order. */
export const planSchema = z.object({
  /** `provider:model`, as given. */
  targets: z.array(z.string()).min(1),
  /** Counted requests of each arm. */
  turns: z.int().min(1),
  /** Requests of each arm before those. */
  warmUps: z.int().min(0),
  /** Requests a second over all arms; an arm's concurrency multiplies it. */
  perSecond: z.number().positive(),
  seed: z.int(),
  languages: z.array(z.string()).min(1),
  modes: z.array(z.object({ mode: z.enum(MODES), idleMs: z.number().min(0).optional() })).min(1),
  prefixes: z.array(z.enum(['stable', 'broken'])).min(1),
  bodyEncodings: z.array(z.enum(['json', 'gzip', 'msgpack'])),
  efforts: z.array(z.string()),
  concurrencies: z.array(z.int().min(1)).min(1),
  /** Size of the system prompt, tokens, roughly: providers count them differently. */
  systemTokens: z.int().min(0),
  /** Turns of a conversation before a new one begins. */
  historyTurns: z.int().min(1),
  maxCompletionTokens: z.int().min(1),
  /** Longest wait for the first content, ms. */
  timeoutMs: z.number().positive(),
  /** Prompts of the user's own instead of the built-in ones. */
  promptFile: z.string().optional(),
  replay: z.string().optional(),
  /** How emulated targets are played; absent without any. */
  emulator: z.object({ rttMs: z.number().min(0), faults: z.array(z.string()) }).optional(),
  budget: budgetSchema,
});
export type BenchPlan = z.infer<typeof planSchema>;

export const priceSchema = z.object({
  /** US dollars per million tokens. */
  inputPerMillionUsd: usd,
  /** Of input found in the cache; absent: as other input. */
  cachedPerMillionUsd: usd.optional(),
  outputPerMillionUsd: usd,
});
export type Price = z.infer<typeof priceSchema>;

/** The state of the machine over the whole run. */
const machineSchema = z.object({
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  node: z.string(),
  /** Where it stands, where the user said so. */
  region: z.string().optional(),
});

/** What was used up, warm-up included. */
export const usedSchema = z.object({ requests: z.int().min(0), tokens: z.int().min(0), usd });

export const headerSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  /** Version of Firstword. */
  version: z.string(),
  /** ISO 8601, wall time at which the first request was due. */
  startedAt: z.string(),
  plan: planSchema,
  arms: z.array(armSchema),
  machine: machineSchema,
  /** The prices that costs come from. */
  prices: z.object({
    /** The day they were read from the providers' pages, `YYYY-MM-DD`. */
    date: z.string(),
    /** The user's own file; absent: the one that comes with Firstword. */
    file: z.string().optional(),
    /** By target; a target without a price is left out. */
    byTarget: z.record(z.string(), priceSchema),
  }),
});
/** What stands above the samples of a run. */
export type RunHeader = z.infer<typeof headerSchema>;

export const runFileSchema = headerSchema.extend({
  finishedAt: z.string(),
  /** Set where the plan was not carried out to its end: what was measured is whole, but less than was wanted. */
  partial: z
    .object({
      reason: z.enum(['stopped', 'budget', 'crashed', 'targets-failed', 'unwritable']),
      /** For people: what happened, and how to go on. */
      message: z.string(),
    })
    .optional(),
  /** Targets that were given up, and why: a wrong key, an unknown model, nothing but failures. */
  abandoned: z.array(
    z.object({
      target: z.string(),
      /** Code of the last failure. */
      kind: z.string(),
      message: z.string(),
      /** Answers that it had given. */
      afterSamples: z.int().min(0),
    }),
  ),
  /** What the run used, warm-up included. */
  used: usedSchema,
  /** Requests of the whole plan, warm-up included. */
  plannedRequests: z.int().min(0),
  /** What the user's own servers (vLLM, llama.cpp) tell of the same time. */
  servers: z.array(serverReportSchema).optional(),
  /** In order of their start. */
  samples: z.array(sampleSchema),
});
/** One run, as `firstword bench --out FILE.json` writes it: raw samples, so that every figure can be worked out anew. */
export type RunFile = z.infer<typeof runFileSchema>;

/**
 * Checks a run that was read from `name`.
 * @throws FirstwordError `record_invalid` for anything else, saying what is wrong with it and what to do
 */
export function parseRunFile(json: unknown, name: string): RunFile {
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== RUN_SCHEMA) {
    const what =
      typeof schema === 'string'
        ? `is a "${schema}" and this version reads "${RUN_SCHEMA}": read it with the version that wrote it, or measure again`
        : 'is no run of firstword bench: give a file that firstword bench --out wrote';
    throw new FirstwordError('record_invalid', `${name} ${what}.`);
  }
  const parsed = runFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new FirstwordError(
    'record_invalid',
    `${name} is damaged: at ${issue.path.join('.') || 'its top'}, ${issue.message}. Measure again, or mend it.`,
  );
}
