import type { Clock } from '@firstword/turn';
import { Future, type inference } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

type EndOfTurnStream = ReturnType<inference.TurnDetector['stream']>;
type Executor = NonNullable<NonNullable<ConstructorParameters<typeof inference.TurnDetector>[0]>['executor']>;
/** A prediction of LiveKit's end-of-turn model. */
export type EndOfTurnPrediction = Awaited<ReturnType<EndOfTurnStream['predict']>['await']>;

/** A prediction that the turn goes on. LiveKit's own answer where a request was cancelled. */
export const goesOn = (): EndOfTurnPrediction => ({
  type: 'eot_prediction',
  endOfTurnProbability: 0,
  lastSpeakingTimeMs: Date.now(),
});

/**
 * Sets how long LiveKit waits for a prediction of this end-of-turn stream, ms. LiveKit's own limit is 1 s; after it the turn
 * is committed without a prediction.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/base.ts`, class `BaseStreamingTurnDetectorStream`, getter
 *   `predictionTimeout`; read by `voice/audio_recognition.ts`.
 * - If it changes: waits over 1 s are cut to 1 s, and LiveKit logs "eot prediction timed out". `predictions.test.ts` fails.
 */
export function setPredictionTimeout(stream: EndOfTurnStream, timeoutMs: number): void {
  Object.defineProperty(stream, 'predictionTimeout', { value: timeoutMs });
}

/** A question that is cancelled later than this without an answer counts against the model, ms: most waits are over by then. */
const LATE_MS = 400;

/**
 * Answers LiveKit's requests for a prediction with `decide`, which may ask the model several times, each time about the audio
 * up to then and one question after the other, and may answer late. LiveKit cancels a request when the caller speaks again;
 * what `decide` answers then is ignored, and `onCancelled` is called. `ask` rejects if the model has not answered: the question was cancelled, LiveKit has
 * put a default in the place of an answer, or the limit is over. LiveKit's cloud model is replaced by its local one at the
 * limit, as LiveKit does, and when two questions in a row were cancelled after `LATE_MS` without an answer.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/base.ts`, class `BaseStreamingTurnDetectorStream`: `predict` and
 *   `cancelInference`, which `predict` and `flush` call; `voice/audio_recognition.ts` awaits `predict().await`.
 *   `inference/eot/detector.ts`: `cancelInference({ timedOut: true })` goes over to the local model; answers without
 *   `inferenceDuration` are defaults.
 * - If it changes: turns are committed on the model's first answer, after `minDelayMs`. `predictions.test.ts` fails.
 */
export function replacePredictions(
  stream: EndOfTurnStream,
  decide: (ask: () => Promise<EndOfTurnPrediction>) => Promise<EndOfTurnPrediction>,
  limit: { clock: Clock; answerMs: number; onCancelled(): void },
): void {
  const predict = stream.predict.bind(stream);
  const cancelInference = stream.cancelInference.bind(stream);
  let pending: Future<EndOfTurnPrediction> | undefined;
  let isAsking = false;
  let cancelled = 0;
  let unanswered = 0;
  const ask = async () => {
    isAsking = true;
    const before = cancelled;
    const askedMs = limit.clock.nowMs();
    const answer = predict().await;
    isAsking = false;
    const stopLimit = limit.clock.schedule(limit.answerMs, () => cancelInference({ timedOut: true }));
    const prediction = await answer.finally(stopLimit);
    if (cancelled === before && prediction.inferenceDuration !== undefined) {
      unanswered = 0;
      return prediction;
    }
    if (cancelled !== before && limit.clock.nowMs() - askedMs >= LATE_MS) unanswered += 1;
    if (unanswered === 2) cancelInference({ timedOut: true });
    // LiveKit answers a cancelled question with 0, and a failed one with 1: nothing that the model has said.
    throw new Error('the model has not answered');
  };
  stream.cancelInference = (options) => {
    cancelInference(options);
    // LiveKit's `predict` cancels what was asked before; that is not the end of the request.
    if (isAsking) return;
    cancelled += 1;
    if (pending && !pending.done) pending.resolve(goesOn());
    pending = undefined;
    limit.onCancelled();
  };
  stream.predict = () => {
    stream.cancelInference();
    const request = new Future<EndOfTurnPrediction>();
    pending = request;
    const answer = (prediction: EndOfTurnPrediction) => {
      if (!request.done) request.resolve(prediction);
    };
    void decide(ask).then(answer, () => answer(goesOn()));
    return request;
  };
}

/**
 * Calls `listener` with the caller's audio as it reaches an end-of-turn stream.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/base.ts`, class `BaseStreamingTurnDetectorStream`, method `pushAudio`,
 *   called by `voice/audio_recognition.ts`.
 * - If it changes: telephone lines are not recognized, and probabilities are calibrated as where the band is not known.
 *   `detector-stream.test.ts` fails.
 */
export function onEndOfTurnAudio(stream: EndOfTurnStream, listener: (frame: AudioFrame) => void): void {
  const pushAudio = stream.pushAudio.bind(stream);
  stream.pushAudio = (frame) => {
    listener(frame);
    pushAudio(frame);
  };
}

/**
 * Gives a turn detector a local model to run, if it has none: one that was made outside a LiveKit job takes every pause for the
 * end of a turn, and so does a cloud detector whose connection fails there.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/detector.ts`, class `TurnDetector`, protected field `_executor`.
 * - If it changes: such a detector answers nothing, and the wait is that of an unsure one. `predictions.test.ts` fails.
 */
export function lendExecutor(detector: inference.TurnDetector, executor: Executor): void {
  if (Reflect.get(detector, '_executor') === undefined) Reflect.set(detector, '_executor', executor);
}
