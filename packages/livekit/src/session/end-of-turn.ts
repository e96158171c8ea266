import {
  type AudioBand,
  BandMeter,
  type Clock,
  calibrated,
  type EndOfTurnDetector,
  systemClock,
} from '@firstword/turn';
import { getJobContext, inference, voice } from '@livekit/agents';
import localInference from '@livekit/local-inference';
import { assertSameCopy } from '../compatibility/same-copy.js';
import {
  type EndOfTurnPrediction,
  goesOn,
  lendExecutor,
  onEndOfTurnAudio,
  replacePredictions,
  setPredictionTimeout,
} from '../internals/predictions.js';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';
import { endTurnAfterSetBack } from '../internals/turn-repair.js';
import { listenTo } from '../observe/listen-to.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { type EndpointDecision, EndpointingPolicy, type EndpointingPolicyOptions } from './endpointing.js';
import { isProbability, OwnTurnDetector } from './own-detector.js';
import { SttEndOfTurn } from './stt-detector.js';

/** The model takes at most this much audio: 1.2 s at 16 kHz. */
export const MAX_EOT_SAMPLES = 19_200;
/**
 * Time for one answer of the model, ms. After it LiveKit's cloud model is replaced by its local one for the rest of the call.
 * LiveKit's own limit is 1000, but the waits of `balanced` are over by then. (Where a wait is over sooner still, the second
 * question without an answer has the same effect: `replacePredictions`.)
 */
const ANSWER_LIMIT_MS = 700;
/** A wall clock that was set back by less delays the commit by as little, ms. */
const SET_BACK_MS = 100;
/** Time for the commit itself, added to the longest wait, ms. */
const COMMIT_MARGIN_MS = 1000;

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

/** Options of `DelayedTurnDetector`. */
export interface DelayedTurnDetectorOptions {
  /** The detector that answers: LiveKit's cloud or local one, or `OwnTurnDetector`. */
  detector: inference.TurnDetector;
  endpointing: EndpointingPolicyOptions;
  clock: Clock;
}

/**
 * A turn detector of LiveKit with delayed predictions: each arrives when the turn is to be committed. LiveKit reads its own
 * delay before it has the prediction, so a wait that depends on the prediction must be part of it. Use it with both of the
 * session's endpointing delays set to `minDelayMs`. The policy sees calibrated probabilities, LiveKit the model's own.
 */
export class DelayedTurnDetector extends inference.TurnDetector {
  /** The detector that answers. */
  readonly inner: inference.TurnDetector;
  readonly policy: EndpointingPolicy;
  /** The shortest wait, ms: both of the session's delays. */
  readonly minDelayMs: number;
  readonly #clock: Clock;
  readonly #longestMs: number;
  #meter: BandMeter | undefined;
  #cancellations = 0;
  /** Called when the wall clock was set back during a wait that is over now, by how much, ms. */
  onClockSetBack: (setBackMs: number) => void = () => {};
  #language: string | undefined;

  constructor({ detector, endpointing, clock }: DelayedTurnDetectorOptions) {
    super({ version: 'v1-mini', executor: localExecutor });
    lendExecutor(detector, executorHere());
    this.inner = detector;
    this.policy = new EndpointingPolicy(endpointing, clock);
    this.minDelayMs = endpointing.minDelayMs;
    this.#clock = clock;
    this.#longestMs = EndpointingPolicy.longestMs(endpointing) + COMMIT_MARGIN_MS;
    detector.on('metrics_collected', (metrics) => this.emit('metrics_collected', metrics));
  }

  /** The decision at the current pause. */
  get decision(): EndpointDecision | undefined {
    return this.policy.decision;
  }

  /** The band of the caller's line; `undefined` until enough speech was heard. */
  get band(): AudioBand | undefined {
    return this.#meter?.band;
  }

  override get model(): inference.TurnDetectorModel {
    return this.inner.model;
  }

  override get provider(): string {
    return this.inner.provider;
  }

  override get thresholds(): Readonly<Record<string, number>> {
    return this.inner.thresholds;
  }

  override updateOptions(...args: Parameters<inference.TurnDetector['updateOptions']>): void {
    this.inner.updateOptions(...args);
  }

  override describeOptions(): Readonly<Record<string, unknown>> {
    return this.inner.describeOptions();
  }

  override toJSON(): Record<string, unknown> {
    return this.inner.toJSON();
  }

  /** The caller has started or resumed speaking. */
  onSpeech(): void {
    this.policy.onSpeech();
    if (this.inner instanceof OwnTurnDetector) this.inner.onSpeech();
  }

  /** The STT has reported the language of the caller's words. */
  setLanguage(language: string): void {
    this.#language = language;
    if (this.inner instanceof OwnTurnDetector) this.inner.language = language;
  }

  override stream(
    ...args: Parameters<inference.TurnDetector['stream']>
  ): ReturnType<inference.TurnDetector['stream']> {
    const stream = this.inner.stream(...args);
    // LiveKit commits without a prediction after 1 s.
    setPredictionTimeout(stream, this.#longestMs);
    onEndOfTurnAudio(stream, ({ data, sampleRate, channels }) => {
      this.#meter ??= new BandMeter(sampleRate);
      if (channels === 1) this.#meter.push(data);
    });
    // A detector of the user's own may answer for as long as the wait lasts: nothing would take its place.
    const answerMs = this.inner instanceof OwnTurnDetector ? this.#longestMs : ANSWER_LIMIT_MS;
    const onCancelled = () => {
      this.#cancellations += 1;
      this.policy.onCancelled();
    };
    const limit = { clock: this.#clock, answerMs, onCancelled };
    const wallOffsetMs = () => this.#clock.wallMs() - this.#clock.nowMs();
    const decide = async (ask: () => Promise<EndOfTurnPrediction>) => {
      let prediction = goesOn();
      const [offsetMs, cancellations] = [wallOffsetMs(), this.#cancellations];
      await this.policy.waitForEnd(async () => {
        const answer = await ask();
        if (!isProbability(answer.endOfTurnProbability)) return undefined;
        prediction = answer;
        // The stream knows which model has answered: the cloud's may have been replaced.
        return this.#calibrated(answer.endOfTurnProbability, stream);
      });
      const setBackMs = offsetMs - wallOffsetMs();
      if (setBackMs > SET_BACK_MS && cancellations === this.#cancellations) this.onClockSetBack(setBackMs);
      return prediction;
    };
    replacePredictions(stream, decide, limit);
    return stream;
  }

  override async aclose(): Promise<void> {
    await this.inner.aclose();
  }

  async #calibrated(
    probability: number,
    stream: ReturnType<inference.TurnDetector['stream']>,
  ): Promise<number> {
    const language = this.#language as Parameters<typeof stream.unlikelyThreshold>[0];
    // The cloud reports its model's thresholds. A detector of the user's own has none: LiveKit would give those of its local model.
    const threshold =
      this.inner instanceof OwnTurnDetector ? undefined : await stream.unlikelyThreshold(language);
    return calibrated(probability, { model: stream.model, band: this.band, language, threshold });
  }
}

/**
 * LiveKit's local end-of-turn detector (v1-mini), usable with and without a LiveKit job.
 *
 * @param options.endpointing waits by how likely the end of the turn is, instead of one `minDelay` for all turns. Then set
 * both of the session's delays to `minDelayMs` and call `attachEndpointing(session)`. Default: LiveKit's own delays.
 */
export function localTurnDetector(
  options: { endpointing?: EndpointingPolicyOptions; clock?: Clock } = {},
): inference.TurnDetector {
  const { endpointing, clock } = options;
  return endpointing ? delayedTurnDetector({ endpointing, ...(clock ? { clock } : {}) }) : livekitLocal();
}

/**
 * A detector whose predictions arrive after Firstword's waits.
 * @param options.detector LiveKit's, the user's own, or `'stt'` for the STT's end of turn; default LiveKit's local one
 */
export function delayedTurnDetector(options: {
  endpointing: EndpointingPolicyOptions;
  detector?: inference.TurnDetector | EndOfTurnDetector | 'stt';
  clock?: Clock;
}): DelayedTurnDetector {
  const { endpointing, detector, clock = systemClock } = options;
  const inner =
    detector === undefined
      ? livekitLocal()
      : detector instanceof inference.TurnDetector
        ? detector
        : new OwnTurnDetector(detector === 'stt' ? new SttEndOfTurn() : detector);
  return new DelayedTurnDetector({ detector: inner, endpointing, clock });
}

/** The job's executor, or one of its own outside a job. */
const executorHere = (): Executor => getJobContext(false)?.inferenceExecutor ?? localExecutor;

const livekitLocal = () => new inference.TurnDetector({ version: 'v1-mini', executor: executorHere() });

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
  const stops = [watchSttTurns(detector, activityParts(session).stt)];
  const on = listenTo(session, stops);
  on(Event.UserInputTranscribed, ({ transcript, isFinal, language }) => {
    if (language) detector.setLanguage(language);
    policy.onWords(transcript, {
      final: isFinal,
      language: language ?? undefined,
      confidence: isFinal ? endConfidence(transcript) : undefined,
    });
  });
  on(Event.UserStateChanged, ({ newState }) => {
    if (newState === 'speaking') detector.onSpeech();
  });
  on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message' && item.role === 'assistant' && item.textContent)
      policy.onAgentWords(item.textContent);
  });
  on(Event.MetricsCollected, ({ metrics }) => {
    if (metrics.type === 'eou_metrics') policy.onCommit();
  });
  detector.onClockSetBack = (setBackMs) => endTurnAfterSetBack(session, setBackMs);
  policy.attach();
  return () => {
    for (const stop of stops) stop();
    policy.close();
  };
}

/** Passes the STT's ends of turns to the detector `'stt'`. */
function watchSttTurns({ inner }: DelayedTurnDetector, stt: unknown): () => void {
  const own = inner instanceof OwnTurnDetector ? inner.detector : undefined;
  if (!(own instanceof SttEndOfTurn && stt instanceof EagerSTT)) return () => {};
  return stt.watchTurns((hasEnded) => own.onTurn(hasEnded));
}
