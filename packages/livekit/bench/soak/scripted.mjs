/** The scripted parts of a call: VAD, STT and TTS. */
import { stt, VAD, VADEventType, VADStream } from '@livekit/agents';

class ScriptedVADStream extends VADStream {
  constructor(vad) {
    super(vad);
    void this.#drain();
  }
  async #drain() {
    try {
      while (!(await this.inputReader.read()).done);
    } catch {
      // The session closed the stream.
    }
  }
  say(type, more) {
    this.sendVADEvent({
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
      type,
      ...more,
    });
  }
}

export class ScriptedVAD extends VAD {
  label = 'scripted-vad';
  streams = [];
  constructor() {
    super({ updateInterval: 32 });
  }
  get minSilenceDuration() {
    return 250;
  }
  stream() {
    const stream = new ScriptedVADStream(this);
    this.streams.push(stream);
    return stream;
  }
  say(type, more = {}) {
    for (const stream of this.streams) stream.say(type, more);
  }
}

class ScriptedSpeechStream extends stt.SpeechStream {
  label = 'scripted-speech-stream';
  async run() {
    for await (const _frame of this.input);
  }
  hear(type, text) {
    this.queue.put({
      type,
      alternatives: [{ text, language: 'en', startTime: 0, endTime: 0, confidence: 0.9 }],
    });
  }
}

export class ScriptedSTT extends stt.STT {
  label = 'scripted-stt';
  constructor() {
    super({ streaming: true, interimResults: true });
  }
  stream(options) {
    this.speechStream = new ScriptedSpeechStream(this, undefined, options?.connOptions);
    return this.speechStream;
  }
}

/** The sample level that stands for turn n. */
export const levelOf = (n) => 2000 + n * 20;

/** Encodes the turn number in the sample level; a negative level marks a superseded draft, which must never be played. */
export class NumberTTS {
  provider = 'scripted';
  model = 'number';
  voice = 'number';
  sampleRateHz = 24_000;
  async ready() {}
  async *synthesize(text) {
    const level = levelOf(Number(text.match(/\d+/)?.[0] ?? 0));
    yield new Int16Array(2_400).fill(text.includes('draft') ? -level : level);
  }
  async close() {}
}
