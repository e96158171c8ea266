import { z } from 'zod';
import { FirstwordError } from '../errors.js';
import { HELLO_MARKS, type HelloMarkName, helloLedger, seenHelloMarks } from './hello.js';
import { durationMs, ms, silenceSegmentSchema } from './schemas.js';

/** Name and version of the schema of a call's record, as in its `schema` field. */
export const CALL_SCHEMA = 'firstword.call/1';

const marksSchema = z
  .strictObject(Object.fromEntries(HELLO_MARKS.map((name) => [name, ms])) as Record<HelloMarkName, typeof ms>)
  .partial();

const namedSchema = z.object({ provider: z.string(), model: z.string() });

/** Validates a call's record. Unknown fields are dropped; an unknown mark is an error. */
const callRecordSchema = z.object({
  schema: z.literal(CALL_SCHEMA),
  callId: z.string().min(1),
  /** Wall time of the caller's arrival, RFC 3339; if unknown, when the record was begun. */
  at: z.iso.datetime(),
  /** Marks of the time to hello, on the clock of the call's turn records: ms since the call began. */
  marks: marksSchema,
  /** From the caller's arrival to the first audible sample. */
  helloMs: durationMs.optional(),
  segments: z.array(silenceSegmentSchema),
  hidden: z.array(silenceSegmentSchema),
  /** Why there is no time to hello, if there is none. */
  problem: z.string().optional(),
  /** Where the first words came from: cached audio, a fixed text, or the LLM. Absent if nothing was said. */
  greeting: z.enum(['cached', 'said', 'generated']).optional(),
  llm: namedSchema.extend({ emulated: z.boolean().optional() }).optional(),
  tts: namedSchema.optional(),
  transport: z.enum(['room', 'telephone']).optional(),
  levers: z.record(z.string(), z.boolean()).optional(),
});

/** One call: how long its caller waited for the first words. One line of JSON, in the file of the call's turn records. */
export type CallRecord = z.infer<typeof callRecordSchema>;

/** What was recorded of a call, before the ledger is computed. */
export type CallObservation = Omit<CallRecord, 'schema' | 'helloMs' | 'segments' | 'hidden' | 'problem'> & {
  /** Why there is no greeting, if that is known. */
  problem?: string | undefined;
};

/** Makes a call's record by adding the ledger of its time to hello. */
export function toCallRecord({ problem: known, ...call }: CallObservation): CallRecord {
  const { helloMs, segments, hidden, problem } = helloLedger(call.marks, {
    llmProvider: call.llm?.provider,
    // A realtime model is its own voice.
    ttsProvider: call.tts?.provider ?? call.llm?.provider,
  });
  const why = helloMs === undefined ? (known ?? problem) : undefined;
  return {
    schema: CALL_SCHEMA,
    ...call,
    marks: Object.fromEntries(seenHelloMarks(call.marks)),
    ...(helloMs === undefined ? {} : { helloMs }),
    segments,
    hidden,
    ...(why === undefined ? {} : { problem: why }),
  };
}

/** Whether a line of JSON begins as a call's record, of this version or another. Turn records are in the same files. */
export const isCallRecord = (line: string): boolean =>
  /^\s*\{\s*"schema"\s*:\s*"firstword\.call\//.test(line);

/** Longest record of a call, characters: a whole one takes 2 to 4 KB. */
const MAX_RECORD_CHARS = 64 * 1024;

/**
 * Reads one line of JSON as a call's record. Unknown fields are dropped; unknown marks are an error.
 * @throws FirstwordError `record_invalid`, naming the first invalid field
 */
export function parseCallRecord(line: string): CallRecord {
  if (line.length > MAX_RECORD_CHARS)
    throw new FirstwordError('record_invalid', 'longer than 64 KB, more than a call’s record can be');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's message quotes the line.
    throw new FirstwordError('record_invalid', 'not a line of JSON: was the file cut short?');
  }
  const result = callRecordSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.join('.') || 'the record';
  throw new FirstwordError('record_invalid', `${where}: ${issue.message} (expected ${CALL_SCHEMA})`);
}

/** The published JSON Schema of a call's record: what `parseCallRecord` accepts. */
export function callRecordJsonSchema(): Record<string, unknown> {
  return {
    title: CALL_SCHEMA,
    description: 'One call with a voice agent: the marks of its time to hello, and their ledger.',
    ...z.toJSONSchema(callRecordSchema, { target: 'draft-2020-12', io: 'input' }),
  };
}
