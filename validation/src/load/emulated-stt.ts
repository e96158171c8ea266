import type { Clock, SpeechToText, TranscriptHandlers, TranscriptStream } from '@firstword/turn';

/** Timing of an emulated STT engine. */
export interface SttTiming {
  /** Interval of interim transcripts during speech, ms. */
  interimEveryMs: number;
  /** From the VAD's end of speech to the final transcript, ms. */
  finalAfterMs: number;
}

/** Default timing. Deepgram nova-3's p50 to the final is 247 ms (pipecat stt-benchmark, 2026), mostly before the VAD's end of speech. */
export const STT_TIMING: SttTiming = { interimEveryMs: 300, finalAfterMs: 50 };

const RATE_HZ = 16_000;

/** Returns the known lines as transcripts, one line per utterance, word by word in real time. */
class EmulatedStream implements TranscriptStream {
  readonly #options: EmulatedSttOptions;
  readonly #times: SttTiming;
  readonly #handlers: TranscriptHandlers;
  #line = -1;
  #receivedSamples = 0;
  #isOpen = false;
  #stops = new Set<() => void>();

  constructor(options: EmulatedSttOptions, handlers: TranscriptHandlers) {
    this.#options = options;
    this.#times = options.times ?? STT_TIMING;
    this.#handlers = handlers;
  }

  push(samples: Int16Array): void {
    if (this.#isOpen) this.#receivedSamples += samples.length;
  }

  beginUtterance(): void {
    this.#isOpen = true;
    // Speech after a pause inside a line belongs to the same line.
    if (this.#receivedSamples === 0) this.#line += 1;
    this.#later(this.#times.interimEveryMs, () => this.#interim());
  }

  hintPause(): void {}

  endUtterance(): void {
    this.#stop();
    this.#isOpen = false;
    this.#later(this.#times.finalAfterMs, () => this.#say('final', this.#words.join(' ')));
  }

  close(): void {
    this.#stop();
  }

  get #words(): string[] {
    const { lines } = this.#options;
    return (lines[this.#line % lines.length]?.text ?? '').split(' ');
  }

  #interim(): void {
    const { lines } = this.#options;
    const lineMs = lines[this.#line % lines.length]?.ms ?? 0;
    const share = Math.min(1, this.#audioMs / Math.max(1, lineMs));
    const count = Math.floor(this.#words.length * share);
    if (count > 0) this.#say('interim', this.#words.slice(0, count).join(' '));
    this.#later(this.#times.interimEveryMs, () => this.#interim());
  }

  get #audioMs(): number {
    return (this.#receivedSamples * 1000) / RATE_HZ;
  }

  #say(kind: 'interim' | 'final', text: string): void {
    this.#handlers.onTranscript({ kind, text, confidence: 0.95, audioMs: this.#audioMs, decodeMs: 0 });
    if (kind === 'final') this.#receivedSamples = 0;
  }

  #later(ms: number, work: () => void): void {
    const cancel = this.#options.clock.schedule(ms, () => {
      this.#stops.delete(cancel);
      work();
    });
    this.#stops.add(cancel);
  }

  #stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops.clear();
  }
}

/** Options of `emulatedStt`. */
export interface EmulatedSttOptions {
  /** The caller's lines in order, with their durations, ms. */
  lines: readonly { text: string; ms: number }[];
  clock: Clock;
  times?: SttTiming;
}

/** Speech-to-text without CPU cost, with the timing of a hosted engine. It knows in advance what the caller says. */
export function emulatedStt(options: EmulatedSttOptions): SpeechToText {
  return {
    provider: 'emulated',
    model: 'known-lines',
    ready: () => Promise.resolve(),
    openStream: (handlers) => new EmulatedStream(options, handlers),
    close: () => Promise.resolve(),
  };
}
