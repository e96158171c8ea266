import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import { drawDelayMs } from '../draw-delay.js';
import type { SynthesisFault } from '../faults/speech-fault.js';
import { Timers } from '../timers.js';
import type { TtsProfile } from './profiles.js';
import { SynthesizedText } from './synthesized-text.js';
import type { Voice } from './voice.js';

/** A word of the answer and where it is in its audio, seconds. */
export interface SpokenWord {
  text: string;
  startS: number;
  endS: number;
}

/** Options of a `Synthesis`. */
export interface SynthesisOptions {
  voice: Voice;
  profile: TtsProfile;
  clock: Clock;
  /** Sample rate of the audio that the client asked for, Hz. */
  rateHz: number;
  /** Draws the time to the first audio. */
  delays: Random;
  fault?: SynthesisFault | undefined;
  /** Audio for the client, in order. */
  onAudio: (samples: Int16Array) => void;
  /** The words of one text, before the end of its audio. */
  onWords?: (words: readonly SpokenWord[]) => void;
  /** All audio of the texts before a flush was sent. */
  onFlushed?: () => void;
  /** All audio was sent and no more text comes. */
  onDone: () => void;
  /** A fault resets the connection, closes it, or reports an error. */
  onFault?: (action: 'reset' | 'close' | 'error') => void;
}

type Task = { kind: 'text'; text: string; askedAtMs: number } | { kind: 'flush' } | { kind: 'end' };

/** Speaks one answer: takes its text piece by piece and sends the audio with the engine's delays. */
export class Synthesis {
  readonly #options: SynthesisOptions;
  readonly #timers: Timers;
  readonly #abort = new AbortController();
  readonly #tasks: Task[] = [];
  #isWorking = false;
  #isEnded = false;
  /** Samples sent or scheduled, at the client's rate. */
  #sentSamples = 0;
  /** When the engine can send the next audio. */
  #readyAtMs = 0;
  /** Ends the wait for the next chunk. */
  #release = () => {};

  constructor(options: SynthesisOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  /** Adds text. */
  say(text: string): void {
    this.#add({ kind: 'text', text, askedAtMs: this.#timers.nowMs() });
  }

  /** Asks to be told when the text so far was spoken. */
  flush(): void {
    this.#add({ kind: 'flush' });
  }

  /** No more text comes. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#add({ kind: 'end' });
  }

  /** Stops the synthesis at once. No further events are reported. */
  cancel(): void {
    this.#abort.abort();
    this.#timers.close();
    this.#release();
  }

  #add(task: Task): void {
    if (this.#abort.signal.aborted || this.#options.fault?.kind === 'audio-never') return;
    this.#tasks.push(task);
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
        await this.#do(task);
        if (this.#abort.signal.aborted) return;
      }
    } catch {
      // An engine throws when it is stopped, too.
      if (this.#abort.signal.aborted) return;
      // The voice failed.
      this.cancel();
      this.#options.onFault?.('error');
    }
    this.#isWorking = false;
  }

  async #do(task: Task): Promise<void> {
    const { fault, onFlushed, onDone, onFault } = this.#options;
    if (task.kind === 'text') {
      await this.#speak(task.text, task.askedAtMs);
      return;
    }
    if (task.kind === 'end') onDone();
    else onFlushed?.();
    if (fault?.kind === 'close-per-flush') {
      this.cancel();
      onFault?.('close');
    }
  }

  async #speak(text: string, askedAtMs: number): Promise<void> {
    const { fault, profile, rateHz, voice, onFault } = this.#options;
    if (fault?.kind === 'error-message') {
      this.cancel();
      onFault?.('error');
      return;
    }
    if (fault?.kind === 'audio-missing') return;
    const leadingMs = this.#sentSamples === 0 ? profile.leadingSilenceMs : 0;
    const toHz = fault?.kind === 'audio-rate' ? fault.rateHz : rateHz;
    const spoken = new SynthesizedText({
      voice,
      text,
      rateHz: toHz,
      leadingSamples: Math.round((leadingMs * toHz) / 1000),
      signal: this.#abort.signal,
    });
    this.#reportWords(text, spoken, leadingMs / 1000);
    // Text that comes while earlier text is still being generated adds no delay of its own.
    this.#readyAtMs = Math.max(this.#readyAtMs, askedAtMs + this.#firstAudioMs());
    const chunkSamples = Math.max(1, Math.round((profile.chunkMs * rateHz) / 1000));
    for (;;) {
      const chunk = await spoken.take(chunkSamples);
      if (chunk.length === 0 || this.#abort.signal.aborted) break;
      await this.#sendAt(this.#readyAtMs, fault?.kind === 'audio-silent' ? chunk.map(() => 0) : chunk);
      if (this.#abort.signal.aborted) return;
      this.#readyAtMs += profile.chunkMs / profile.speed;
    }
    await spoken.totalSamples;
  }

  /** Reports the words once the length of their audio is known, which may be after its first chunks. */
  #reportWords(text: string, spoken: SynthesizedText, leadingS: number): void {
    const { rateHz, onWords } = this.#options;
    if (!onWords) return;
    const startS = this.#sentSamples / rateHz;
    const report = (samples: number) => {
      if (samples === 0 || this.#abort.signal.aborted) return;
      onWords(wordsOver(text, startS, samples / rateHz, leadingS));
    };
    spoken.totalSamples.then(report, () => {});
  }

  #firstAudioMs(): number {
    const { fault, profile, delays } = this.#options;
    const lateMs = fault?.kind === 'audio-late' && this.#sentSamples === 0 ? fault.delayMs : 0;
    return drawDelayMs(profile.firstAudio, delays) + lateMs;
  }

  /** Sends a chunk when the engine has it, or what the fault leaves of it. */
  #sendAt(atMs: number, chunk: Int16Array): Promise<void> {
    const { fault, rateHz, onAudio, onFault } = this.#options;
    return new Promise((resolve) => {
      this.#release = resolve;
      this.#timers.at(atMs, () => {
        const sentMs = (this.#sentSamples * 1000) / rateHz;
        if (fault?.kind === 'audio-stalls' && sentMs >= fault.afterMs) return;
        if (fault?.kind === 'reset-audio' && sentMs >= fault.afterMs) {
          this.cancel();
          onFault?.('reset');
          return;
        }
        this.#sentSamples += chunk.length;
        onAudio(chunk);
        resolve();
      });
    });
  }
}

/** The words of a text, spread over its audio by their lengths. */
function wordsOver(text: string, startS: number, durationS: number, leadingS: number): SpokenWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const total = words.reduce((sum, word) => sum + word.length + 1, 0);
  const spokenS = durationS - leadingS;
  let at = startS + leadingS;
  return words.map((word) => {
    const endS = at + (spokenS * (word.length + 1)) / total;
    const spoken = { text: word, startS: at, endS };
    at = endS;
    return spoken;
  });
}
