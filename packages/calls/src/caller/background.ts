import { merged, type Span } from '../tape/span.js';
import { CALLER_RATE_HZ, partOf, type RecordedAfter } from './clips.js';
import { roomTone } from './room-tone.js';

/** Sound that follows speech this closely is its echo, and is kept as it is, ms. */
const ECHO_MS = 150;
/** Sound this close before speech may be its breath, ms. */
const BREATH_MS = 150;
/** A background needs at least this much sound, ms; more than this is not needed. */
const LEAST_MS = 250;
const MOST_MS = 3000;

/**
 * The longest part of a recording in which nobody speaks, up to 3 s: what a room or a line sounds like.
 * @param speech all speech, of both sides of a call
 * @returns `undefined` if there is none of at least 250 ms, or only digital silence
 */
function backgroundOf(samples: Int16Array, speech: readonly Span[]): Int16Array | undefined {
  const lengthMs = (samples.length * 1000) / CALLER_RATE_HZ;
  const sound = merged(
    [...speech].sort((a, b) => a.startMs - b.startMs),
    0,
  );
  const silences: Span[] = [
    { startMs: 0, endMs: (sound[0]?.startMs ?? lengthMs) - BREATH_MS },
    ...sound.map(({ endMs }, i) => ({
      startMs: endMs + ECHO_MS,
      endMs: i + 1 < sound.length ? sound[i + 1]!.startMs - BREATH_MS : lengthMs,
    })),
  ];
  const length = ({ startMs, endMs }: Span) => endMs - startMs;
  const [longest] = silences.sort((a, b) => length(b) - length(a));
  if (!longest || length(longest) < LEAST_MS) return undefined;
  const { startMs, endMs } = longest;
  const part = partOf(samples, { startMs, endMs: Math.min(endMs, startMs + MOST_MS) });
  const silent = part.reduce((count, sample) => count + (sample === 0 ? 1 : 0), 0);
  return silent > part.length / 2 ? undefined : part;
}

/** Plays a background without end, forwards and backwards, so that no seam is heard. */
export function endless(background: Int16Array): (samples: number) => Int16Array {
  const period = 2 * background.length;
  let next = 0;
  return (samples) =>
    Int16Array.from({ length: samples }, () => {
      const i = next++ % period;
      return background[i < background.length ? i : period - 1 - i]!;
    });
}

/** Background where a recording has none: −80 dBFS is inaudible, but no digital silence, which upsets LiveKit's models. */
const FAINT_RMS = 3.3;

/** Noise that fills digital silence, inaudible. */
export const faintTone = (seed: number): ((samples: number) => Int16Array) => roomTone(seed, FAINT_RMS);

/** What is heard after a turn of a recording: its echo, then its background. */
export function afterTurn(
  { samples, caller, agent = [] }: { samples: Int16Array; caller: readonly Span[]; agent?: readonly Span[] },
  turn: Span,
): RecordedAfter {
  const nextMs = caller.find(({ startMs }) => startMs >= turn.endMs)?.startMs ?? Infinity;
  const echo = partOf(samples, { startMs: turn.endMs, endMs: Math.min(turn.endMs + ECHO_MS, nextMs) });
  const background = backgroundOf(samples, [...caller, ...agent]);
  return { echo, background: background ?? faintTone(1)(CALLER_RATE_HZ) };
}
