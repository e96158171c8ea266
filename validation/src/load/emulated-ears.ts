import type { Clock, SpeechToText, TranscriptHandlers, TranscriptStream } from '@firstword/turn';

/** How long an emulated engine takes. */
export interface EarTimes {
  /** Between interims while somebody speaks, ms. */
  interimEveryMs: number;
  /** From the end of an utterance, as the VAD tells it, to the final transcript, ms. */
  finalAfterMs: number;
}

/** Deepgram nova-3's p50 to the final is 247 ms (pipecat stt-benchmark, 2026), most of it before the VAD's word. */
export const EAR_TIMES: EarTimes = { interimEveryMs: 300, finalAfterMs: 50 };

const RATE_HZ = 16_000;

/** Hears the lines that it was told of, one an utterance, word by word at the pace of speech. */
class EmulatedStream implements TranscriptStream {
  readonly #options: EmulatedEarsOptions;
  readonly #times: EarTimes;
  readonly #handlers: TranscriptHandlers;
  #line = -1;
  #heardSamples = 0;
  #isOpen = false;
  #stops = new Set<() => void>();

  constructor(options: EmulatedEarsOptions, handlers: TranscriptHandlers) {
    this.#options = options;
    this.#times = options.times ?? EAR_TIMES;
    this.#handlers = handlers;
  }

  push(samples: Int16Array): void {
    if (this.#isOpen) this.#heardSamples += samples.length;
  }

  beginUtterance(): void {
    this.#isOpen = true;
    // A breath in the middle of a line is no new one.
    if (this.#heardSamples === 0) this.#line += 1;
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
    return (this.#heardSamples * 1000) / RATE_HZ;
  }

  #say(kind: 'interim' | 'final', text: string): void {
    this.#handlers.onTranscript({ kind, text, confidence: 0.95, audioMs: this.#audioMs, decodeMs: 0 });
    if (kind === 'final') this.#heardSamples = 0;
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

export interface EmulatedEarsOptions {
  /** What the caller says, in order, and how long each line is. */
  lines: readonly { text: string; ms: number }[];
  clock: Clock;
  times?: EarTimes;
}

/** Speech-to-text that costs this machine nothing, at a hosted engine's pace: it knows beforehand what will be said. */
export function emulatedEars(options: EmulatedEarsOptions): SpeechToText {
  return {
    provider: 'emulated',
    model: 'known-lines',
    ready: () => Promise.resolve(),
    openStream: (handlers) => new EmulatedStream(options, handlers),
    close: () => Promise.resolve(),
  };
}
