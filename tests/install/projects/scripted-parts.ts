/**
 * STT, LLM and TTS that need no provider. They extend the classes of the project's own copy of `@livekit/agents`, as a
 * vendor's plugin does. A file of the foreign projects: the suite copies it into each.
 */
import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, llm, stt, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

/** What the caller says. The recording holds these words. */
export const QUESTION = 'what are your opening hours';
/** What the model answers, with the Markdown that models like to write. */
export const ANSWER = 'We open at **nine**. We close at **five**.';
/** What the model answers to anything but the question. */
export const NOT_UNDERSTOOD = 'Sorry, what was that?';

/** Mean absolute sample value from which a frame is speech. */
const LOUD = 300;
const WORD_MS = 250;
const SILENCE_MS = 250;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Hears `QUESTION` in any sound: a word each 250 ms as interims, the whole sentence after 250 ms of silence. */
export class ScriptedSTT extends stt.STT {
  override label = 'scripted.STT';

  constructor() {
    super({ streaming: true, interimResults: true });
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('This STT only streams.');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    return new ScriptedSpeechStream(this, undefined, options?.connOptions);
  }
}

class ScriptedSpeechStream extends stt.SpeechStream {
  override label = 'scripted.SpeechStream';
  #words = 0;
  #speechMs = 0;
  #silenceMs = 0;

  protected override async run(): Promise<void> {
    for await (const frame of this.input) if (typeof frame !== 'symbol') this.#hear(frame);
  }

  #hear(frame: AudioFrame): void {
    const frameMs = (frame.samplesPerChannel / frame.sampleRate) * 1000;
    const loudness = frame.data.reduce((sum, sample) => sum + Math.abs(sample), 0) / frame.data.length;
    const words = QUESTION.split(' ');
    if (loudness >= LOUD) {
      this.#silenceMs = 0;
      this.#speechMs += frameMs;
      const heard = Math.min(words.length, Math.floor(this.#speechMs / WORD_MS));
      if (heard > this.#words) {
        this.#words = heard;
        this.#put(stt.SpeechEventType.INTERIM_TRANSCRIPT, words.slice(0, heard).join(' '));
      }
    } else if (this.#words > 0) {
      this.#silenceMs += frameMs;
      if (this.#silenceMs < SILENCE_MS) return;
      this.#words = 0;
      this.#speechMs = 0;
      this.#put(stt.SpeechEventType.FINAL_TRANSCRIPT, QUESTION);
    }
  }

  #put(type: stt.SpeechEventType, text: string): void {
    const language = 'en' as stt.SpeechData['language'];
    this.queue.put({ type, alternatives: [{ text, language, startTime: 0, endTime: 0, confidence: 0.95 }] });
  }
}

/** Answers `QUESTION` with `ANSWER`, after 200 ms, a word each 10 ms. */
export class ScriptedLLM extends llm.LLM {
  requests = 0;

  override label(): string {
    return 'scripted.LLM';
  }

  override get model(): string {
    return 'scripted-1';
  }

  override chat({ chatCtx, toolCtx, connOptions }: Parameters<llm.LLM['chat']>[0]): llm.LLMStream {
    this.requests++;
    return new ScriptedLLMStream(this, {
      chatCtx,
      ...(toolCtx ? { toolCtx } : {}),
      connOptions: connOptions ?? DEFAULT_API_CONNECT_OPTIONS,
    });
  }
}

class ScriptedLLMStream extends llm.LLMStream {
  protected override async run(): Promise<void> {
    const asked = this.chatCtx.items.findLast((item) => item.type === 'message' && item.role === 'user');
    const words = asked?.type === 'message' ? (asked.textContent ?? '').toLowerCase() : '';
    const answer = words.includes('opening hours') ? ANSWER : NOT_UNDERSTOOD;
    await pause(200);
    for (const content of answer.match(/\S+\s*/g) ?? []) {
      if (this.abortController.signal.aborted) return;
      this.queue.put({ id: 'answer', delta: { role: 'assistant', content } });
      await pause(10);
    }
    this.queue.put({
      id: 'answer',
      usage: { completionTokens: 12, promptTokens: 40, promptCachedTokens: 0, totalTokens: 52 },
    });
  }
}

const RATE_HZ = 24_000;
/** Each character sounds for 10 ms. */
const CHARACTER_SAMPLES = RATE_HZ / 100;
const AMPLITUDE_STEP = 100;

/**
 * "Speaks" each character as 10 ms at an amplitude of its own, with alternating sign, so that a listener can read the
 * words from the audio: see `wordsIn`.
 */
export class ScriptedTTS extends tts.TTS {
  override label = 'scripted.TTS';
  /** Each text that was handed to this TTS. */
  readonly given: string[] = [];

  constructor() {
    super(RATE_HZ, 1, { streaming: true });
  }

  override synthesize(): tts.ChunkedStream {
    throw new Error('This TTS only streams.');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new ScriptedSynthesizeStream(this, options?.connOptions);
  }
}

class ScriptedSynthesizeStream extends tts.SynthesizeStream {
  override label = 'scripted.SynthesizeStream';
  readonly #tts: ScriptedTTS;

  constructor(owner: ScriptedTTS, connOptions?: APIConnectOptions) {
    super(owner, connOptions);
    this.#tts = owner;
  }

  protected override async run(): Promise<void> {
    let text = '';
    let sign = 1;
    for await (const piece of this.input) {
      if (typeof piece === 'symbol') continue;
      if (text === '') this.markStarted();
      text += piece;
      for (const character of piece) {
        const samples = new Int16Array(CHARACTER_SAMPLES).fill(
          sign * AMPLITUDE_STEP * character.charCodeAt(0),
        );
        sign = -sign;
        const frame = new AudioFrame(samples, RATE_HZ, 1, CHARACTER_SAMPLES);
        this.queue.put({ requestId: 'request', segmentId: 'segment', frame, final: false });
      }
    }
    if (text !== '') this.#tts.given.push(text);
    this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
  }
}

/** The words in audio that `ScriptedTTS` made. A character of which a part was trimmed still counts. */
export function wordsIn(samples: readonly number[]): string {
  let words = '';
  let last = 0;
  for (const sample of samples) {
    if (sample !== 0 && sample !== last)
      words += String.fromCharCode(Math.round(Math.abs(sample) / AMPLITUDE_STEP));
    last = sample;
  }
  return words.replace(/\s+/g, ' ').trim();
}
