import { readFile } from 'node:fs/promises';
import { decodeAudioFile } from '@firstword/livekit/audio';
import { readWav, resample } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { CALLER_RATE_HZ } from './clips.js';

/** The channels of a 16-bit PCM WAV file, which needs no decoder; `undefined` for any other file. */
async function plainChannels(path: string): Promise<Int16Array[] | undefined> {
  if (!/\.wav$/i.test(path)) return undefined;
  try {
    const { channels, sampleRateHz } = readWav(await readFile(path), path);
    return channels.map((one) => resample(one, { fromHz: sampleRateHz, toHz: CALLER_RATE_HZ }));
  } catch {
    // The decoder knows more formats, and what is wrong with the file.
    return undefined;
  }
}

/**
 * The channels of an audio file of any kind that `decodeAudioFile` knows, at 16 kHz: one, or left and right.
 * @throws FirstwordError `bad_input` that says what to do with a file that cannot be used; `aborted`
 */
export async function readAudio(
  path: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<[Int16Array, Int16Array?]> {
  const plain = await plainChannels(path);
  const decoded = async () =>
    readWav(await decodeAudioFile(path, { rateHz: CALLER_RATE_HZ, ...options }), path).channels;
  const [left, right] = plain ?? (await decoded());
  if (!left || left.length === 0)
    throw new FirstwordError('bad_input', `${path} holds no sound: leave it out`);
  return right ? [left, right] : [left];
}
