import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AudioBand, FirstwordError } from '@firstword/turn';
import { z } from 'zod';

const span = z.object({ startMs: z.number(), endMs: z.number() });

const utterance = z.object({
  file: z.string(),
  speaker: z.string(),
  source: z.string(),
  language: z.string(),
  kind: z.string(),
  sampleRate: z.number(),
  speechStartMs: z.number(),
  speechEndMs: z.number(),
  pauses: z.array(span),
  end: z.enum(['natural', 'cut', 'pause']),
  /** The words, where a person has written them down. */
  text: z.string().nullish(),
});
const noise = z.object({
  file: z.string(),
  speaker: z.string().nullish(),
  source: z.string(),
  kind: z.enum(['roomtone', 'linetone']),
  zeroFrac: z.number().default(0),
});

/** One person's utterance. Times are ms from the start of the file. */
export type RecordedUtterance = z.infer<typeof utterance>;
/** A recording in which nobody speaks: of a room, or of a telephone line. */
export type Noise = z.infer<typeof noise>;

/** What the recording of an utterance carries. */
export const bandOf = ({ sampleRate }: RecordedUtterance): AudioBand =>
  sampleRate <= 8000 ? 'telephone' : 'wide';

/** What a folder of speech contains. */
export interface SpeechFolder {
  dir: string;
  utterances: RecordedUtterance[];
  noises: Noise[];
}

/** A noise with more digital silence than this is of no use as a background. */
const MAX_ZEROS = 0.5;

/**
 * Reads `manifest.jsonl` of a folder: one JSON object a line for each file. Lines of other kinds (whole calls, impulse
 * responses) are left out.
 * @throws FirstwordError `bad_input` naming the file or line
 */
export async function readSpeech(dir: string): Promise<SpeechFolder> {
  const path = join(dir, 'manifest.jsonl');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new FirstwordError('bad_input', `cannot read ${path}: give a folder with a manifest.jsonl`, {
      cause,
    });
  }
  const lines = text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [parse(line, `${path}:${i + 1}`)]));
  const utterances = lines.flatMap((line) => utterance.safeParse(line).data ?? []);
  const noises = lines
    .flatMap((line) => noise.safeParse(line).data ?? [])
    .filter(({ zeroFrac }) => zeroFrac <= MAX_ZEROS);
  if (utterances.length === 0) throw new FirstwordError('bad_input', `${path} lists no utterances`);
  if (noises.length === 0)
    throw new FirstwordError('bad_input', `${path} lists no roomtone or linetone to follow the utterances`);
  return { dir, utterances, noises };
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new FirstwordError('bad_input', `${where} is no JSON`, { cause });
  }
}
