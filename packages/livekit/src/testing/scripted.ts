import type { ChatEvent, ChatRequest, ChatStream, LanguageModel, RequestTrace } from '@firstword/llm';
import { FirstwordError, systemClock, type TextToSpeech } from '@firstword/turn';
import { type APIConnectOptions, stt, VAD, type VADEvent, VADEventType, VADStream } from '@livekit/agents';

/** A VAD whose events a test sends. */
export class ScriptedVAD extends VAD {
  override label = 'scripted-vad';
  readonly streams: ScriptedVADStream[] = [];

  constructor() {
    super({ updateInterval: 32 });
  }

  override get minSilenceDuration(): number {
    return 250;
  }

  override stream(): ScriptedVADStream {
    const stream = new ScriptedVADStream(this);
    this.streams.push(stream);
    return stream;
  }

  say(type: VADEventType, more: Partial<VADEvent> = {}): void {
    for (const stream of this.streams) stream.say(type, more);
  }
}

class ScriptedVADStream extends VADStream {
  constructor(vad: ScriptedVAD) {
    super(vad);
    void this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      while (!(await this.inputReader.read()).done);
    } catch {
      // The session closed the stream.
    }
  }

  say(type: VADEventType, more: Partial<VADEvent>): void {
    this.sendVADEvent({
      type,
      samplesIndex: 0,
      timestamp: Date.now(),
      speechDuration: 0,
      silenceDuration: 0,
      frames: [],
      probability: 1,
      inferenceDuration: 0,
      speaking: type !== VADEventType.END_OF_SPEECH,
      rawAccumulatedSilence: 0,
      rawAccumulatedSpeech: 0,
      ...more,
    });
  }
}

/** An STT whose events a test sends. */
export class ScriptedSTT extends stt.STT {
  override label = 'scripted-stt';
  #stream: ScriptedSpeechStream | undefined;

  constructor() {
    super({ streaming: true, interimResults: true });
  }

  protected override async _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('only streams');
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    this.#stream = new ScriptedSpeechStream(this, undefined, options?.connOptions);
    return this.#stream;
  }

  hear(type: stt.SpeechEventType, text: string, more: Partial<stt.SpeechData> = {}): void {
    this.#stream?.hear(type, text, more);
  }
}

class ScriptedSpeechStream extends stt.SpeechStream {
  override label = 'scripted-speech-stream';

  protected override async run(): Promise<void> {
    for await (const _frame of this.input);
  }

  hear(type: stt.SpeechEventType, text: string, more: Partial<stt.SpeechData>): void {
    const language = 'en' as stt.SpeechData['language'];
    const data = { text, language, startTime: 0, endTime: 0, confidence: 0.9, ...more };
    this.queue.put({ type, alternatives: [data] });
  }
}

/** One step of a scripted answer: an event, an error, or a wait. */
export type AnswerStep = ChatEvent | Error | Promise<void>;

/** A text event. */
export const text = (words: string): ChatEvent => ({ type: 'text', text: words });

/** A language model that answers each request with the next list of steps, and repeats the last one. */
export class ScriptedModel implements LanguageModel {
  readonly provider = 'scripted';
  readonly model = 'scripted-1';
  readonly asked: ChatRequest[] = [];
  /** Number of answers being streamed. */
  open = 0;
  readonly #answers: AnswerStep[][];

  constructor(...answers: AnswerStep[][]) {
    this.#answers = answers;
  }

  chat(request: ChatRequest, options: { signal?: AbortSignal } = {}): ChatStream {
    const answer = this.answerTo(request, this.asked.length);
    this.asked.push(request);
    const trace: RequestTrace = {
      provider: this.provider,
      model: this.model,
      emulated: true,
      requests: 1,
      outcome: 'pending',
      marks: { llmRequested: systemClock.nowMs() },
    };
    const play = () => this.#play(answer, trace, options.signal);
    return { trace, cancel: () => {}, [Symbol.asyncIterator]: play };
  }

  async *#play(
    answer: AnswerStep[],
    trace: RequestTrace,
    signal?: AbortSignal,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    this.open++;
    try {
      for (const step of answer) {
        if (step instanceof Promise) await Promise.race([step, aborted(signal)]);
        else if (step instanceof Error) throw step;
        else {
          if (step.type === 'text' || step.type === 'toolCall')
            trace.marks.firstContent ??= systemClock.nowMs();
          yield step;
        }
        if (signal?.aborted) throw new FirstwordError('aborted', 'No longer wanted.');
      }
      trace.outcome = 'finished';
    } catch (error) {
      trace.outcome = signal?.aborted ? 'cancelled' : 'failed';
      if (error instanceof FirstwordError) trace.error = error;
      throw error;
    } finally {
      if (trace.outcome === 'pending') trace.outcome = 'cancelled';
      this.open--;
    }
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}

  /** The answer to the request that follows `asked` earlier ones. */
  protected answerTo(_request: ChatRequest, asked: number): AnswerStep[] {
    return this.#answers[asked] ?? this.#answers.at(-1) ?? [];
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

/** A TTS that returns silence and then a tone for each clause; default 200 ms and 300 ms. */
export class ToneTTS implements TextToSpeech {
  readonly provider = 'tone';
  readonly model = 'tone-1';
  readonly voice = 'tone';
  readonly sampleRateHz = 24_000;
  readonly said: string[] = [];
  readonly #frames: { silent: number; all: number };

  constructor({ silenceMs = 200, toneMs = 300 }: { silenceMs?: number; toneMs?: number } = {}) {
    this.#frames = { silent: silenceMs / 20, all: (silenceMs + toneMs) / 20 };
  }

  async ready(): Promise<void> {}

  async *synthesize(text: string): AsyncGenerator<Int16Array> {
    this.said.push(text);
    const { silent, all } = this.#frames;
    for (let i = 0; i < all; i++) yield new Int16Array(480).fill(i < silent ? 0 : 5000);
  }

  async close(): Promise<void> {}
}
