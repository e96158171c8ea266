import { type Clock, systemClock } from '@firstword/turn';
import { getJobContext, inference } from '@livekit/agents';
import localInference from '@livekit/local-inference';
import { type EndpointingOptions, holdMs } from './endpointing.js';

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

/**
 * Holds answers back that are not sure. LiveKit reads its delay before it has the answer, so a delay that depends on
 * the answer has to be in it.
 */
export function patientExecutor(
  executor: Executor,
  options: { endpointing: EndpointingOptions; clock: Clock },
): Executor {
  const { endpointing, clock } = options;
  return {
    async doInference(method, data) {
      const askedMs = clock.nowMs();
      const answer = await executor.doInference(method, data);
      const { probability } = answer as { probability: number };
      const leftMs = askedMs + holdMs(probability, endpointing) - clock.nowMs();
      if (leftMs > 0) await new Promise<void>((resolve) => clock.schedule(leftMs, resolve));
      return answer;
    },
  };
}

/**
 * LiveKit's local end-of-turn detector, usable with and without a job.
 *
 * @param options.endpointing waits by how sure the end is, instead of one `minDelay` for all: set that to 0 then
 */
export function localTurnDetector(
  options: { endpointing?: EndpointingOptions; clock?: Clock } = {},
): inference.TurnDetector {
  const { endpointing, clock = systemClock } = options;
  const given: Executor | undefined = getJobContext(false)?.inferenceExecutor;
  const executor = given ?? localExecutor;
  return new inference.TurnDetector({
    version: 'v1-mini',
    executor: endpointing ? patientExecutor(executor, { endpointing, clock }) : executor,
  });
}

/** Loads the local VAD and end-of-turn models (about 110 MB) before the first call needs them. */
export function loadLocalModels(): void {
  localInference.initVad();
  localInference.initEot();
}
