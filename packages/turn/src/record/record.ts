import { z } from 'zod';
import { FirstwordError } from '../errors.js';
import { gapBetween, type Ledger, type LedgerOptions, ledger, type Segment } from '../ledger/ledger.js';
import type { LedgerContext } from '../ledger/owner.js';
import { MARKS, seenMarks } from '../marks.js';
import {
  afterToolsSchema,
  durationMs,
  interruptionSchema,
  ms,
  ownerSchema,
  speechSpanSchema,
  toolSilenceSchema,
  toolSpanSchema,
} from '../silences/schemas.js';
import { toolSilenceOf } from '../silences/tool-silence.js';
import { type EndedTurn, noAnswerReason, TURN_OUTCOMES, type TurnFailure } from './outcome.js';

/** Name and version of the record schema, as in the `schema` field of every record. */
export const TURN_SCHEMA = 'firstword.turn/1';

const count = z.int().min(0);

const marksSchema = z
  .strictObject(
    Object.fromEntries(MARKS.map((name) => [name, ms])) as Record<(typeof MARKS)[number], typeof ms>,
  )
  .partial();

/**
 * Validated as any string, so that records of another version, which may name other segments, can still be read. The
 * narrower type makes a misspelled name in a comparison a compile error.
 */
const segmentNameSchema = z.string() as z.ZodType<string, string> as z.ZodType<Segment['name'], string>;

const segmentSchema = z.object({
  name: segmentNameSchema,
  owner: ownerSchema,
  fromMs: ms,
  toMs: ms,
  durationMs,
  /** By how much the felt gap would shrink without this segment. Absent for hidden work, and where it is not known. */
  gainMs: durationMs.optional(),
});

const tokensSchema = z
  .object({ promptTokens: count, completionTokens: count, cachedTokens: count, reasoningTokens: count })
  .partial();

const connectionSchema = z.object({
  state: z.enum(['cold', 'resumed', 'reused']),
  dnsMs: durationMs.optional(),
  tcpMs: durationMs.optional(),
  tlsMs: durationMs.optional(),
});

const llmSchema = z.object({
  provider: z.string(),
  model: z.string(),
  /** Whether the answer came from the provider emulator. Every display of the figures must say so. */
  emulated: z.boolean(),
  profile: z.string().optional(),
  region: z.string().optional(),
  connection: connectionSchema.optional(),
  tokens: tokensSchema.optional(),
  /** Times that the provider itself reported. */
  providerTime: z
    .object({ queueMs: durationMs, prefillMs: durationMs, totalMs: durationMs })
    .partial()
    .optional(),
  /** What is left of the rate limits, from the provider's response headers. */
  headroom: z.object({ requests: z.number(), tokens: z.number() }).partial().optional(),
  /**
   * What made the prompt differ from the prefix in the provider's cache, and the cost by the provider's own figures.
   * Absent if nothing did.
   */
  prefixBreak: z
    .object({
      at: z.union([z.literal('tools'), z.object({ message: count, role: z.string() })]),
      what: z.enum(['changed', 'removed', 'inserted']),
      /** How to fix it. Contains no transcript. */
      advice: z.string(),
      lostCharacters: count,
      lostTokens: count.optional(),
      costMs: durationMs.optional(),
    })
    .optional(),
  /** Number of requests sent for this answer, including the winning one. */
  requests: count,
  /** Every routing decision, in order. */
  attempts: z
    .array(
      z.object({
        provider: z.string(),
        model: z.string(),
        reason: z.enum(['primary', 'hedge', 'failover', 'replace']),
        outcome: z.enum(['won', 'cancelled', 'failed']),
        startedMs: ms,
        firstContentMs: ms.optional(),
        error: z.string().optional(),
      }),
    )
    .optional(),
});

const speechSchema = z.object({ provider: z.string(), model: z.string(), voice: z.string().optional() });

const sttSchema = speechSchema.extend({
  /** How often its connection was lost since the turn before, and replaced by a new one. Absent if it was not. */
  reconnections: count.optional(),
  /** The STT has not confirmed the words: its last interim transcript was taken as final. Absent if it has. */
  isUnconfirmed: z.literal(true).optional(),
});

const speculationSchema = z.object({
  started: count,
  kept: count,
  cancelled: count,
  /** Tokens of the cancelled speculations: their prompts, and their answers as far as they were streamed. */
  wastedTokens: count.optional(),
  /**
   * Whether some of these tokens are estimated, at four characters a token, because the provider had not reported them.
   */
  wastedTokensEstimated: z.boolean().optional(),
  hiddenMs: durationMs.optional(),
});

/** The origin of a turn that another tool recorded, and the durations it reported, which marks cannot express. */
const realtimeSchema = z.object({
  /** Responses that the model has begun in this turn. */
  responses: count,
  /** Of these, the ones that were completed without an audible sample or a tool call. */
  silentResponses: count,
  /** How the provider ended the turn, such as `server_vad`. Absent if it is not reported, or if the session did it. */
  turnDetection: z.string().optional(),
  /** False if the provider ended the turn and did not report it: its first output is the first that is known of the answer. */
  isTurnEndReported: z.literal(false).optional(),
  /** Tokens of audio, of the caller and of the model. Contained in `llm.tokens`. */
  tokens: z.object({ audioInputTokens: count, audioOutputTokens: count }).partial().optional(),
});

const rescueSchema = z.object({
  /** From the end of the turn to the moment in which it was decided. */
  afterMs: durationMs,
  /** Whether something was heard then. */
  isHeard: z.boolean(),
  /** Why, such as `empty`: the response was completed without an audible sample. Absent in records of earlier versions. */
  reason: z.string().optional(),
  /** The realtime model was asked again, an LLM and the TTS answered, or the caller was asked to repeat what was lost. */
  by: z.enum(['model', 'cascade', 'repeat']).optional(),
  /** The LLM that answered. */
  llm: z.object({ provider: z.string(), model: z.string() }).optional(),
});

const importedSchema = z.object({
  /** The source, such as `LiveKit chat history`. */
  from: z.string(),
  /** The language of the LiveKit SDK that reported it. Absent if not known. */
  sdk: z.enum(['python', 'node']).optional(),
  /** A speech-to-speech model answered. `llmTtftMs` then runs from the response's creation to its first audio. */
  isRealtime: z.boolean().optional(),
  /** From the caller's last sample, according to the agent's VAD, to the first frame of the answer sent. */
  e2eMs: durationMs.optional(),
  /** From the caller's last sample to the final transcript, and to the end of the turn (which contains it). */
  transcriptionDelayMs: durationMs.optional(),
  endOfTurnDelayMs: durationMs.optional(),
  /** Duration of the user's own code at the end of the turn. */
  userLogicMs: durationMs.optional(),
  /** From the caller's last sample to the release of the reply. Its LLM and TTS may have started earlier. */
  replyReleasedMs: durationMs.optional(),
  /** From the LLM request to its first chunk; after a tool call, of the last request. */
  llmTtftMs: durationMs.optional(),
  /** From the LLM request to the end of its first sentence. */
  llmFirstSentenceMs: durationMs.optional(),
  /** From the LLM's first chunk to its last. */
  llmStreamMs: durationMs.optional(),
  /** From the first text to the first byte of audio. */
  ttsTtfbMs: durationMs.optional(),
  /** From the first frame sent to its playback. */
  playbackLatencyMs: durationMs.optional(),
});

const failureSchema: z.ZodType<TurnFailure, TurnFailure> = z.object({
  part: z.enum(['stt', 'llm', 'tts', 'app']),
  code: z.string(),
  status: z.int().min(100).max(599).optional(),
});

const repairedSchema = z.object({
  /**
   * `half`: the caller was cut off after this turn, and its answer was stopped. `whole`: this turn joins what was said before
   * the cut-off and after it; its answer is the only one.
   */
  part: z.enum(['half', 'whole']),
  /** From the commit of the half to the first sound with which the caller went on, as the agent heard it. */
  resumedMs: durationMs,
  /** From that sound until the agent stopped sending its answer. Absent if nothing of the answer was audible. */
  stoppedMs: durationMs.optional(),
});

/** Validates a turn record. Unknown fields are dropped; an unknown mark is an error. */
export const turnRecordSchema = z.object({
  schema: z.literal(TURN_SCHEMA),
  callId: z.string().min(1),
  /** 1 for the first turn of the call. */
  turn: z.int().min(1),
  /** Wall time at which the caller stopped speaking, RFC 3339; if unknown, when the record was begun. */
  at: z.iso.datetime(),
  /** Monotonic ms since the call began. */
  marks: marksSchema,
  feltGapMs: durationMs.optional(),
  segments: z.array(segmentSchema),
  hidden: z.array(segmentSchema),
  /** Why there is no felt gap, if there is none. */
  problem: z.string().optional(),
  /** How the turn ended. Only `answered` and `interrupted` turns can have a felt gap. Absent if not reported. */
  outcome: z.enum(TURN_OUTCOMES).optional(),
  /** Why the turn failed. Absent if it did not, or if the reason is not known. */
  failure: failureSchema.optional(),
  /** How the caller's audio arrives: from an app in a LiveKit room, or from the telephone. Absent if unknown. */
  transport: z.enum(['room', 'telephone']).optional(),
  /** Whether the caller interrupted this answer. */
  interrupted: z.boolean(),
  /** Whether the caller's turn began while the agent was speaking. */
  bargeIn: z.boolean(),
  /** The agent committed the turn in a pause inside it, and the caller went on. Absent if not. */
  repaired: repairedSchema.optional(),
  toolCalls: count,
  /** The tools that were run for this turn, in the order of their starts. Absent if not reported. */
  tools: z.array(toolSpanSchema).optional(),
  /** The requests to the LLM with the results of tools, in order. Absent if there was none, or if not reported. */
  afterTools: z.array(afterToolsSchema).optional(),
  /** When the agent could be heard in this turn, in order. Only of turns with tools. Absent if not reported. */
  speech: z.array(speechSpanSchema).optional(),
  /** The longest silence of a turn with tools, and its parts: a copy, as the segments are. */
  toolSilence: toolSilenceSchema.optional(),
  /** Interruptions by the caller while the agent could be heard. Absent if not reported. */
  interruptions: z.array(interruptionSchema).optional(),
  llm: llmSchema.optional(),
  stt: sttSchema.optional(),
  tts: speechSchema.optional(),
  speculation: speculationSchema.optional(),
  /** Present only if a realtime (speech-to-speech) model answered the turn. */
  realtime: realtimeSchema.optional(),
  /** Present only if no answer of a realtime model was heard, or not all of it, and it was replaced. */
  rescue: rescueSchema.optional(),
  /** Silence trimmed from the beginning of the answer's audio. Absent if trimming is off. */
  trimmedMs: durationMs.optional(),
  /**
   * How much earlier the TTS received its first words than LiveKit's sentence tokenizer would have delivered the first
   * sentence of the same answer. Absent if not measured.
   */
  clauseLeadMs: durationMs.optional(),
  /**
   * The answer was late, and a filler phrase was spoken before it, which ends the felt gap. `answerGapMs` is from the
   * last caller speech sample to the first audio of the answer itself; absent if no answer followed.
   */
  bridge: z.object({ durationMs, answerGapMs: durationMs.optional() }).optional(),
  /**
   * Which levers were on for this turn, by name. All are false for LiveKit's defaults. Absent if unknown.
   */
  levers: z.record(z.string(), z.boolean()).optional(),
  /** The values of options that can own a segment, such as `endpointing.minDelay`. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Present only if another tool recorded the turn. */
  imported: importedSchema.optional(),
  /** Present only if the user enabled transcripts. */
  transcript: z.object({ caller: z.string(), agent: z.string() }).partial().optional(),
});

/** One turn of one call: one line of JSON. */
export type TurnRecord = z.infer<typeof turnRecordSchema>;

/** What was recorded of a turn, before the ledger is computed. */
export type TurnObservation = Omit<
  TurnRecord,
  'schema' | 'feltGapMs' | 'segments' | 'hidden' | 'problem' | 'toolSilence'
>;

function contextOf(turn: TurnObservation): LedgerContext {
  const endpointingSetting = turn.settings?.['endpointing.bound'];
  const turnDetectionSetting = turn.settings?.['turnDetection.bound'];
  return {
    sttProvider: turn.stt?.provider,
    llmProvider: turn.llm?.provider,
    // A realtime model is its own voice.
    ttsProvider: turn.tts?.provider ?? (turn.realtime ? turn.llm?.provider : undefined),
    connection: turn.llm?.connection?.state,
    endpointingSetting: typeof endpointingSetting === 'string' ? endpointingSetting : undefined,
    turnDetectionSetting: typeof turnDetectionSetting === 'string' ? turnDetectionSetting : undefined,
  };
}

/**
 * Computes the ledger of a record from its marks. Only an answer has a felt gap: of a turn that failed, or that ended
 * without an answer, the ledger has the reason in `problem` and no segments.
 */
export function ledgerOf(turn: TurnObservation, options?: LedgerOptions): Ledger {
  const found = ledger(turn.marks, contextOf(turn), options);
  const problem = noAnswerReason(turn);
  if (problem === undefined) return found;
  return { feltGapMs: undefined, segments: [], hidden: [], missing: found.missing, problem };
}

/**
 * The felt gap of a turn, ms, or why it has none: what `ledgerOf` says, at a tenth of the cost, for reports on many turns.
 */
export const feltGapOf = (turn: EndedTurn): number | string => noAnswerReason(turn) ?? gapBetween(turn.marks);

/**
 * Makes a record by adding the ledger. The segments are a copy for tools that only read JSON; Firstword itself computes
 * them from the marks. Marks are rounded to their grid, and invalid ones are left out, because JSON would write null.
 */
export function toTurnRecord(turn: TurnObservation): TurnRecord {
  const { feltGapMs, segments, hidden, problem } = ledgerOf(turn);
  const toolSilence = toolSilenceOf(turn, contextOf(turn));
  return {
    schema: TURN_SCHEMA,
    ...turn,
    marks: Object.fromEntries(seenMarks(turn.marks)),
    ...(feltGapMs === undefined ? {} : { feltGapMs }),
    segments,
    hidden,
    ...(problem === undefined ? {} : { problem }),
    ...(toolSilence === undefined ? {} : { toolSilence }),
  };
}

const SCHEMA_FAMILY = /^firstword\.turn\/(\d+)$/;

/** Reports a record of another version as such, instead of an error about one of its fields. */
function refuseOtherVersion(value: unknown): void {
  const schema: unknown = value && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
  if (schema === TURN_SCHEMA || typeof schema !== 'string' || !SCHEMA_FAMILY.test(schema)) return;
  throw new FirstwordError(
    'record_invalid',
    `this record is ${schema} and this Firstword reads ${TURN_SCHEMA}: update Firstword to read it`,
  );
}

/**
 * Records take 2 to 10 KB. A line of 16 MB with millions of invalid segments would take gigabytes to report, an issue for each.
 */
const MAX_RECORD_CHARS = 256 * 1024;

/**
 * Reads one line of JSON as a turn record. Unknown fields are dropped. Unknown marks are an error, because the ledger
 * would be wrong without them.
 * @throws FirstwordError `record_invalid`, naming the first invalid field, or the unsupported version.
 */
export function parseTurnRecord(line: string): TurnRecord {
  if (line.length > MAX_RECORD_CHARS)
    throw new FirstwordError('record_invalid', 'longer than 256 KB, more than a turn record can be');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's message quotes the line, which may contain a transcript, so it is not passed on as the cause.
    throw new FirstwordError('record_invalid', 'not a line of JSON: was the file cut short?');
  }
  refuseOtherVersion(value);
  const result = turnRecordSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.join('.') || 'the record';
  throw new FirstwordError('record_invalid', `${where}: ${issue.message} (expected ${TURN_SCHEMA})`);
}

/** The published JSON Schema of a turn record: what `parseTurnRecord` accepts. */
export function turnRecordJsonSchema(): Record<string, unknown> {
  return {
    title: TURN_SCHEMA,
    description: 'One turn of one call with a voice agent: its marks, and the ledger of its felt gap.',
    ...z.toJSONSchema(turnRecordSchema, { target: 'draft-2020-12', io: 'input' }),
  };
}
