import {
  CALLER_RATE_HZ,
  COMPARE_CALLS,
  noisyRoomRms,
  roomTone,
  speechIn,
  synthesizeCall,
} from '@firstword/calls';
import { fliteTts } from '@firstword/local';
import type { MeterError } from './evaluate.js';

const LEAD_MS = 1000;
const TAIL_MS = 1500;
const samplesOf = (ms: number) => (ms * CALLER_RATE_HZ) / 1000;

/** One line in the noise of its room, and where the detector finds it. */
async function errorOf(clip: Int16Array, room: Int16Array): Promise<Pick<MeterError, 'startMs' | 'endMs'>> {
  for (const [i, sample] of clip.entries()) {
    const at = samplesOf(LEAD_MS) + i;
    room[at] = Math.max(-32_768, Math.min(32_767, room[at]! + sample));
  }
  const spans = await speechIn(room, CALLER_RATE_HZ);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return {};
  const endMs = LEAD_MS + (clip.length * 1000) / CALLER_RATE_HZ;
  return { startMs: first.startMs - LEAD_MS, endMs: last.endMs - endMs };
}

/** Errors on the lines of `firstword compare`, each in the noise of its call; the true edges are those of the clean clip. */
export async function measureSynthetic(onFile: (done: number, count: number) => void): Promise<MeterError[]> {
  const count = COMPARE_CALLS.reduce((sum, { lines }) => sum + lines.length, 0);
  const errors: MeterError[] = [];
  for (const { id, voice: name, snrDb, lines } of COMPARE_CALLS) {
    const voice = fliteTts({ voice: name });
    try {
      const clips = await synthesizeCall({ lines, voice });
      const speech = clips.map(({ samples }) => samples);
      const rms = snrDb === undefined ? undefined : noisyRoomRms(speech, snrDb);
      for (const [i, samples] of speech.entries()) {
        const room = roomTone(i + 1, rms)(samples.length + samplesOf(LEAD_MS + TAIL_MS));
        const kind = snrDb === undefined ? 'quiet room' : 'noise';
        errors.push({ file: `${id}/${i + 1}`, kind, ...(await errorOf(samples, room)) });
        onFile(errors.length, count);
      }
    } finally {
      await voice.close();
    }
  }
  return errors;
}
