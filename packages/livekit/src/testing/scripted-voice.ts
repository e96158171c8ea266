import { type APIConnectOptions, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

export const SCRIPTED_RATE_HZ = 24_000;

/** What a scripted voice does for a text: audio, a failure, nothing ever again, or a wait that nothing cuts short. */
export type VoiceStep = Int16Array | Error | 'stall' | Promise<void>;

/** Sound (a level well over the bar of silence) or silence. */
export function tone(durationMs: number, level = 5000): Int16Array {
  return new Int16Array((SCRIPTED_RATE_HZ * durationMs) / 1000).fill(level);
}

/** 200 ms of silence, 300 ms of tone, in buffers of 100 ms, as plugins send them. */
export const SPOKEN: VoiceStep[] = [tone(100, 0), tone(100, 0), tone(100), tone(100), tone(100)];

/** A LiveKit voice, streaming or not, that says every text as a test tells it to. */
export class ScriptedVoice extends tts.TTS {
  override label = 'scripted-voice';
  readonly said: string[] = [];
  /** Requests opened. */
  opened = 0;
  #ended = 0;
  closed = false;
  readonly #script: (text: string, nth: number) => VoiceStep[];
  #watching: { isSo: () => boolean; resolve: () => void }[] = [];

  constructor(streaming: boolean, script: (text: string, nth: number) => VoiceStep[] = () => SPOKEN) {
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

  /** Resolves once so many texts have been asked for. */
  asked(count: number): Promise<void> {
    return this.#until(() => this.said.length >= count);
  }

  /** Resolves once every request has ended or been stopped: never, where one has leaked. */
  idle(): Promise<void> {
    return this.#until(() => this.#ended === this.opened);
  }

  /** A request has ended. */
  end(): void {
    this.#ended += 1;
    this.#tell();
  }

  /** Plays the script of a text. */
  async play(options: {
    text: string;
    signal: AbortSignal;
    put: (frame: AudioFrame) => void;
  }): Promise<void> {
    const { signal } = options;
    const steps = this.#script(options.text, this.said.length);
    this.said.push(options.text);
    this.#tell();
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

  #tell(): void {
    for (const { isSo, resolve } of this.#watching) if (isSo()) resolve();
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#watching.push({ isSo, resolve });
      this.#tell();
    });
  }
}

class ScriptedStream extends tts.SynthesizeStream {
  override label = 'scripted-stream';
  readonly #voice: ScriptedVoice;

  constructor(voice: ScriptedVoice, conn?: APIConnectOptions) {
    super(voice, conn);
    this.#voice = voice;
    voice.opened += 1;
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
          await this.#voice.play({ text: text.trim(), signal, put });
          text = '';
        }
      }
      if (!signal.aborted) this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
    } finally {
      this.#voice.end();
    }
  }
}

class ScriptedChunks extends tts.ChunkedStream {
  override label = 'scripted-chunks';
  readonly #voice: ScriptedVoice;

  constructor(voice: ScriptedVoice, text: string, conn?: APIConnectOptions, signal?: AbortSignal) {
    super(text, voice, conn, signal);
    this.#voice = voice;
    voice.opened += 1;
  }

  protected override async run(): Promise<void> {
    const put = (frame: AudioFrame) =>
      this.queue.put({ requestId: 'r', segmentId: 's', frame, final: false });
    try {
      await this.#voice.play({ text: this.inputText, signal: this.abortSignal, put });
    } finally {
      this.#voice.end();
    }
  }
}
