import { z } from 'zod';

/** What a client of LiveKit's adaptive interruption sends besides audio. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session.create'),
    settings: z.object({ sample_rate: z.number(), encoding: z.literal('s16le'), min_frames: z.number() }),
  }),
  z.object({ type: z.literal('session.close') }),
]);

/** An audio message: the client's time of sending, 8 bytes, then PCM. */
export function readAudio(data: Buffer): { createdAt: number; bytes: Uint8Array } {
  return { createdAt: Number(data.readBigUInt64LE(0)), bytes: data.subarray(8) };
}

/** Frames of 25 ms that a probability is reported for. */
const FRAME_COUNT = 4;

/** The answer to an audio message. `createdAt` is repeated from it. */
export function verdict(options: { createdAt: number; isInterruption: boolean; latencyMs: number }): object {
  const { createdAt, isInterruption, latencyMs } = options;
  return {
    type: isInterruption ? 'bargein_detected' : 'inference_done',
    created_at: createdAt,
    probabilities: Array.from({ length: FRAME_COUNT }, () => (isInterruption ? 0.9 : 0.1)),
    prediction_duration: latencyMs / 1000,
    ...(isInterruption ? {} : { is_bargein: false }),
  };
}
