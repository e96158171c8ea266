import type { SpeechToText, Transcript, TranscriptStream } from '@firstword/turn';
import { type APIConnectOptions, stt, type VAD, VADEventType } from '@livekit/agents';
import { INPUT_RATE_HZ } from '../transport/audio-input.js';
import { PAUSED } from './eager-hearing.js';
import { PromptVAD } from './prompt-vad.js';

/**
 * Silence after which a decode is worth starting, ms: the first silent window of the VAD. By the time the words are there
 * the silence has lasted three times as long, or they are no longer called the last ones.
 */
const PAUSE_HINT_MS = 30;

/** Any Firstword speech-to-text as LiveKit's. A VAD of its own tells the engine where utterances begin and end. */
export class LocalSTT extends stt.STT {
  override label = 'firstword.LocalSTT';
  readonly #engine: SpeechToText;
  readonly #vad: VAD;

  /** @param options.vad where utterances end; by default LiveKit's local VAD with its default 250 ms of silence. */
  constructor(engine: SpeechToText, options: { vad?: VAD } = {}) {
    super({ streaming: true, interimResults: true });
    this.#engine = engine;
    this.#vad = options.vad ?? new PromptVAD();
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
    return new LocalSpeechStream(this, this.#engine, this.#vad, options?.connOptions);
  }
}

class LocalSpeechStream extends stt.SpeechStream {
  override label = 'firstword.LocalSpeechStream';
  readonly #owner: LocalSTT;
  readonly #engine: SpeechToText;
  readonly #vad: VAD;

  constructor(owner: LocalSTT, engine: SpeechToText, vad: VAD, connOptions?: APIConnectOptions) {
    super(owner, INPUT_RATE_HZ, connOptions);
    this.#owner = owner;
    this.#engine = engine;
    this.#vad = vad;
  }

  protected override async run(): Promise<void> {
    const ears = this.#engine.openStream({
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
    const vad = this.#vad.stream();
    const { signal } = this.abortController;
    const stop = () => vad.close();
    signal.addEventListener('abort', stop, { once: true });
    const feeding = this.#feed(ears, vad);
    try {
      await this.#segment(ears, vad);
      await feeding;
    } finally {
      signal.removeEventListener('abort', stop);
      ears.close();
      if (!signal.aborted) vad.close();
    }
  }

  async #feed(ears: TranscriptStream, vad: ReturnType<VAD['stream']>): Promise<void> {
    for await (const frame of this.input) {
      if (typeof frame === 'symbol') continue;
      if (this.abortController.signal.aborted) return;
      ears.push(frame.data);
      vad.pushFrame(frame);
    }
    if (!this.abortController.signal.aborted) vad.endInput();
  }

  /** Turns the VAD's view into utterances. */
  async #segment(ears: TranscriptStream, vad: ReturnType<VAD['stream']>): Promise<void> {
    let speaking = false;
    let hinted = false;
    for await (const event of vad) {
      if (event.type === VADEventType.START_OF_SPEECH) {
        speaking = true;
        hinted = false;
        ears.beginUtterance();
        this.queue.put({ type: stt.SpeechEventType.START_OF_SPEECH });
      } else if (event.type === VADEventType.INFERENCE_DONE && speaking) {
        if (event.rawAccumulatedSilence < PAUSE_HINT_MS) hinted = false;
        else if (!hinted) {
          hinted = true;
          ears.hintPause();
        }
      } else if (event.type === VADEventType.END_OF_SPEECH && speaking) {
        speaking = false;
        ears.endUtterance();
      }
    }
  }

  #put(transcript: Transcript): void {
    if (this.queue.closed) return;
    const final = transcript.kind === 'final';
    if (!final && transcript.text === '') return;
    const { SpeechEventType } = stt;
    this.queue.put({
      type: final ? SpeechEventType.FINAL_TRANSCRIPT : SpeechEventType.INTERIM_TRANSCRIPT,
      alternatives: [
        {
          language: 'en' as stt.SpeechData['language'],
          text: transcript.text,
          startTime: 0,
          endTime: 0,
          // 0 is what LiveKit takes for "not told".
          confidence: transcript.confidence ?? 0,
          ...(transcript.paused ? { metadata: { [PAUSED]: true } } : {}),
        },
      ],
    });
    if (final) this.queue.put({ type: SpeechEventType.END_OF_SPEECH });
  }
}
