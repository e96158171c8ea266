import { FirstwordError } from '@firstword/turn';
import localInference from '@livekit/local-inference';

/** Sample rate that LiveKit's VAD model takes, Hz. */
export const VAD_RATE_HZ = 16_000;
/** Length of the windows that it judges, ms: 512 samples. */
export const VAD_WINDOW_MS = 32;

const WINDOW_SAMPLES = (VAD_RATE_HZ * VAD_WINDOW_MS) / 1000;

/**
 * The probability, 0 to 1, that somebody speaks in each window of 32 ms, by LiveKit's local VAD model. Takes about 0.1 ms a
 * window, on libuv's threads. Does not load LiveKit Agents.
 * @param samples mono, 16 kHz; a last incomplete window is filled with silence
 * @throws FirstwordError `aborted`
 */
export async function voiceProbabilities(
  samples: Int16Array,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Float32Array> {
  // The model remembers what it has heard, so each recording gets its own.
  const vad = localInference.createVad();
  const probabilities = new Float32Array(Math.ceil(samples.length / WINDOW_SAMPLES));
  for (let i = 0; i < probabilities.length; i += 1) {
    if (signal?.aborted) throw new FirstwordError('aborted', 'stopped before the end of the recording');
    const window = new Int16Array(WINDOW_SAMPLES);
    window.set(samples.subarray(i * WINDOW_SAMPLES, (i + 1) * WINDOW_SAMPLES));
    probabilities[i] = await vad.predict(window);
  }
  return probabilities;
}
