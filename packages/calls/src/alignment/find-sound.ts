import { resample } from '@firstword/local';

/** Search rate: resolves 1/8 ms, and keeps the speech band below 4 kHz. */
const RATE_HZ = 8000;
const SAMPLES_PER_MS = RATE_HZ / 1000;
/** Resolution of the loudness curves by which whole calls are aligned, ms. */
const CALL_STEP_MS = 20;
/** Maximum offset between the beginnings of two recordings of the same call, ms. */
const CALL_REACH_MS = 60_000;
/** Recordings whose loudness curves correlate less than this are not of the same call. */
const LEAST_CALL_SIMILARITY = 0.5;
/** One channel of a recording, at the search rate. */
export interface MonoRecording {
  /** Mono at `RATE_HZ`. */
  readonly samples: Int16Array;
}

/** Resamples a channel to the search rate. */
export function monoRecording(samples: Int16Array, rateHz: number): MonoRecording {
  return { samples: rateHz === RATE_HZ ? samples : resample(samples, { fromHz: rateHz, toHz: RATE_HZ }) };
}

/** The loudness curve (RMS per `CALL_STEP_MS`). */
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

/** Cosine similarity of `piece` and the part of `all` that begins at `from`: 1 where they are equal up to a factor. */
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

/** The position in `all`, between `from` and `to`, where `piece` matches best. */
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

/** Subtracts the mean. Otherwise matching silence would dominate the similarity. */
function centred(levels: Float64Array): Float64Array {
  const mean = levels.reduce((sum, level) => sum + level, 0) / Math.max(1, levels.length);
  return levels.map((level) => level - mean);
}

/**
 * The offset of the same sound in `other`, each recording counted from its own beginning, ms, to the nearest 20. Found
 * from the loudness curves of the whole call.
 * @returns `undefined` where the recordings do not match
 */
export function callLagMs(one: MonoRecording, other: MonoRecording): number | undefined {
  const mine = centred(loudness(one));
  const others = centred(loudness(other));
  const reach = CALL_REACH_MS / CALL_STEP_MS;
  const { at, similarity: alike } = mostAlike(mine, others, -reach, reach);
  return alike < LEAST_CALL_SIMILARITY ? undefined : at * CALL_STEP_MS;
}

/** A sound found in another recording: its offset, ms, and the similarity, 0 to 1. */
export interface FoundSound {
  lagMs: number;
  similarity: number;
}

/**
 * Finds a part of one recording in another by its waveform.
 * @param options.aroundMs expected offset, ms
 * @param options.withinMs maximum deviation from it, ms
 * @param options.leastSimilarity minimum similarity of a match, 0 to 1
 * @returns `undefined` where there is no match
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
