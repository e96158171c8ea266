import { type APIConnectOptions, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

export const SCRIPTED_RATE_HZ = 24_000;

/** One step of a scripted synthesis: audio, an error, a stall until aborted, or a wait that ignores the abort signal. */
export type TTSStep = Int16Array | Error | 'stall' | Promise<void>;

/** Samples at a constant level: the default is well above the silence threshold; 0 is silence. */
export function tone(durationMs: number, level = 5000): Int16Array {
  return new Int16Array((SCRIPTED_RATE_HZ * durationMs) / 1000).fill(level);
}

/** 200 ms of silence, then 300 ms of tone, in buffers of 100 ms like those of LiveKit's plugins. */
export const SPOKEN: TTSStep[] = [tone(100, 0), tone(100, 0), tone(100), tone(100), tone(100)];

/** A LiveKit TTS, streaming or not, that synthesizes each text by the test's script. */
export class ScriptedTTS extends tts.TTS {
  override label = 'scripted-tts';
  readonly said: string[] = [];
  /** Number of requests opened. */
  opened = 0;
  #ended = 0;
  closed = false;
  /** What a stream does at a flush: ends, or reports an end and goes on. Default: neither, as most TTSs. */
  atFlush: 'ends' | 'reports an end' | undefined;
  readonly #script: (text: string, nth: number) => TTSStep[];
  #watching: { isSo: () => boolean; resolve: () => void }[] = [];

  constructor(streaming: boolean, script: (text: string, nth: number) => TTSStep[] = () => SPOKEN) {
    super(SCRIPTED_RATE_HZ, 1, { streaming });
    this.#script = script;
  }

  override synthesize(text: string, conn?: APIConnectOptions, signal?: AbortSignal): tts.ChunkedStream {
    return new ScriptedChunks(this, text, conn, signal);
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new ScriptedStream(this, options?.connOptions);
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  /** Resolves once this many texts have been requested. */
  asked(count: number): Promise<void> {
    return this.#until(() => this.said.length >= count);
  }

  /** Resolves once every request has ended or been stopped; never resolves if one has leaked. */
  idle(): Promise<void> {
    return this.#until(() => this.#ended === this.opened);
  }

  /** Counts a request as ended. */
  end(): void {
    this.#ended += 1;
    this.#notify();
  }

  /** Runs the script of a text. */
  async play(options: {
    text: string;
    signal: AbortSignal;
    put: (frame: AudioFrame) => void;
  }): Promise<void> {
    const { signal } = options;
    const steps = this.#script(options.text, this.said.length);
    this.said.push(options.text);
    this.#notify();
    for (const step of steps) {
      if (step instanceof Promise) {
        await step;
        continue;
      }
      if (signal.aborted) return;
      if (step instanceof Error) throw step;
      if (step !== 'stall') options.put(new AudioFrame(step.slice(), SCRIPTED_RATE_HZ, 1, step.length));
      else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
  }

  #notify(): void {
    for (const { isSo, resolve } of this.#watching) if (isSo()) resolve();
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#watching.push({ isSo, resolve });
      this.#notify();
    });
  }
}

class ScriptedStream extends tts.SynthesizeStream {
  override label = 'scripted-stream';
  readonly #tts: ScriptedTTS;

  constructor(scriptedTts: ScriptedTTS, conn?: APIConnectOptions) {
    super(scriptedTts, conn);
    this.#tts = scriptedTts;
    scriptedTts.opened += 1;
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController;
    const put = (frame: AudioFrame) =>
      this.queue.put({ requestId: 'r', segmentId: 's', frame, final: false });
    let text = '';
    try {
      for await (const more of this.input) {
        if (typeof more === 'string') text += more;
        else if (text.trim() !== '') {
          this.markStarted();
          await this.#tts.play({ text: text.trim(), signal, put });
          text = '';
          if (this.#tts.atFlush) this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
          if (this.#tts.atFlush === 'ends') return;
        }
      }
      if (!signal.aborted && !this.#tts.atFlush) this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
    } finally {
      this.#tts.end();
    }
  }
}

class ScriptedChunks extends tts.ChunkedStream {
  override label = 'scripted-chunks';
  readonly #tts: ScriptedTTS;

  constructor(scriptedTts: ScriptedTTS, text: string, conn?: APIConnectOptions, signal?: AbortSignal) {
    super(text, scriptedTts, conn, signal);
    this.#tts = scriptedTts;
    scriptedTts.opened += 1;
  }

  protected override async run(): Promise<void> {
    const put = (frame: AudioFrame) =>
      this.queue.put({ requestId: 'r', segmentId: 's', frame, final: false });
    try {
      await this.#tts.play({ text: this.inputText, signal: this.abortSignal, put });
    } finally {
      this.#tts.end();
    }
  }
}
