import { inference } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** What answers an end-of-turn stream's questions. */
export interface StreamAnswers {
  /** The caller's audio, at 16 kHz. */
  onAudio(frame: AudioFrame): void;
  /** A question: call `answer` at most once; with `undefined` if there is no answer. */
  onQuestion(answer: (probability: number | undefined) => void): void;
  /** The question is not asked any more. */
  onCancel(): void;
  /** The turn was committed or cleared: audio up to now belongs to it. */
  onTurnEnd(): void;
}

type Transport = NonNullable<ConstructorParameters<typeof inference.TurnDetectorStreamImpl>[0]['transport']>;
type Stream = ReturnType<inference.TurnDetector['stream']>;

/** Passes what LiveKit's stream asks to `StreamAnswers`. */
class AnsweringTransport implements Transport {
  readonly #answers: StreamAnswers;
  #stream: Stream | undefined;

  constructor(answers: StreamAnswers) {
    this.#answers = answers;
  }

  attach(stream: Stream): void {
    this.#stream = stream;
  }

  async run(): Promise<void> {
    await this.#stream?._drainAudioChannel();
  }

  runInference(requestId: string): void {
    const startedMs = performance.now();
    this.#answers.onQuestion((probability) => {
      // An answer without a duration is LiveKit's sign of a failure.
      const duration = { inferenceDuration: performance.now() - startedMs };
      this.#stream?._resolvePrediction(
        requestId,
        probability ?? 1,
        probability === undefined ? {} : duration,
      );
    });
  }

  async pushFrame(frame: AudioFrame): Promise<void> {
    this.#answers.onAudio(frame);
  }

  async flush(): Promise<void> {
    this.#answers.onTurnEnd();
  }

  detach(): void {
    this.#answers.onCancel();
  }
}

class AnsweringStream extends inference.TurnDetectorStreamImpl {
  readonly #onCancel: () => void;

  constructor(args: ConstructorParameters<typeof inference.TurnDetectorStreamImpl>[0], onCancel: () => void) {
    super(args);
    this.#onCancel = onCancel;
  }

  override cancelInference(options?: { timedOut?: boolean }): void {
    this.#onCancel();
    super.cancelInference(options);
  }
}

/**
 * An end-of-turn stream of LiveKit whose questions something else answers than LiveKit's models.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/detector.ts`, class `TurnDetectorStreamImpl`, its constructor's
 *   `transport`; `inference/eot/base.ts`, interface `StreamingTurnDetectionTransport`, and `_drainAudioChannel` and
 *   `_resolvePrediction` (internal); `TurnDetector._opts` and `_streams` (protected).
 * - If it changes: detectors of the user's own are not asked, and their sessions wait as if unsure. `detector-stream.test.ts` fails.
 */
export function answeredStream(detector: inference.TurnDetector, answers: StreamAnswers): Stream {
  const stream = new AnsweringStream(
    {
      detector,
      opts: Reflect.get(detector, '_opts'),
      cloudOpts: undefined,
      model: 'turn-detector-v1-mini',
      transport: new AnsweringTransport(answers),
    },
    () => answers.onCancel(),
  );
  (Reflect.get(detector, '_streams') as Set<Stream>).add(stream);
  return stream;
}
