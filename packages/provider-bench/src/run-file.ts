import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import { armSchema, MODES, sampleSchema } from './sample.js';
import { serverReportSchema } from './server-metrics/ttft-breakdown.js';

/** The `schema` of a run file. */
export const RUN_SCHEMA = 'firstword.bench/1';

const usd = z.number().min(0);

/** Limits of a run: requests, tokens and US dollars. A limit that is left out does not apply. */
export const budgetSchema = z.object({ requests: z.number(), tokens: z.number(), usd: z.number() }).partial();
/** The budget of a run. */
export type BenchBudget = z.infer<typeof budgetSchema>;

/** All settings of a run. The same plan and seed give the same requests in the same order. */
export const planSchema = z.object({
  /** `provider:model`, as given. */
  targets: z.array(z.string()).min(1),
  /** Counted requests of each arm. */
  turns: z.int().min(1),
  /** Warm-up requests of each arm, sent before the counted ones. */
  warmUps: z.int().min(0),
  /** Bursts per second over all arms. A burst of an arm has as many requests as its concurrency. */
  perSecond: z.number().positive(),
  seed: z.int(),
  languages: z.array(z.string()).min(1),
  modes: z.array(z.object({ mode: z.enum(MODES), idleMs: z.number().min(0).optional() })).min(1),
  prefixes: z.array(z.enum(['stable', 'broken'])).min(1),
  bodyEncodings: z.array(z.enum(['json', 'gzip', 'msgpack'])),
  efforts: z.array(z.string()),
  concurrencies: z.array(z.int().min(1)).min(1),
  /** Approximate size of the system prompt, tokens; providers count differently. */
  systemTokens: z.int().min(0),
  /** Turns per conversation. */
  historyTurns: z.int().min(1),
  maxCompletionTokens: z.int().min(1),
  /** Deadline of the first content, ms. */
  timeoutMs: z.number().positive(),
  /** File with the user's own prompts, used instead of the built-in ones. */
  promptFile: z.string().optional(),
  /** File or folder of turn records whose conversations are replayed. */
  replay: z.string().optional(),
  /** Settings of the emulator; absent without emulated targets. */
  emulator: z.object({ rttMs: z.number().min(0), faults: z.array(z.string()) }).optional(),
  budget: budgetSchema,
  /** Silences after which realtime models are to end a turn, ms; absent: 500. */
  silencesMs: z.array(z.number().min(0)).min(1).optional(),
  /** What speech engines and realtime models hear and say; absent in a run of LLMs alone. */
  speech: z
    .object({
      /** What the TTS says, and the words of a synthesized line. */
      text: z.string().min(1),
      /** The caller's line as a file; absent: synthesized. */
      audioFile: z.string().optional(),
      /** Duration of the line. */
      lineMs: z.number().positive(),
    })
    .optional(),
});
/** The plan of a run. */
export type BenchPlan = z.infer<typeof planSchema>;

/** The price of a model. */
export const priceSchema = z.object({
  /** US dollars per million tokens. */
  inputPerMillionUsd: usd,
  /** Price of cached input; absent: the same as other input. */
  cachedPerMillionUsd: usd.optional(),
  outputPerMillionUsd: usd,
});
/** The price of a model, US dollars per million tokens. */
export type Price = z.infer<typeof priceSchema>;

/**
 * The price of a speech engine, US dollars: of a minute of audio sent to an STT or of a realtime model's session, or of a million
 * characters for a TTS.
 */
export const speechPriceSchema = z.union([
  z.strictObject({ perMinuteUsd: usd }),
  z.strictObject({ perMillionCharactersUsd: usd }),
]);
/** The price of a speech engine. */
export type SpeechPrice = z.infer<typeof speechPriceSchema>;

/** The machine that the run was measured on. */
const machineSchema = z.object({
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  node: z.string(),
  /** Location of the machine, as given by the user. */
  region: z.string().optional(),
});

/** Requests, tokens and US dollars used by a run, warm-ups included. */
export const usedSchema = z.object({ requests: z.int().min(0), tokens: z.int().min(0), usd });

/** The part of a run file that is known before the first sample. */
export const headerSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  /** Version of Firstword. */
  version: z.string(),
  /** Wall time of the start, ISO 8601. */
  startedAt: z.string(),
  plan: planSchema,
  arms: z.array(armSchema),
  machine: machineSchema,
  /** The prices used to compute costs. */
  prices: z.object({
    /** The day on which the providers' price pages were read, `YYYY-MM-DD`. */
    date: z.string(),
    /** The user's own price file; absent: the list prices that come with Firstword. */
    file: z.string().optional(),
    /** By target; a target without a price is left out. */
    byTarget: z.record(z.string(), priceSchema),
    /** The same for speech engines. */
    speech: z.record(z.string(), speechPriceSchema).optional(),
  }),
});
/** The header of a run: plan, arms, machine, prices. */
export type RunHeader = z.infer<typeof headerSchema>;

/** A whole run, with its samples. */
export const runFileSchema = headerSchema.extend({
  finishedAt: z.string(),
  /** Set where the run ended before the plan was complete. The samples it has are valid. */
  partial: z
    .object({
      reason: z.enum(['stopped', 'budget', 'crashed', 'targets-failed', 'unwritable']),
      /** What happened and how to resume, for display. */
      message: z.string(),
    })
    .optional(),
  /** Targets that received no further requests, and why: a wrong key, an unknown model, too many failures in a row. */
  abandoned: z.array(
    z.object({
      target: z.string(),
      /** Error code of the last failure. */
      kind: z.string(),
      message: z.string(),
      /** Number of answers before that. */
      afterSamples: z.int().min(0),
    }),
  ),
  /** Used by the whole run, warm-ups included. */
  used: usedSchema,
  /** Requests of the whole plan, warm-ups included. */
  plannedRequests: z.int().min(0),
  /** TTFT split by the metrics of self-hosted servers (vLLM, llama.cpp). */
  servers: z.array(serverReportSchema).optional(),
  /** In the order of their actual start. */
  samples: z.array(sampleSchema),
});
/** A run as `firstword bench --out FILE.json` writes it. It contains raw samples, so every figure can be recomputed. */
export type RunFile = z.infer<typeof runFileSchema>;

/**
 * Validates a run read from a file.
 * @param name of the file, for messages
 * @throws FirstwordError `record_invalid` for anything else, saying what is wrong and what to do
 */
export function parseRunFile(json: unknown, name: string): RunFile {
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== RUN_SCHEMA) {
    const what =
      typeof schema === 'string'
        ? `has the schema "${schema}", but this version reads "${RUN_SCHEMA}": read it with the version that wrote it, or measure again`
        : 'is not a run of firstword bench: give a file written by firstword bench --out';
    throw new FirstwordError('record_invalid', `${name} ${what}.`);
  }
  const parsed = runFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new FirstwordError(
    'record_invalid',
    `${name} is damaged: at ${issue.path.join('.') || 'the top level'}, ${issue.message}. Measure again, or repair it.`,
  );
}
