import { getJobContext, inference } from '@livekit/agents';
import localInference from '@livekit/local-inference';

/** The model takes at most this much audio: 1.2 s at 16 kHz. */
const MAX_SAMPLES = 19_200;

type Executor = NonNullable<NonNullable<ConstructorParameters<typeof inference.TurnDetector>[0]>['executor']>;

/**
 * Runs LiveKit's end-of-turn model where there is no LiveKit job (a job brings an executor of its own; without one the
 * detector takes every pause for the end of a turn). Inference happens on libuv's threads, not on the event loop.
 */
const localExecutor: Executor = {
  async doInference(_method, data) {
    const pcm = Buffer.from((data as { pcm: string }).pcm, 'base64');
    const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.byteLength & ~1)));
    const startedMs = performance.now();
    const probability = await localInference.predict(
      samples.subarray(Math.max(0, samples.length - MAX_SAMPLES)),
    );
    return { probability, inferenceDurationMs: performance.now() - startedMs };
  },
};

/** LiveKit's local end-of-turn detector, usable with and without a job. */
export function localTurnDetector(): inference.TurnDetector {
  const executor = getJobContext(false) ? {} : { executor: localExecutor };
  return new inference.TurnDetector({ version: 'v1-mini', ...executor });
}

/** Loads the local VAD and end-of-turn models (about 110 MB) before the first call needs them. */
export function loadLocalModels(): void {
  localInference.initVad();
  localInference.initEot();
}
