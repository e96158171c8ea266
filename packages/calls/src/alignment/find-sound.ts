import { resample } from '@firstword/local';

/** Fine enough to tell a moment to an eighth of a millisecond, and all that speech has below 4 kHz. */
const RATE_HZ = 8000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
/** Steps of loudness in which whole calls are laid over each other, ms. */
const CALL_STEP_MS = 20;
/** How far apart the beginnings of two recordings of the same call may be, ms. */
const CALL_REACH_MS = 60_000;
/** Calls whose loudness is less alike than this, 0 to 1, are not the same. */
const LEAST_CALL_SIMILARITY = 0.5;
/** One channel of a recording, to look for sound in. */
export interface MonoRecording {
  /** Mono at `RATE_HZ`. */
  readonly samples: Int16Array;
}

export function monoRecording(samples: Int16Array, rateHz: number): MonoRecording {
  return { samples: rateHz === RATE_HZ ? samples : resample(samples, { fromHz: rateHz, toHz: RATE_HZ }) };
}

/** Amplitude in steps of `CALL_STEP_MS`. */
function loudness({ samples }: MonoRecording): Float64Array {
  const step = CALL_STEP_MS * SAMPLES_PER_MS;
  const levels = new Float64Array(Math.floor(samples.length / step));
  for (let i = 0; i < levels.length; i += 1) {
    let squares = 0;
    for (let at = i * step; at < (i + 1) * step; at += 1) squares += samples[at]! ** 2;
    levels[i] = Math.sqrt(squares / step);
  }
  return levels;
}

/** Cosine of the angle between `piece` and the stretch of `all` that begins at `from`: 1 where they are alike. */
function similarity(
  piece: ArrayLike<number>,
  all: ArrayLike<number>,
  from: number,
  pieceEnergy: number,
): number {
  let product = 0;
  let energy = 0;
  for (let i = Math.max(0, -from); i < piece.length && from + i < all.length; i += 1) {
    const other = all[from + i]!;
    product += piece[i]! * other;
    energy += other * other;
  }
  return energy === 0 ? 0 : product / Math.sqrt(energy * pieceEnergy);
}

/** Where in `all` something like `piece` begins, among `from` to `to`. */
function mostAlike(piece: ArrayLike<number>, all: ArrayLike<number>, from: number, to: number) {
  let pieceEnergy = 0;
  for (let i = 0; i < piece.length; i += 1) pieceEnergy += piece[i]! ** 2;
  let best = { at: from, similarity: 0 };
  if (pieceEnergy === 0) return best;
  for (let at = from; at <= to; at += 1) {
    const found = similarity(piece, all, at, pieceEnergy);
    if (found > best.similarity) best = { at, similarity: found };
  }
  return best;
}

/** Differences from the mean: else silence would look like silence, and long pauses would decide. */
function centred(levels: Float64Array): Float64Array {
  const mean = levels.reduce((sum, level) => sum + level, 0) / Math.max(1, levels.length);
  return levels.map((level) => level - mean);
}

/**
 * How much later the same sound is in `other`, each recording counted from its own beginning, ms, to the nearest 20:
 * from the loudness of the whole call.
 * @returns `undefined` where they are not alike
 */
export function callLagMs(one: MonoRecording, other: MonoRecording): number | undefined {
  const mine = centred(loudness(one));
  const others = centred(loudness(other));
  const reach = CALL_REACH_MS / CALL_STEP_MS;
  const { at, similarity: alike } = mostAlike(mine, others, -reach, reach);
  return alike < LEAST_CALL_SIMILARITY ? undefined : at * CALL_STEP_MS;
}

/** A sound found in another recording: how much later, ms, and how like itself, 0 to 1. */
export interface FoundSound {
  lagMs: number;
  similarity: number;
}

/**
 * Where a stretch of one recording is found in another by its waveform.
 * @param around what the lag is about, ms
 * @param withinMs how far from that it may be
 * @param leastSimilarity sound that is less alike, 0 to 1, is not it
 * @returns `undefined` where nothing like it is there
 */
export function findSound(options: {
  from: MonoRecording;
  startMs: number;
  endMs: number;
  other: MonoRecording;
  aroundMs: number;
  withinMs: number;
  leastSimilarity: number;
}): FoundSound | undefined {
  const { from, other, aroundMs, withinMs } = options;
  const start = Math.max(0, Math.round(options.startMs * SAMPLES_PER_MS));
  const piece = from.samples.subarray(start, Math.max(start, Math.round(options.endMs * SAMPLES_PER_MS)));
  const near = start + Math.round((aroundMs - withinMs) * SAMPLES_PER_MS);
  const { at, similarity: alike } = mostAlike(
    piece,
    other.samples,
    near,
    near + Math.round(2 * withinMs * SAMPLES_PER_MS),
  );
  if (alike < options.leastSimilarity) return undefined;
  return { lagMs: (at - start) / SAMPLES_PER_MS, similarity: alike };
}
