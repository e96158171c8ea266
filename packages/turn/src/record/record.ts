import { z } from 'zod';
import { FirstwordError } from '../errors.js';
import { type Ledger, ledger, type Segment } from '../ledger/ledger.js';
import type { LedgerContext } from '../ledger/owner.js';
import { MARKS, seenMarks } from '../marks.js';

export const TURN_SCHEMA = 'firstword.turn/1';

const ms = z.number();
const durationMs = z.number().min(0);
const count = z.int().min(0);

const marksSchema = z
  .strictObject(
    Object.fromEntries(MARKS.map((name) => [name, ms])) as Record<(typeof MARKS)[number], typeof ms>,
  )
  .partial();

const ownerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('setting'), name: z.string() }),
  z.object({ kind: z.literal('provider'), name: z.string() }),
  z.object({ kind: z.literal('network') }),
  z.object({ kind: z.literal('app') }),
  z.object({ kind: z.literal('unaccounted') }),
]);

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
  /** True when the answer came from the provider emulator: say so wherever the figures are shown. */
  emulated: z.boolean(),
  profile: z.string().optional(),
  region: z.string().optional(),
  connection: connectionSchema.optional(),
  tokens: tokensSchema.optional(),
  /** What the provider itself says about its time. */
  providerTime: z
    .object({ queueMs: durationMs, prefillMs: durationMs, totalMs: durationMs })
    .partial()
    .optional(),
  /** What is left of the rate limits, as the provider's headers tell it. */
  headroom: z.object({ requests: z.number(), tokens: z.number() }).partial().optional(),
  /**
   * What broke the prefix of the prompt that the provider had in its cache, and what that cost by the provider's own
   * figures; absent where nothing did.
   */
  prefixBreak: z
    .object({
      at: z.union([z.literal('tools'), z.object({ message: count, role: z.string() })]),
      what: z.enum(['changed', 'removed', 'inserted']),
      /** How to mend it; free of transcripts. */
      advice: z.string(),
      lostCharacters: count,
      lostTokens: count.optional(),
      costMs: durationMs.optional(),
    })
    .optional(),
  /** Requests sent for this answer, the winning one included. */
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

const speculationSchema = z.object({
  started: count,
  kept: count,
  cancelled: count,
  /** Prompt and answer, as far as it was streamed, of the cancelled ones. */
  wastedTokens: count.optional(),
  /** True where some of them were cut short before the provider told: those are counted at four characters a token. */
  wastedTokensEstimated: z.boolean().optional(),
  hiddenMs: durationMs.optional(),
});

/** A turn that another tool recorded, and the durations that it told. Some of them have no place among the moments. */
const importedSchema = z.object({
  /** What it was read from, such as `LiveKit chat history`. */
  from: z.string(),
  /** From the caller's last sample, as the agent's VAD has it, to the first frame of the answer sent. */
  e2eMs: durationMs.optional(),
  /** From the caller's last sample to the final transcript, and to the end of the turn (which contains it). */
  transcriptionDelayMs: durationMs.optional(),
  endOfTurnDelayMs: durationMs.optional(),
  /** What the user's own code took at the end of the turn. */
  userLogicMs: durationMs.optional(),
  /** From the caller's last sample to the release of the reply; its LLM and voice may have begun before. */
  replyReleasedMs: durationMs.optional(),
  /** From the LLM's start to its first chunk; after a tool call, of the last request. */
  llmTtftMs: durationMs.optional(),
  /** From the first text to the first byte of audio. */
  ttsTtfbMs: durationMs.optional(),
  /** From the first frame sent to its playback, where that is told. */
  playbackLatencyMs: durationMs.optional(),
});

export const turnRecordSchema = z.object({
  schema: z.literal(TURN_SCHEMA),
  callId: z.string().min(1),
  /** 1 for the first answered turn of the call. */
  turn: z.int().min(1),
  /** Wall time at which the caller stopped speaking, RFC 3339; when the record was begun if that was not seen. */
  at: z.iso.datetime(),
  /** Monotonic ms since the call began. */
  marks: marksSchema,
  feltGapMs: durationMs.optional(),
  segments: z.array(segmentSchema),
  hidden: z.array(segmentSchema),
  /** Why there is no felt gap, where there is none. */
  problem: z.string().optional(),
  /** How the caller's audio came: by a LiveKit room from an app, or from the telephone; absent where nobody told. */
  transport: z.enum(['room', 'telephone']).optional(),
  /** The caller spoke over this answer and stopped it. */
  interrupted: z.boolean(),
  /** The caller's turn itself began by speaking over the agent. */
  bargeIn: z.boolean(),
  toolCalls: count,
  llm: llmSchema.optional(),
  stt: speechSchema.optional(),
  tts: speechSchema.optional(),
  speculation: speculationSchema.optional(),
  /** Silence cut from the beginning of the answer's audio; absent where nothing trims it. */
  trimmedMs: durationMs.optional(),
  /**
   * How much sooner the voice got its first words than LiveKit's sentence tokenizer would have handed it the first
   * sentence of the same answer; 0 where the sentence was there as soon; absent where that was not measured.
   */
  clauseLeadMs: durationMs.optional(),
  /**
   * A phrase was said before the answer, which was late: it is what ends the felt gap. `answerGapMs` is from the last
   * caller speech sample to the first audio of the answer itself; absent where none came.
   */
  bridge: z.object({ durationMs, answerGapMs: durationMs.optional() }).optional(),
  /**
   * The ways of taking silence away that were switched on or off for this turn, by name: all false where LiveKit's
   * defaults answered; absent where nobody told.
   */
  levers: z.record(z.string(), z.boolean()).optional(),
  /** The options in force that can own a segment, such as `endpointing.minDelay`. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Only where the turn was not recorded by Firstword. */
  imported: importedSchema.optional(),
  /** Only when the user asked for transcripts. */
  transcript: z.object({ caller: z.string(), agent: z.string() }).partial().optional(),
});

/** One turn of one call: one line of JSON. */
export type TurnRecord = z.infer<typeof turnRecordSchema>;

/** What an observer saw of a turn, before the ledger is worked out. */
export type TurnObservation = Omit<TurnRecord, 'schema' | 'feltGapMs' | 'segments' | 'hidden' | 'problem'>;

function contextOf(turn: TurnObservation): LedgerContext {
  const endpointingSetting = turn.settings?.['endpointing.bound'];
  return {
    sttProvider: turn.stt?.provider,
    llmProvider: turn.llm?.provider,
    ttsProvider: turn.tts?.provider,
    connection: turn.llm?.connection?.state,
    endpointingSetting: typeof endpointingSetting === 'string' ? endpointingSetting : undefined,
  };
}

/** The ledger of a record, worked out afresh from its marks. */
export function ledgerOf(turn: TurnObservation): Ledger {
  return ledger(turn.marks, contextOf(turn));
}

/**
 * Adds the ledger to what was seen. The segments are a copy for tools that only read JSON: the marks are the truth.
 * Marks are written on their grid, and only those really seen: JSON has no NaN, and would write null.
 */
export function toTurnRecord(turn: TurnObservation): TurnRecord {
  const { feltGapMs, segments, hidden, problem } = ledgerOf(turn);
  return {
    schema: TURN_SCHEMA,
    ...turn,
    marks: Object.fromEntries(seenMarks(turn.marks)),
    ...(feltGapMs === undefined ? {} : { feltGapMs }),
    segments,
    hidden,
    ...(problem === undefined ? {} : { problem }),
  };
}

const SCHEMA_FAMILY = /^firstword\.turn\/(\d+)$/;

/** A record of a later version, named as such: the fields that do not fit would only mislead. */
function refuseOtherVersion(value: unknown): void {
  const schema: unknown = value && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
  if (schema === TURN_SCHEMA || typeof schema !== 'string' || !SCHEMA_FAMILY.test(schema)) return;
  throw new FirstwordError(
    'record_invalid',
    `this record is ${schema} and this Firstword reads ${TURN_SCHEMA}: update Firstword to read it`,
  );
}

/**
 * Reads one line of JSON as a turn record. Fields that this version does not know are dropped; marks that it does not
 * know are refused, because a ledger without them would be wrong.
 * @throws FirstwordError `record_invalid`, naming the first field that does not fit, or the version that does not.
 */
export function parseTurnRecord(line: string): TurnRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which may hold a transcript: it is not passed on as the cause.
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
