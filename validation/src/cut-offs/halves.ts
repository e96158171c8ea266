import { join } from 'node:path';
import { synthesizeCall } from '@firstword/calls';
import { fliteTts } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { decodeMono, RATE_HZ } from '../endpointing/people/audio.js';
import { readSpeech } from '../endpointing/people/manifest.js';

/** A turn in two halves: mono, 16 kHz, each from its first to its last speech sample. */
export interface Halves {
  name: string;
  first: Int16Array;
  second: Int16Array;
}

/** Shortest half, ms: a shorter one may be a breath. */
const MIN_HALF_MS = 500;
/** Longest half that is used, ms: it keeps the bench short. */
const MAX_HALF_MS = 2_500;
/** Kept after the last speech of a half, ms. */
const KEPT_MS = 60;

/** Turns of people, cut in their first long enough pause. @throws FirstwordError `bad_input` */
export async function halvesOfPeople(dir: string, count: number): Promise<Halves[]> {
  const { utterances } = await readSpeech(dir);
  const halves: Halves[] = [];
  for (const { file, language, speechStartMs, speechEndMs, pauses } of utterances) {
    if (halves.length === count) break;
    const pause = pauses.find(
      ({ startMs, endMs }) => startMs - speechStartMs >= MIN_HALF_MS && speechEndMs - endMs >= MIN_HALF_MS,
    );
    if (!language.startsWith('en') || !pause) continue;
    const samples = await decodeMono(join(dir, file));
    const part = (fromMs: number, toMs: number) =>
      samples.slice(Math.round((fromMs * RATE_HZ) / 1000), Math.round((toMs * RATE_HZ) / 1000));
    halves.push({
      name: file,
      first: part(Math.max(speechStartMs, pause.startMs - MAX_HALF_MS), pause.startMs + KEPT_MS),
      second: part(pause.endMs, Math.min(speechEndMs + KEPT_MS, pause.endMs + MAX_HALF_MS)),
    });
  }
  if (halves.length === 0) throw new FirstwordError('bad_input', `no utterance of ${dir} has a pause`);
  return halves;
}

/** One turn of a synthetic voice. */
export async function syntheticHalves(): Promise<Halves[]> {
  const voice = fliteTts({ voice: 'rms' });
  try {
    const line = (text: string) => ({ parts: [text], breathMs: 0 });
    const clips = await synthesizeCall({
      lines: [line('I would like to book a table.'), line('And we are four people, at eight.')],
      voice,
    });
    return [{ name: 'flite', first: clips[0]!.samples, second: clips[1]!.samples }];
  } finally {
    await voice.close();
  }
}
