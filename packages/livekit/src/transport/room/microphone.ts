import { AudioFrame, type AudioSource } from '@livekit/rtc-node';
import { INPUT_RATE_HZ } from '../audio-input.js';

/**
 * Longest queue of a microphone in a pause, ms. After a stall of this process late frames arrive all at once, and the source
 * sends them in real time; without a limit every stall would delay the caller for the rest of the call. Two frames are
 * kept as a buffer against the next stall.
 */
const MOST_QUEUED_MS = 40;

/**
 * Sends one frame, mono 16 kHz.
 * @param isPause the frame is silent: it is dropped if it would be late, so that later frames are on time again
 */
export function speakInto(
  source: Pick<AudioSource, 'queuedDuration' | 'captureFrame'>,
  frame: Int16Array,
  isPause: boolean,
): void {
  if (isPause && source.queuedDuration > MOST_QUEUED_MS) return;
  // The source queues up to a second. It rejects a frame when the room is closed; that can be ignored.
  source.captureFrame(new AudioFrame(frame, INPUT_RATE_HZ, 1, frame.length)).catch(() => {});
}
