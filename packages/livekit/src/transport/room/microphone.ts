import { AudioFrame, type AudioSource } from '@livekit/rtc-node';
import { INPUT_RATE_HZ } from '../audio-input.js';

/**
 * No more than this waits in a microphone when nobody speaks, ms. Frames that are late come all at once, and the source plays
 * them at the pace of speech: else every stall of this process would delay the caller for the rest of the call. As much as
 * two frames is a cushion against the next one.
 */
const MOST_QUEUED_MS = 40;

/**
 * Speaks one frame, mono 16 kHz.
 * @param isPause nobody speaks in it: it is left out where it would be late, so that what comes after it is on time again
 */
export function speakInto(
  source: Pick<AudioSource, 'queuedDuration' | 'captureFrame'>,
  frame: Int16Array,
  isPause: boolean,
): void {
  if (isPause && source.queuedDuration > MOST_QUEUED_MS) return;
  // The source holds a second; a frame that it will not take any more, because the room has gone, is nobody's loss.
  source.captureFrame(new AudioFrame(frame, INPUT_RATE_HZ, 1, frame.length)).catch(() => {});
}
