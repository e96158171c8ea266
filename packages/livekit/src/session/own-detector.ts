import { baseLanguage, type EndOfTurnDetector, type EndOfTurnQuestion } from '@firstword/turn';
import { inference, log } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { answeredStream } from '../internals/detector-stream.js';
import { INPUT_RATE_HZ } from '../transport/audio-input.js';

const DEFAULT_WINDOW_MS = 8000;
/** Audio kept from before the VAD reports a turn's first speech, ms. It reports it some 100 ms late. */
const LEAD_MS = 1000;

const samplesOf = (ms: number) => Math.round((ms * INPUT_RATE_HZ) / 1000);

/** The last audio of a call, up to a length. */
class AudioWindow {
  readonly #samples: Int16Array;
  #filled = 0;

  constructor(maxSamples: number) {
    this.#samples = new Int16Array(maxSamples);
  }

  push(added: Int16Array): void {
    const samples = added.length > this.#samples.length ? added.subarray(-this.#samples.length) : added;
    const kept = Math.min(this.#filled, this.#samples.length - samples.length);
    this.#samples.copyWithin(0, this.#filled - kept, this.#filled);
    this.#samples.set(samples, kept);
    this.#filled = kept + samples.length;
  }

  /** Drops all but the last samples. */
  keep(count: number): void {
    const kept = Math.min(this.#filled, count);
    this.#samples.copyWithin(0, this.#filled - kept, this.#filled);
    this.#filled = kept;
  }

  read(): Int16Array {
    return this.#samples.slice(0, this.#filled);
  }
}

/** A detector of the user's own as one of LiveKit's. It is asked about the audio of the current turn. */
export class OwnTurnDetector extends inference.TurnDetector {
  readonly detector: EndOfTurnDetector;
  readonly #audio: AudioWindow;
  #question = new AbortController();
  #isTurnOpen = false;
  #hasWarned = false;
  /** Language of the caller's words, as the STT reports it. */
  language: string | undefined;

  constructor(detector: EndOfTurnDetector) {
    // The executor is never used; without one, LiveKit would look for that of a job.
    super({ version: 'v1-mini', executor: { doInference: async () => undefined } });
    this.detector = detector;
    this.#audio = new AudioWindow(samplesOf(detector.windowMs ?? DEFAULT_WINDOW_MS));
  }

  /** LiveKit's type knows its own two models only; the name goes into its metrics. */
  override get model(): inference.TurnDetectorModel {
    return this.detector.name as inference.TurnDetectorModel;
  }

  override get provider(): string {
    return 'own';
  }

  /** The caller has begun to speak: what was heard before that is not of the turn. */
  onSpeech(): void {
    if (this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    this.#audio.keep(samplesOf(LEAD_MS));
  }

  override stream(): ReturnType<inference.TurnDetector['stream']> {
    this.detector.ready?.().catch((error: unknown) => this.#warn(error));
    return answeredStream(this, {
      onAudio: (frame) => this.#audio.push(monoOf(frame)),
      onQuestion: (answer) => void this.#ask(answer),
      onCancel: () => this.#question.abort(),
      onTurnEnd: () => {
        this.#isTurnOpen = false;
      },
    });
  }

  async #ask(answer: (probability: number | undefined) => void): Promise<void> {
    this.#question = new AbortController();
    const { signal } = this.#question;
    try {
      answer(await this.#predict(signal));
    } catch (error) {
      if (signal.aborted) return;
      this.#warn(error);
      answer(undefined);
    }
  }

  /** `undefined` in a language that the detector does not know. */
  async #predict(signal: AbortSignal): Promise<number | undefined> {
    const language = baseLanguage(this.language);
    const { languages } = this.detector;
    if (language && languages && !languages.includes(language)) return undefined;
    const question: EndOfTurnQuestion = {
      audio: this.#audio.read(),
      sampleRateHz: INPUT_RATE_HZ,
      ...(language ? { language } : {}),
      signal,
    };
    const answer: unknown = await this.detector.predict(question);
    if (isProbability(answer)) return answer;
    throw new Error(`it answered ${describe(answer)}, which is no number from 0 to 1`);
  }

  /** Once a call: a detector that fails fails at every pause. */
  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    log().warn(
      { detector: this.detector.name, reason },
      'firstword: the end-of-turn detector failed; pauses wait as long as an unsure one',
    );
  }
}

/** Whether an answer is a probability, whatever its type says. */
export const isProbability = (answer: unknown): answer is number =>
  typeof answer === 'number' && answer >= 0 && answer <= 1;

const describe = (answer: unknown) => (typeof answer === 'number' ? String(answer) : `a ${typeof answer}`);

/** LiveKit gives end-of-turn streams 16 kHz; a room's input is mono. */
function monoOf({ data, channels }: AudioFrame): Int16Array {
  if (channels <= 1) return data;
  return data.filter((_, i) => i % channels === 0);
}
