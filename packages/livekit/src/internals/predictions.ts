import { Future, type inference } from '@livekit/agents';

type EndOfTurnStream = ReturnType<inference.TurnDetector['stream']>;
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
 * - If it changes: waits over 1 s are cut to 1 s, and LiveKit logs "eot prediction timed out". `internals.test.ts` fails.
 */
export function setPredictionTimeout(stream: EndOfTurnStream, timeoutMs: number): void {
  Object.defineProperty(stream, 'predictionTimeout', { value: timeoutMs });
}

/**
 * Answers LiveKit's requests for a prediction with `decide`, which may ask the model several times, each time about the audio
 * up to then and one question after the other, and may answer late. LiveKit cancels a request when the caller speaks again; what `decide` answers then is
 * ignored.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/base.ts`, class `BaseStreamingTurnDetectorStream`: `predict` and
 *   `cancelInference`, which `predict` and `flush` call; `voice/audio_recognition.ts` awaits `predict().await`.
 * - If it changes: turns are committed on the model's first answer, after `minDelayMs`. `internals.test.ts` fails.
 */
export function replacePredictions(
  stream: EndOfTurnStream,
  decide: (ask: () => Promise<EndOfTurnPrediction>) => Promise<EndOfTurnPrediction>,
): void {
  const predict = stream.predict.bind(stream);
  const cancelInference = stream.cancelInference.bind(stream);
  let pending: Future<EndOfTurnPrediction> | undefined;
  let isAsking = false;
  let cancelled = 0;
  const ask = async () => {
    isAsking = true;
    const before = cancelled;
    const answer = predict().await;
    isAsking = false;
    const prediction = await answer;
    // LiveKit answers a cancelled question with 0, which is nothing that the model has said.
    if (cancelled !== before) throw new Error('the question was cancelled');
    return prediction;
  };
  stream.cancelInference = (options) => {
    cancelInference(options);
    // LiveKit's `predict` cancels what was asked before; that is not the end of the request.
    if (isAsking) return;
    cancelled += 1;
    if (pending && !pending.done) pending.resolve(goesOn());
    pending = undefined;
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
