import { VAD_WINDOW_MS } from '@firstword/livekit/audio';
import type { Span } from './span.js';

/** A voice begins with a window of at least this probability, and lasts while it is above the other: LiveKit's own values. */
const ON = 0.5;
const OFF = 0.35;
/** From this on the VAD is sure. */
const SURE = 0.95;
/** A window below this has no voice in it, … */
const BACKGROUND = 0.15;
/** … unless it is this close to a voice, whose first or last sounds it may hold, ms. */
const BEFORE_VOICE_MS = 96;
const AFTER_VOICE_MS = 160;

/** Where the VAD hears a voice, to one window. It hears the beginning some 30 ms late, and the end some 60 ms late. */
export function voicedSpans(probabilities: ArrayLike<number>): Span[] {
  const spans: Span[] = [];
  let isOn = false;
  for (let i = 0; i < probabilities.length; i += 1) {
    const endMs = (i + 1) * VAD_WINDOW_MS;
    if (!isOn && probabilities[i]! >= ON) spans.push({ startMs: endMs - VAD_WINDOW_MS, endMs });
    else if (isOn && probabilities[i]! > OFF) spans.at(-1)!.endMs = endMs;
    isOn = probabilities[i]! >= (isOn ? OFF : ON);
  }
  return spans;
}

/** End of the last window of a voice that the VAD is sure of, ms; in noise it hesitates long before it gives a voice up. */
export function sureEndMs(probabilities: ArrayLike<number>, { startMs, endMs }: Span): number {
  let end = endMs / VAD_WINDOW_MS;
  while (end > startMs / VAD_WINDOW_MS + 1 && probabilities[end - 1]! < SURE) end -= 1;
  return end * VAD_WINDOW_MS;
}

/** Whether a moment certainly holds background alone, for every frame: 1 or 0. */
export function backgroundFrames(
  probabilities: ArrayLike<number>,
  voiced: readonly Span[],
  { count, frameMs }: { count: number; frameMs: number },
): Uint8Array {
  const background = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const probability = probabilities[Math.floor((i * frameMs) / VAD_WINDOW_MS)] ?? 1;
    background[i] = probability < BACKGROUND ? 1 : 0;
  }
  for (const { startMs, endMs } of voiced) {
    const from = Math.max(0, Math.floor((startMs - BEFORE_VOICE_MS) / frameMs));
    background.fill(0, from, Math.ceil((endMs + AFTER_VOICE_MS) / frameMs));
  }
  return background;
}
