import { join } from 'node:path';
import { readRecording } from '@firstword/calls';
import { readSpeech } from '../endpointing/people/manifest.js';
import type { MeterError } from './evaluate.js';

/**
 * Errors on recordings of people in a folder with a manifest. Files that were cut in the middle of speech have no end and are left
 * out.
 * @throws FirstwordError `bad_input`
 */
export async function measurePeople(
  dir: string,
  onFile: (done: number, count: number) => void,
): Promise<MeterError[]> {
  const utterances = (await readSpeech(dir)).utterances.filter(({ end }) => end === 'natural');
  const errors: MeterError[] = [];
  for (const { file, kind, speechStartMs, speechEndMs } of utterances) {
    const { caller } = await readRecording(join(dir, file));
    const [first, last] = [caller[0], caller.at(-1)];
    errors.push({
      file,
      kind,
      ...(first && last ? { startMs: first.startMs - speechStartMs, endMs: last.endMs - speechEndMs } : {}),
    });
    onFile(errors.length, utterances.length);
  }
  return errors;
}
