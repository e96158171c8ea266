import { VAD_RATE_HZ, VAD_WINDOW_MS, voiceProbabilities } from '@firstword/livekit/audio';
import { resample } from '@firstword/local';
import { FRAME_MS, levelAt, levelsDb, SILENT_DB, smoothed } from './levels.js';
import { merged, type Span } from './span.js';
import { backgroundFrames, sureEndMs, voicedSpans } from './voiced.js';

/** Sound counts as speech if it is this much above the background, dB, … */
const ABOVE_BACKGROUND_DB = 5;
/** … of which this percentile is taken: in a real room the level varies by more than 10 dB, and so does its loudest part. */
const BACKGROUND_PERCENT = 90;
/** The background is what lies this far to either side, ms: it may change during a call. */
const BACKGROUND_REACH_MS = 2500;
/** Less background than this is no measure of it, ms, … */
const LEAST_BACKGROUND_MS = 60;
/** … nor is less than this share of the digital silence beside it: it may be a voice's own soft beginning. */
const LEAST_OF_SILENCE = 0.1;
/** Anything this much below the channel's loud speech is breath or echo, not speech, dB. */
const BELOW_SPEECH_DB = 40;
/** After the VAD's voice is nearly over, speech must be louder: what fades out there is the room's echo. dB below loud speech. */
const BELOW_SPEECH_LATE_DB = 34;
const LATE_MS = 32;
/** The background never raises the threshold to within this of loud speech, because that would cut soft sounds, dB. */
const CLEAR_OF_SPEECH_DB = 12;
/** Anything below this is inaudible on a telephone, dBFS. */
const INAUDIBLE_DB = -66;
const SPEECH_PERCENT = 95;
/** Where the threshold is within this of loud speech, soft sounds drown in noise, and the VAD is more accurate than the level, dB. */
const DROWNED_DB = 30;
/** How late the VAD is there at the beginning of a voice, and at its end, counted from its last sure window, ms. */
const VAD_START_LEAD_MS = 16;
const VAD_END_LAG_MS = 48;
/** Of a window of this length, at least half must be sound. This excludes clicks. */
const SUSTAIN_MS = 40;
/** Levels are averaged over this many frames … */
const SMOOTH_FRAMES = 5;
/** … which makes an abrupt edge up to this wide; a frame this far below the threshold is not part of the sound, dB. */
const SMEAR_FRAMES = 3;
const SMEARED_DB = 3;
/** How far before the VAD's voice its sound is searched for, and how far after it, ms. */
const BEFORE_VOICE_MS = 400;
const AFTER_VOICE_MS = 300;
/** A pause within the sound before the voice may be this long, ms, … */
const ONSET_GAP_MS = 60;
/** … and one within the sound after it: a final "t" follows a closure of up to 130 ms. */
const RELEASE_GAP_MS = 132;
/** For such a release the VAD must hear at least a hint of a voice, 0 to 1. A click has less. */
const RELEASE_PROBABILITY = 0.2;
/** Shorter gaps within speech (consonant closures, gaps between words) are merged. */
const MERGE_GAP_MS = 180;
const MIN_SPEECH_MS = 60;

/** One channel: the level of each frame, as it is and averaged over its neighbours, and what the VAD hears in each window. */
interface Channel {
  levels: Float64Array;
  smooth: Float64Array;
  probabilities: ArrayLike<number>;
  background: Uint8Array;
  /** Level of loud speech, dBFS. */
  loudDb: number;
}

const frameAt = (ms: number) => Math.floor(ms / FRAME_MS);

/** Level above which sound is speech near a moment, dBFS. */
function thresholdAt({ smooth, background, loudDb }: Channel, ms: number): number {
  const [from, to] = [Math.max(0, frameAt(ms - BACKGROUND_REACH_MS)), frameAt(ms + BACKGROUND_REACH_MS)];
  const near = smooth.subarray(from, to).filter((_, i) => background[from + i]);
  const sounding = near.filter((level) => level > SILENT_DB);
  const leastFrames = Math.max(
    LEAST_BACKGROUND_MS / FRAME_MS,
    LEAST_OF_SILENCE * (near.length - sounding.length),
  );
  const noiseDb = sounding.length < leastFrames ? -Infinity : levelAt(sounding, BACKGROUND_PERCENT);
  const overNoise = Math.min(noiseDb + ABOVE_BACKGROUND_DB, loudDb - CLEAR_OF_SPEECH_DB);
  return Math.max(INAUDIBLE_DB, loudDb - BELOW_SPEECH_DB, overNoise);
}

/** Whether a frame is sound, and so is at least half of the 40 ms that begin (`step` 1) or end (−1) with it. */
function isSustained(levels: Float64Array, frame: number, thresholdDb: number, step: 1 | -1): boolean {
  if (!(levels[frame]! > thresholdDb)) return false;
  const frames = SUSTAIN_MS / FRAME_MS;
  let sounding = 0;
  for (let i = 0; i < frames; i += 1) if (levels[frame + step * i]! > thresholdDb) sounding += 1;
  return sounding >= frames / 2;
}

/** The first frame of the sound that belongs to a voice; `undefined` if the voice is too quiet. */
function firstFrame(channel: Channel, voiced: Span, notBeforeMs: number): number | undefined {
  const { smooth, levels, loudDb } = channel;
  const thresholdDb = thresholdAt(channel, voiced.startMs);
  const [from, to] = [frameAt(voiced.startMs), Math.min(smooth.length, frameAt(voiced.endMs))];
  let first = from;
  while (first < to && !isSustained(smooth, first, thresholdDb, 1)) first += 1;
  const drowned = loudDb - thresholdDb < DROWNED_DB;
  if (first >= to) return drowned ? frameAt(voiced.startMs + VAD_START_LEAD_MS) : undefined;
  const earliest = frameAt(Math.max(notBeforeMs, voiced.startMs - BEFORE_VOICE_MS, 0));
  for (let i = first - 1, gap = 0; i >= earliest && gap * FRAME_MS <= ONSET_GAP_MS; i -= 1) {
    const isSound = isSustained(smooth, i, thresholdDb, 1) || isSustained(smooth, i, thresholdDb, -1);
    gap = isSound ? 0 : gap + 1;
    if (isSound) first = i;
  }
  for (let i = 0; i < SMEAR_FRAMES && levels[first]! <= thresholdDb - SMEARED_DB; i += 1) first += 1;
  return drowned ? Math.min(first, frameAt(voiced.startMs + VAD_START_LEAD_MS)) : first;
}

/** The frame after the sound that belongs to a voice; `undefined` if the voice is too quiet. */
function endFrame(channel: Channel, voiced: Span, notAfterMs: number): number | undefined {
  const { smooth, levels, probabilities, loudDb } = channel;
  const thresholdDb = thresholdAt(channel, voiced.endMs);
  const [from, to] = [frameAt(voiced.startMs), Math.min(smooth.length, frameAt(voiced.endMs))];
  let end = to;
  while (end > from && !isSustained(smooth, end - 1, thresholdDb, -1)) end -= 1;
  const drowned = loudDb - thresholdDb < DROWNED_DB;
  const byVad = frameAt(sureEndMs(probabilities, voiced) - VAD_END_LAG_MS);
  if (end === from) return drowned ? byVad : undefined;
  const latest = Math.min(smooth.length, frameAt(Math.min(notAfterMs, voiced.endMs + AFTER_VOICE_MS)));
  for (let i = end, gap = 0; i < latest && gap * FRAME_MS <= RELEASE_GAP_MS; i += 1) {
    const isSound =
      probabilities[Math.floor((i * FRAME_MS) / VAD_WINDOW_MS)]! >= RELEASE_PROBABILITY &&
      (isSustained(smooth, i, thresholdDb, 1) || isSustained(smooth, i, thresholdDb, -1));
    gap = isSound ? 0 : gap + 1;
    if (isSound) end = i + 1;
  }
  const lateDb = Math.max(thresholdDb, loudDb - BELOW_SPEECH_LATE_DB);
  while (end > frameAt(voiced.endMs - LATE_MS) && !(smooth[end - 1]! > lateDb)) end -= 1;
  for (let i = 0; i < SMEAR_FRAMES && levels[end - 1]! <= thresholdDb - SMEARED_DB; i += 1) end -= 1;
  return drowned ? Math.max(end, byVad) : end;
}

/**
 * Speech of a channel, by what the VAD hears and by the level: the VAD distinguishes a voice from the noise of a room, a
 * car or a line, and the level gives the moment to 4 ms.
 * @param levels level of each frame of 4 ms, dBFS
 * @param probabilities of a voice, in each window of 32 ms
 */
export function speechSpans(levels: Float64Array, probabilities: ArrayLike<number>): Span[] {
  const smooth = smoothed(levels, SMOOTH_FRAMES);
  const voiced = voicedSpans(probabilities);
  const ofVoice = new Uint8Array(levels.length);
  for (const { startMs, endMs } of voiced) ofVoice.fill(1, frameAt(startMs), frameAt(endMs));
  const loudDb = levelAt(
    smooth.filter((level, i) => ofVoice[i] && level > INAUDIBLE_DB),
    SPEECH_PERCENT,
  );
  const background = backgroundFrames(probabilities, voiced, { count: levels.length, frameMs: FRAME_MS });
  const channel = { levels, smooth, probabilities, background, loudDb };
  const spans = voiced.flatMap((voice, i) => {
    const first = firstFrame(channel, voice, voiced[i - 1]?.endMs ?? 0);
    const end = endFrame(channel, voice, voiced[i + 1]?.startMs ?? Infinity);
    if (first === undefined || end === undefined || end <= first) return [];
    return { startMs: first * FRAME_MS, endMs: end * FRAME_MS };
  });
  return merged(spans, MERGE_GAP_MS).filter((span) => span.endMs - span.startMs >= MIN_SPEECH_MS);
}

/** The VAD is less sure of a quiet voice, so its input is amplified until the loud parts have this level, dBFS, … */
const VAD_LEVEL_DB = -20;
/** … but by no more than this, dB: the background would become loud. */
const MOST_GAIN_DB = 24;

function amplified(samples: Int16Array, levels: Float64Array): Int16Array {
  const loudDb = levelAt(levels, SPEECH_PERCENT);
  const gain = 10 ** (Math.max(0, Math.min(MOST_GAIN_DB, VAD_LEVEL_DB - loudDb)) / 20);
  if (gain === 1) return samples;
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}

/**
 * Detects speech in one channel, to 4 ms. Short gaps are merged, clicks and noise left out.
 * @throws FirstwordError `aborted`
 */
export async function speechIn(
  samples: Int16Array,
  sampleRateHz: number,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Span[]> {
  const levels = levelsDb(samples, sampleRateHz);
  const loud = amplified(samples, levels);
  const atVadRate =
    sampleRateHz === VAD_RATE_HZ ? loud : resample(loud, { fromHz: sampleRateHz, toHz: VAD_RATE_HZ });
  return speechSpans(levels, await voiceProbabilities(atVadRate, options));
}
