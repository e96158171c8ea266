import {
  DEFAULT_SPECULATION,
  type SpeechToText,
  type Transcript,
  type TranscriptStream,
} from '@firstword/turn';
import { type APIConnectOptions, stt, type VAD, VADEventType } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { INPUT_RATE_HZ } from '../transport/audio-input.js';
import { PAUSED_MS } from './current-interim.js';
import { END_CONFIDENCE } from './end-confidence.js';
import { PromptVAD } from './prompt-vad.js';

/** The VAD's first silent window: waiting longer does not waste fewer speculations (`npm run bench:speculation-timing`). */
const PAUSE_HINT_MS = 30;
/** A longer pause is reported once more: incomplete words start no speculation before it. */
const LONG_PAUSE_MS = DEFAULT_SPECULATION.silenceMs;

/** Any Firstword speech-to-text as a LiveKit STT. A VAD of its own tells the engine where utterances begin and end. */
export class LocalSTT extends stt.STT {
  override label = 'firstword.LocalSTT';
  readonly #engine: SpeechToText;
  readonly #vad: VAD;
  readonly #pauseHintMs: number;

  /**
   * @param options.vad finds where utterances end; default: LiveKit's local VAD (`PromptVAD`), which needs 250 ms of silence
   * @param options.pauseHintMs silence after which the words so far are decoded, so that they are ready when the pause is
   *   confirmed, ms; default 30
   */
  constructor(engine: SpeechToText, options: { vad?: VAD; pauseHintMs?: number } = {}) {
    assertSameCopy({ vad: options.vad });
    super({ streaming: true, interimResults: true });
    this.#engine = engine;
    this.#vad = options.vad ?? new PromptVAD();
    this.#pauseHintMs = options.pauseHintMs ?? PAUSE_HINT_MS;
  }

  override get model(): string {
    return this.#engine.model;
  }

  override get provider(): string {
    return this.#engine.provider;
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('LocalSTT only streams: give it to an AgentSession, or call stream().');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    const stream = { engine: this.#engine, vad: this.#vad, pauseHintMs: this.#pauseHintMs };
    return new LocalSpeechStream(this, stream, options?.connOptions);
  }
}

interface LocalStreamParts {
  engine: SpeechToText;
  vad: VAD;
  pauseHintMs: number;
}

class LocalSpeechStream extends stt.SpeechStream {
  override label = 'firstword.LocalSpeechStream';
  readonly #owner: LocalSTT;
  readonly #parts: LocalStreamParts;
  /** The VAD's silence so far, ms. */
  #silenceMs = 0;
  /** The interim before the current pause, until the pause is a long one. */
  #paused: Transcript | undefined;

  constructor(owner: LocalSTT, stream: LocalStreamParts, connOptions?: APIConnectOptions) {
    super(owner, INPUT_RATE_HZ, connOptions);
    this.#owner = owner;
    this.#parts = stream;
  }

  protected override async run(): Promise<void> {
    const stream = this.#parts.engine.openStream({
      onTranscript: (transcript) => this.#put(transcript),
      onError: (error) =>
        this.#owner.emit('error', {
          type: 'stt_error',
          timestamp: Date.now(),
          label: this.#owner.label,
          error,
          recoverable: true,
        }),
    });
    const vad = this.#parts.vad.stream();
    const { signal } = this.abortController;
    const stop = () => vad.close();
    signal.addEventListener('abort', stop, { once: true });
    const feeding = this.#feed(stream, vad);
    try {
      await this.#segment(stream, vad);
      await feeding;
    } finally {
      signal.removeEventListener('abort', stop);
      stream.close();
      if (!signal.aborted) vad.close();
    }
  }

  async #feed(stream: TranscriptStream, vad: ReturnType<VAD['stream']>): Promise<void> {
    for await (const frame of this.input) {
      if (typeof frame === 'symbol') continue;
      if (this.abortController.signal.aborted) return;
      stream.push(frame.data);
      vad.pushFrame(frame);
    }
    if (!this.abortController.signal.aborted) vad.endInput();
  }

  /** Splits the audio into utterances, as the VAD finds them. */
  async #segment(stream: TranscriptStream, vad: ReturnType<VAD['stream']>): Promise<void> {
    let speaking = false;
    let hinted = false;
    for await (const event of vad) {
      if (event.type === VADEventType.START_OF_SPEECH) {
        speaking = true;
        hinted = false;
        this.#setSilence(0);
        stream.beginUtterance();
        this.queue.put({ type: stt.SpeechEventType.START_OF_SPEECH });
      } else if (event.type === VADEventType.INFERENCE_DONE && speaking) {
        this.#setSilence(event.rawAccumulatedSilence);
        if (this.#silenceMs < this.#parts.pauseHintMs) hinted = false;
        else if (!hinted) {
          hinted = true;
          stream.hintPause();
        }
      } else if (event.type === VADEventType.END_OF_SPEECH && speaking) {
        speaking = false;
        stream.endUtterance();
      }
    }
  }

  #setSilence(silenceMs: number): void {
    this.#silenceMs = silenceMs;
    if (silenceMs === 0) this.#paused = undefined;
    else if (this.#paused && silenceMs >= LONG_PAUSE_MS) this.#put(this.#paused);
  }

  #put(transcript: Transcript): void {
    if (this.queue.closed) return;
    const final = transcript.kind === 'final';
    if (!final && transcript.text === '') return;
    // The engine may detect a pause by its level before the VAD does.
    const pausedMs = transcript.paused ? Math.max(this.#silenceMs, this.#parts.pauseHintMs) : 0;
    this.#paused = !final && pausedMs > 0 && pausedMs < LONG_PAUSE_MS ? transcript : undefined;
    const { SpeechEventType } = stt;
    this.queue.put({
      type: final ? SpeechEventType.FINAL_TRANSCRIPT : SpeechEventType.INTERIM_TRANSCRIPT,
      alternatives: [
        {
          language: 'en' as stt.SpeechData['language'],
          text: transcript.text,
          startTime: 0,
          endTime: 0,
          // LiveKit reads 0 as "not reported".
          confidence: transcript.confidence ?? 0,
          metadata: final ? { [END_CONFIDENCE]: transcript.endConfidence } : { [PAUSED_MS]: pausedMs },
        },
      ],
    });
    if (final) this.queue.put({ type: SpeechEventType.END_OF_SPEECH });
  }
}
