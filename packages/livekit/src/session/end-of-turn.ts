import { type Clock, systemClock } from '@firstword/turn';
import { getJobContext, inference, voice } from '@livekit/agents';
import localInference from '@livekit/local-inference';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { goesOn, replacePredictions, setPredictionTimeout } from '../internals/predictions.js';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { type EndpointDecision, EndpointingPolicy, type EndpointingPolicyOptions } from './endpointing.js';

/** The model takes at most this much audio: 1.2 s at 16 kHz. */
export const MAX_EOT_SAMPLES = 19_200;
/** Time for the model's own work, added to the longest wait, ms. */
const INFERENCE_LIMIT_MS = 1000;

type Executor = NonNullable<NonNullable<ConstructorParameters<typeof inference.TurnDetector>[0]>['executor']>;
const { AgentSessionEventTypes: Event } = voice;

/**
 * Runs LiveKit's end-of-turn model outside a LiveKit job. (A job has an executor of its own; without an executor the
 * detector takes every pause for the end of a turn.) Inference runs on libuv's threads, not on the event loop.
 */
const localExecutor: Executor = {
  async doInference(_method, data) {
    const pcm = Buffer.from((data as { pcm: string }).pcm, 'base64');
    const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.byteLength & ~1)));
    const startedMs = performance.now();
    const probability = await localInference.predict(
      samples.subarray(Math.max(0, samples.length - MAX_EOT_SAMPLES)),
    );
    return { probability, inferenceDurationMs: performance.now() - startedMs };
  },
};

/**
 * LiveKit's local turn detector with delayed predictions: each arrives when the turn is to be committed. LiveKit reads its own
 * delay before it has the prediction, so a wait that depends on the prediction must be part of it. Use it with both of the
 * session's endpointing delays set to `sureMs`.
 */
export class DelayedTurnDetector extends inference.TurnDetector {
  readonly policy: EndpointingPolicy;
  /** The wait after a sure end of turn, ms: both of the session's delays. */
  readonly sureMs: number;
  readonly #longestMs: number;

  constructor(options: { executor: Executor; endpointing: EndpointingPolicyOptions; clock: Clock }) {
    super({ version: 'v1-mini', executor: options.executor });
    this.policy = new EndpointingPolicy(options.endpointing, options.clock);
    this.sureMs = options.endpointing.sureMs;
    this.#longestMs = EndpointingPolicy.longestMs(options.endpointing) + INFERENCE_LIMIT_MS;
  }

  /** The decision at the current pause. */
  get decision(): EndpointDecision | undefined {
    return this.policy.decision;
  }

  override stream(
    ...args: Parameters<inference.TurnDetector['stream']>
  ): ReturnType<inference.TurnDetector['stream']> {
    const stream = super.stream(...args);
    // LiveKit commits without a prediction after 1 s.
    setPredictionTimeout(stream, this.#longestMs);
    replacePredictions(stream, async (ask) => {
      let prediction = goesOn();
      await this.policy.waitForEnd(async () => {
        prediction = await ask();
        return prediction.endOfTurnProbability;
      });
      return prediction;
    });
    return stream;
  }
}

/**
 * LiveKit's local end-of-turn detector (v1-mini), usable with and without a LiveKit job.
 *
 * @param options.endpointing waits by how likely the end of the turn is, instead of one `minDelay` for all turns. Then set
 * both of the session's delays to `sureMs` and call `attachEndpointing(session)`. Default: LiveKit's own delays.
 */
export function localTurnDetector(
  options: { endpointing?: EndpointingPolicyOptions; clock?: Clock } = {},
): inference.TurnDetector {
  const { endpointing, clock } = options;
  if (endpointing) return delayedTurnDetector({ endpointing, ...(clock ? { clock } : {}) });
  return new inference.TurnDetector({ version: 'v1-mini', executor: executorHere() });
}

/** `localTurnDetector` with `endpointing`. */
export function delayedTurnDetector(options: {
  endpointing: EndpointingPolicyOptions;
  clock?: Clock;
}): DelayedTurnDetector {
  const { endpointing, clock = systemClock } = options;
  return new DelayedTurnDetector({ executor: executorHere(), endpointing, clock });
}

/** The job's executor, or one of its own outside a job. */
const executorHere = (): Executor => getJobContext(false)?.inferenceExecutor ?? localExecutor;

/**
 * Passes the caller's words and pauses to the session's turn detector, if that came from
 * `localTurnDetector({ endpointing })`. Call it before `session.start()`.
 *
 * @returns a function that disconnects it
 */
export function attachEndpointing(session: voice.AgentSession): () => void {
  assertSameCopy({ session });
  const detector = activityTurnDetection(session);
  if (!(detector instanceof DelayedTurnDetector)) return () => {};
  const { policy } = detector;
  const endConfidence = (transcript: string) => {
    const { stt } = activityParts(session);
    return stt instanceof EagerSTT ? stt.segments.endConfidence(transcript) : undefined;
  };
  const onWords = ({ transcript, isFinal, language }: voice.UserInputTranscribedEvent) =>
    policy.onWords(transcript, {
      final: isFinal,
      language: language ?? undefined,
      confidence: isFinal ? endConfidence(transcript) : undefined,
    });
  const onItem = ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type === 'message' && item.role === 'assistant' && item.textContent)
      policy.onAgentWords(item.textContent);
  };
  const onUser = (e: voice.UserStateChangedEvent) => {
    if (e.newState === 'speaking') policy.onSpeech();
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type === 'eou_metrics') policy.onCommit();
  };
  policy.attach();
  session.on(Event.UserInputTranscribed, onWords);
  session.on(Event.UserStateChanged, onUser);
  session.on(Event.ConversationItemAdded, onItem);
  session.on(Event.MetricsCollected, onMetrics);
  return () => {
    session.off(Event.UserInputTranscribed, onWords);
    session.off(Event.UserStateChanged, onUser);
    session.off(Event.ConversationItemAdded, onItem);
    session.off(Event.MetricsCollected, onMetrics);
    policy.close();
  };
}

/** Loads the local VAD and end-of-turn models (about 110 MB) before the first call needs them. */
export function loadLocalModels(): void {
  localInference.initVad();
  localInference.initEot();
}
