import { join } from 'node:path';
import { decodeAudioFile } from '@firstword/livekit/audio';
import { readWav } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import type { Noise, RecordedUtterance, SpeechFolder } from './manifest.js';

/** Sample rate of LiveKit's VAD and end-of-turn model, Hz. */
export const RATE_HZ = 16_000;
/** Background before the utterance, ms. */
export const LEAD_MS = 500;
/** How much of the file is kept after its last speech, ms. */
const KEPT_MS = 150;
/** Background after that, ms: longer than LiveKit's longest wait. */
const TAIL_MS = 2700;
/** Over this time one sound gives way to the other, ms. */
const FADE_MS = 20;
const WINDOW_MS = 20;
/** Quietest background: -80 dB of full scale. Nobody hears it, but it is no digital silence, which upsets models. */
const QUIETEST = 3.3;

const samplesOf = (ms: number) => Math.round((ms * RATE_HZ) / 1000);
const clamp = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/**
 * Decodes an audio file to 16 kHz, and mixes two channels into one.
 * @throws FirstwordError `bad_input` that says what to do with a file that cannot be used
 */
export async function decodeMono(path: string): Promise<Int16Array> {
  const { channels } = readWav(await decodeAudioFile(path, { rateHz: RATE_HZ }), path);
  const [left, right] = channels;
  return right ? left!.map((sample, i) => Math.round((sample + right[i]!) / 2)) : left!;
}

const rms = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length));
const isDigitalSilence = (samples: Int16Array) =>
  samples.filter((value) => value === 0).length > samples.length / 2;

/** Level of the recording where nobody speaks: the lower quartile of its windows outside speech. */
function backgroundLevel(
  samples: Int16Array,
  { speechStartMs, speechEndMs, pauses }: RecordedUtterance,
): number {
  const silences = [
    { fromMs: 0, toMs: speechStartMs - 40 },
    { fromMs: speechEndMs + KEPT_MS, toMs: Number.POSITIVE_INFINITY },
    ...pauses.map(({ startMs, endMs }) => ({ fromMs: startMs + 60, toMs: endMs - 60 })),
  ];
  const levels: number[] = [];
  for (let ms = 0; samplesOf(ms + WINDOW_MS) <= samples.length; ms += WINDOW_MS) {
    const window = samples.subarray(samplesOf(ms), samplesOf(ms + WINDOW_MS));
    const isOutside = silences.some(({ fromMs, toMs }) => ms >= fromMs && ms + WINDOW_MS <= toMs);
    if (isOutside && !isDigitalSilence(window)) levels.push(rms(window));
  }
  levels.sort((a, b) => a - b);
  return Math.max(QUIETEST, levels.length < 3 ? 0 : levels[levels.length >> 2]!);
}

/** The background that fits best: of the same speaker, else of the same source, else of the same kind of line. */
function noiseFor(utterance: RecordedUtterance, noises: readonly Noise[]): Noise {
  const kind = utterance.sampleRate === 8000 ? 'linetone' : 'roomtone';
  const fits = [
    (noise: Noise) => noise.kind === kind && noise.speaker === utterance.speaker,
    (noise: Noise) => noise.kind === kind && noise.source === utterance.source,
    (noise: Noise) => noise.kind === kind,
    () => true,
  ];
  for (const isFit of fits) {
    const found = noises.find(isFit);
    if (found) return found;
  }
  throw new FirstwordError('internal', 'no background');
}

/** Plays a noise forwards and backwards without end, at a level. No seam is heard. */
function endless(noise: Int16Array, level: number): (index: number) => number {
  const gain = level / Math.max(1, rms(noise));
  const period = 2 * noise.length;
  return (index) => {
    const at = index % period;
    return gain * noise[at < noise.length ? at : period - 1 - at]!;
  };
}

/** Background, the utterance up to its last speech, background. No digital silence. The file begins at `LEAD_MS`. */
export async function playable(
  utterance: RecordedUtterance,
  { dir, noises }: SpeechFolder,
): Promise<Int16Array> {
  const file = await decodeMono(join(dir, utterance.file));
  const noise = await decodeMono(join(dir, noiseFor(utterance, noises).file));
  const background = endless(noise, backgroundLevel(file, utterance));
  const lead = samplesOf(LEAD_MS);
  const kept = Math.min(file.length, samplesOf(utterance.speechEndMs + KEPT_MS));
  const window = samplesOf(WINDOW_MS);
  const fade = samplesOf(FADE_MS);
  const audio = new Int16Array(lead + kept + samplesOf(TAIL_MS));
  for (let i = 0, isSilent = false; i < audio.length; i += 1) {
    const at = i - lead;
    if (at >= 0 && at % window === 0)
      isSilent = at < kept && isDigitalSilence(file.subarray(at, Math.min(kept, at + window)));
    const share = Math.max(0, Math.min(1, at / fade, (kept - at) / fade));
    const speech = share > 0 ? share * file[at]! : 0;
    audio[i] = clamp(speech + (isSilent ? 1 : 1 - share) * background(i));
  }
  return audio;
}
