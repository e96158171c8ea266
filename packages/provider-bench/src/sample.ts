import { z } from 'zod';

const ms = z.number();
const durationMs = z.number().min(0);
const count = z.int().min(0);

/**
 * What a request finds: `warm` a connection in use, `cold` none (DNS, TCP and TLS are paid), `idle` one that has been
 * left alone for the arm's `idleMs`.
 */
export const MODES = ['warm', 'cold', 'idle'] as const;
export type Mode = (typeof MODES)[number];

/** One of the things that are compared: a model, and how it is asked. Every sample belongs to one. */
export const armSchema = z.object({
  /** Unique in its run, and what people read: `groq:openai/gpt-oss-120b`, `openai:gpt-4.1-mini · cold`. */
  id: z.string(),
  /** As the user named it: `provider:model`. */
  target: z.string(),
  provider: z.string(),
  model: z.string(),
  mode: z.enum(MODES),
  /** Of mode `idle`. */
  idleMs: durationMs.optional(),
  /** `stable`: each prompt begins as the one before it did. `broken`: something new stands at its very start. */
  prefix: z.enum(['stable', 'broken']),
  /** How the body travels, where the user asked for one; else as this provider has it by default. */
  bodyEncoding: z.enum(['json', 'gzip', 'msgpack']).optional(),
  /** Reasoning effort asked for; absent: this model's default for speech. */
  effort: z.string().optional(),
  /** Requests of this arm that are sent at the same moment. */
  concurrency: z.int().min(1),
  /** The provider emulator answers: say so wherever the figures are shown. */
  emulated: z.boolean(),
});
export type BenchArm = z.infer<typeof armSchema>;

/** Moments of one request, ms after it was really started (`startedMs`); absent when not seen. */
export const phasesSchema = z
  .object({
    /** A connection was there to use: what `opened` counts lies before it. */
    connectionReadyMs: durationMs,
    requestSentMs: durationMs,
    headersMs: durationMs,
    /** First delta that carries anything, reasoning included. */
    firstDeltaMs: durationMs,
    /** First text: the TTFT of a voice agent. */
    firstContentMs: durationMs,
    /** Enough text to begin speaking, as the clause cutter of the agent has it. */
    firstClauseMs: durationMs,
    endMs: durationMs,
  })
  .partial();
export type Phases = z.infer<typeof phasesSchema>;

/** Why a sample may say more about this machine than about the provider. */
export const CONTAMINATION_KINDS = [
  /** The event loop was held up while the request ran: moments were noted late. */
  'event-loop',
  /** The host gave this machine's CPU to others (steal). */
  'steal',
  /** Every core was busy. */
  'cpu',
  /** The request left much later than it should have. */
  'late-start',
] as const;
export type ContaminationKind = (typeof CONTAMINATION_KINDS)[number];

const limitSchema = z.object({
  remaining: z.number(),
  limit: z.number().optional(),
  resetMs: durationMs.optional(),
});

/** One request as it was measured. Nothing in it is text of the prompt or of the answer. */
export const sampleSchema = z.object({
  /** Its place in the plan, from 0: what was measured already is known by it when a run is resumed. */
  index: count,
  armId: z.string(),
  /** Sent to get going, shown apart and in no figure. */
  warmUp: z.boolean(),
  /** BCP 47: `en`, `hi`. */
  language: z.string(),
  /** Which conversation, and which of its turns from 0: the history grows with it. */
  conversation: count,
  turn: count,
  /** Of the prompt, all messages together. */
  promptCharacters: count,

  /**
   * When the plan wanted it sent and when it was, ms after the run's start. The pace is set beforehand (open loop): a slow answer delays no other request, and what was sent late counts from `scheduledMs` in figures
   * that must not forget it (coordinated omission).
   */
  scheduledMs: ms,
  startedMs: ms,
  phases: phasesSchema,

  /** What it found: an open connection, a TLS session to resume, or nothing. */
  connection: z.enum(['cold', 'resumed', 'reused']).optional(),
  /** What opening took; absent on a reused connection, `dnsMs` where the host is an address, `tlsMs` without TLS. */
  opened: z.object({ dnsMs: durationMs, tcpMs: durationMs, tlsMs: durationMs }).partial().optional(),
  /** How long the connection had been left alone, where it was reused and that is known. */
  idleMs: durationMs.optional(),

  /** What the provider itself tells about its time. */
  providerTime: z
    .object({ queueMs: durationMs, prefillMs: durationMs, totalMs: durationMs })
    .partial()
    .optional(),
  /** Tokens as the provider counts them; `completionTokens` includes `reasoningTokens`, `promptTokens` `cachedTokens`. */
  tokens: z
    .object({
      promptTokens: count,
      cachedTokens: count,
      cacheWriteTokens: count,
      completionTokens: count,
      reasoningTokens: count,
    })
    .partial()
    .optional(),
  /** Of the answer's text, whether or not the provider counts tokens. */
  answerCharacters: count.optional(),
  /** The request body as sent, compressed where it was. */
  bodyBytes: count.optional(),
  /** What is left of the rate limits. */
  limits: z.object({ requests: limitSchema, tokens: limitSchema }).partial().optional(),
  /** US dollars: the provider's own figure, else by the price file; absent where neither tells. */
  costUsd: z.number().min(0).optional(),
  serviceTier: z.string().optional(),
  /** Who answered behind a gateway. */
  servedBy: z.string().optional(),
  /** The provider emulator answered, whatever the target is called. */
  emulated: z.literal(true).optional(),
  /** HTTP requests it took: 2 where an idle connection had been closed by the server. */
  requests: count,

  /** Absent where a whole answer came. What was seen before stays in `phases`. */
  error: z
    .object({
      /** A FirstwordError's code: `rate_limited`, `timeout`, `auth`. */
      kind: z.string(),
      message: z.string(),
      status: z.int().optional(),
    })
    .optional(),

  /** This machine while the request ran. */
  machine: z.object({
    /** Longest time that the event loop was held up. */
    eventLoopDelayMs: durationMs,
    /** Share of the CPU time that the host gave to others, 0 to 1; absent where the system does not tell. */
    stealShare: z.number().min(0).max(1).optional(),
    /** Share of all cores in use, 0 to 1. */
    cpuShare: z.number().min(0).max(1).optional(),
    /** Empty for a sound sample. Spoiled ones are kept, counted and shown, never dropped silently. */
    contaminated: z.array(z.enum(CONTAMINATION_KINDS)),
  }),
});
export type BenchSample = z.infer<typeof sampleSchema>;

/** TTFT as the provider gave it, ms from the moment the request really started; `undefined` without content. */
export const ttftMs = (sample: BenchSample): number | undefined => sample.phases.firstContentMs;

/** TTFT as a caller at the planned moment would have met it: being sent late counts (coordinated omission), ms. */
export function responseMs(sample: BenchSample): number | undefined {
  const { firstContentMs } = sample.phases;
  return firstContentMs === undefined
    ? undefined
    : Math.max(0, sample.startedMs - sample.scheduledMs) + firstContentMs;
}
