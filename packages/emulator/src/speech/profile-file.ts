import { readFileSync } from 'node:fs';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';

/** The `schema` of a file of a recorded profile. */
export const SPEECH_PROFILE_SCHEMA = 'firstword.speech-profile/1';

const durationMs = z.number().min(0);
const delay = z.object({
  p50Ms: durationMs,
  p95Ms: durationMs,
  /** The delays as they were recorded. One of them is drawn each time. */
  recordedMs: z.array(durationMs).min(1).optional(),
});
const named = {
  name: z.string().min(1),
  models: z.array(z.string()),
  source: z.string(),
  assumed: z.string(),
};

const sttProfileSchema = z.object({
  ...named,
  interim: z.object({ everyMs: z.number().positive(), lagMs: durationMs }),
  revision: z.number().min(0).max(1),
  final: delay,
  finalizeMs: durationMs,
  endpointingMs: durationMs,
  eager: delay.optional(),
  endsTurns: z.boolean(),
  formatted: z.enum(['all', 'finals']),
});

const ttsProfileSchema = z.object({
  ...named,
  firstAudio: delay,
  chunkMs: z.number().positive(),
  leadingSilenceMs: durationMs,
  speed: z.number().positive(),
});

const recorded = {
  schema: z.literal(SPEECH_PROFILE_SCHEMA),
  /** The engine, as it was named to the recorder. */
  target: z.string(),
  /** ISO 8601. */
  recordedAt: z.string(),
  /** Version of Firstword. */
  version: z.string(),
  /** For each line or sentence, what was reported and when, ms: after the last sample of the line, or after the text. No words. */
  turns: z.array(z.object({ events: z.array(z.object({ kind: z.string(), atMs: z.number() })) })),
};

const fileSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stt'), profile: sttProfileSchema, ...recorded }),
  z.object({ kind: z.literal('tts'), profile: ttsProfileSchema, ...recorded }),
]);

/** One session of a hosted speech engine, as `firstword record-speech` writes it: its events, and a profile that replays it. */
export type SpeechProfileFile = z.infer<typeof fileSchema>;

/** Whether a profile is named by its file instead of its name. */
export const isProfileFile = (name: string): boolean => name.toLowerCase().endsWith('.json');

/**
 * Reads a recorded profile.
 * @param kind the kind of engine that it must be of
 * @throws FirstwordError `bad_input` for a file that cannot be read, or of the other kind; `record_invalid` for any other content
 */
export function readSpeechProfile<Kind extends 'stt' | 'tts'>(
  path: string,
  kind: Kind,
): Extract<SpeechProfileFile, { kind: Kind }> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FirstwordError('bad_input', `no profile can be read at ${path}: check the path`, { cause });
  }
  const parsed = fileSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new FirstwordError(
      'record_invalid',
      `${path} is not a profile of firstword record-speech: at ${issue.path.join('.') || 'the top level'}, ${issue.message}`,
    );
  }
  if (parsed.data.kind !== kind) {
    throw new FirstwordError(
      'bad_input',
      `${path} is a profile of a ${parsed.data.kind.toUpperCase()}, not of a ${kind.toUpperCase()}.`,
    );
  }
  return parsed.data as Extract<SpeechProfileFile, { kind: Kind }>;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
