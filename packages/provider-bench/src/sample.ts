import { z } from 'zod';

const ms = z.number();
const durationMs = z.number().min(0);
const count = z.int().min(0);

/**
 * State of the connection when a request is sent: `warm` in use, `cold` none (the request pays for DNS, TCP and TLS),
 * `idle` open but unused for the arm's `idleMs`.
 */
export const MODES = ['warm', 'cold', 'idle'] as const;
/** A connection mode. */
export type Mode = (typeof MODES)[number];

/** One arm of a run: a model with the settings of its requests. Every sample belongs to one arm. */
export const armSchema = z.object({
  /** What is measured; absent: an LLM. */
  kind: z.enum(['stt', 'tts', 'realtime']).optional(),
  /** Unique in its run and shown to users: `groq:openai/gpt-oss-120b`, `openai:gpt-4.1-mini · cold`. */
  id: z.string(),
  /** `provider:model`, as given by the user. */
  target: z.string(),
  provider: z.string(),
  model: z.string(),
  mode: z.enum(MODES),
  /** Idle time before each request, ms; only in mode `idle`. */
  idleMs: durationMs.optional(),
  /** `stable`: consecutive prompts share their prefix. `broken`: each prompt starts with new text. */
  prefix: z.enum(['stable', 'broken']),
  /** Encoding of the request body; absent: the provider's default. */
  bodyEncoding: z.enum(['json', 'gzip', 'msgpack']).optional(),
  /** Requested reasoning effort; absent: the default for speech with this model. */
  effort: z.string().optional(),
  /** Silence after which a realtime model's provider ends the turn; absent where it takes no such setting. */
  silenceMs: durationMs.optional(),
  /** Requests of this arm that are sent at the same time. */
  concurrency: z.int().min(1),
  /** Whether the provider emulator answers. Every display of the figures must say so. */
  emulated: z.boolean(),
});
/** An arm of a bench run. */
export type BenchArm = z.infer<typeof armSchema>;

/** Times of one request, ms after its actual start (`startedMs`). Absent where not observed. */
export const phasesSchema = z
  .object({
    /** A connection was available. The times in `opened` lie before it. */
    connectionReadyMs: durationMs,
    requestSentMs: durationMs,
    headersMs: durationMs,
    /** First delta with any content, reasoning included. */
    firstDeltaMs: durationMs,
    /** First text: the TTFT that matters to a voice agent. */
    firstContentMs: durationMs,
    /** First clause, as cut by the agent's clause cutter: enough text to start the TTS. */
    firstClauseMs: durationMs,
    endMs: durationMs,
  })
  .partial();
/** Times of one request. */
export type Phases = z.infer<typeof phasesSchema>;

const connectionMs = durationMs.optional();

/**
 * Times of an utterance at an STT or a realtime model (after its last word) or an answer of a TTS (after its text), ms. It holds no words.
 */
export const speechSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stt'),
    /** Final transcript. */
    finalMs: durationMs.optional(),
    /** Preflight transcript: the turn has probably ended. Negative before the last word. */
    eagerMs: ms.optional(),
    /** First interim transcript after the first sample of speech, and the median interval between interims. */
    firstInterimMs: durationMs.optional(),
    interimEveryMs: durationMs.optional(),
    interims: count,
    /** Length of the final transcripts. */
    characters: count,
    /** Time to open the WebSocket; absent where one was open. */
    connectionMs,
    /** Audio sent since the stream's last measurement, silence included, ms. */
    billed: durationMs,
  }),
  z.object({
    kind: z.literal('tts'),
    /** First audio (TTFB). */
    firstByteMs: durationMs.optional(),
    /** First audible sample. */
    firstAudibleMs: durationMs.optional(),
    /** Duration of the audio. */
    audioMs: durationMs,
    connectionMs,
    /** Characters of the text. */
    billed: count,
  }),
  z.object({
    kind: z.literal('realtime'),
    connectionMs,
    /** From the request for the connection to a session that hears. */
    sessionMs: durationMs.optional(),
    /** Reports of the provider: the turn is over, a response has begun. Absent where it reports neither. */
    turnEndMs: durationMs.optional(),
    createdMs: durationMs.optional(),
    /** First audio. */
    firstByteMs: durationMs.optional(),
    /** First audible sample. */
    firstAudibleMs: durationMs.optional(),
    /** Duration of the session, ms. */
    billed: durationMs,
  }),
]);
/** What a speech engine took for one request. */
export type SpeechTimes = z.infer<typeof speechSchema>;

/** Reasons why this machine may have distorted a sample. */
export const CONTAMINATION_KINDS = [
  /** The event loop was blocked while the request ran, so times were recorded late. */
  'event-loop',
  /** The hypervisor gave CPU time to other guests (steal). */
  'steal',
  /** Every core was busy. */
  'cpu',
  /** The request was sent much later than scheduled. */
  'late-start',
] as const;
/** A reason why this machine may have distorted a sample. */
export type ContaminationKind = (typeof CONTAMINATION_KINDS)[number];

const limitSchema = z.object({
  remaining: z.number(),
  limit: z.number().optional(),
  resetMs: durationMs.optional(),
});

/** One measured request. It contains no text of the prompt or the answer. */
export const sampleSchema = z.object({
  /** Index in the plan, from 0. A resumed run uses it to skip requests that were already measured. */
  index: count,
  armId: z.string(),
  /** Sent to warm up; excluded from all figures. */
  warmUp: z.boolean(),
  /** BCP 47: `en`, `hi`. */
  language: z.string(),
  /** Conversation, and turn within it from 0. The history grows with the turn. */
  conversation: count,
  turn: count,
  /** Length of the prompt, all messages together. */
  promptCharacters: count,

  /**
   * Scheduled and actual send time, ms after the run's start. The pace is fixed in advance (open loop), so a slow answer
   * delays no other request. Rankings and comparisons count latency from `scheduledMs`, to avoid coordinated omission.
   */
  scheduledMs: ms,
  startedMs: ms,
  phases: phasesSchema,
  /** For a speech engine or a realtime model. `startedMs` is then the last word, or the moment of the text. */
  speech: speechSchema.optional(),

  /** The connection used: new, new with a resumed TLS session, or reused. */
  connection: z.enum(['cold', 'resumed', 'reused']).optional(),
  /** Time to open the connection; absent where reused. `dnsMs` is absent for an IP address, `tlsMs` without TLS. */
  opened: z.object({ dnsMs: durationMs, tcpMs: durationMs, tlsMs: durationMs }).partial().optional(),
  /** Idle time of a reused connection, ms, where known. */
  idleMs: durationMs.optional(),

  /** Times reported by the provider. */
  providerTime: z
    .object({ queueMs: durationMs, prefillMs: durationMs, totalMs: durationMs })
    .partial()
    .optional(),
  /** Tokens reported by the provider. `completionTokens` includes `reasoningTokens`; `promptTokens` includes `cachedTokens`. */
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
  /** Length of the answer's text. */
  answerCharacters: count.optional(),
  /** Size of the request body as sent, after compression. */
  bodyBytes: count.optional(),
  /** Remaining rate limits. */
  limits: z.object({ requests: limitSchema, tokens: limitSchema }).partial().optional(),
  /** US dollars, as reported by the provider, otherwise computed from the prices; absent where neither is known. */
  costUsd: z.number().min(0).optional(),
  serviceTier: z.string().optional(),
  /** The provider that a gateway routed the request to. */
  servedBy: z.string().optional(),
  /** The provider emulator answered, under whatever target name. */
  emulated: z.literal(true).optional(),
  /** HTTP requests sent: 2 where the server had closed an idle connection. */
  requests: count,

  /** Absent for a complete answer. Phases observed before the error stay in `phases`. */
  error: z
    .object({
      /** A FirstwordError's code: `rate_limited`, `timeout`, `auth`. */
      kind: z.string(),
      message: z.string(),
      status: z.int().optional(),
    })
    .optional(),

  /** Load of this machine while the request ran. */
  machine: z.object({
    /** Longest block of the event loop, ms. */
    eventLoopDelayMs: durationMs,
    /** Share of CPU time that the hypervisor gave to other guests, 0 to 1; absent where the system does not report it. */
    stealShare: z.number().min(0).max(1).optional(),
    /** Share of all cores in use, 0 to 1. */
    cpuShare: z.number().min(0).max(1).optional(),
    /** Empty for a clean sample. Contaminated samples are kept, counted and reported. */
    contaminated: z.array(z.enum(CONTAMINATION_KINDS)),
  }),
});
/** One measured request. */
export type BenchSample = z.infer<typeof sampleSchema>;

/**
 * What is compared, from the actual send time, ms: first content of an LLM, final transcript of an STT, first audible sample
 * of a TTS or a realtime model; `undefined` where it did not come.
 */
export function ttftMs({ phases, speech }: Pick<BenchSample, 'phases' | 'speech'>): number | undefined {
  if (!speech) return phases.firstContentMs;
  return speech.kind === 'stt' ? speech.finalMs : speech.firstAudibleMs;
}

/** The same from the scheduled send time, ms. Avoids coordinated omission. */
export function responseMs(sample: BenchSample): number | undefined {
  const tookMs = ttftMs(sample);
  return tookMs === undefined ? undefined : Math.max(0, sample.startedMs - sample.scheduledMs) + tookMs;
}
