import {
  type Clock,
  FirstwordError,
  type SpeechProbe,
  type SpeechProbeEvent,
  type TtsMeasurement,
} from '@firstword/turn';
import { tts } from '@livekit/agents';
import { watchUpgrades, whenOpened } from '../hosted/upgrade-watch.js';
import { firstAudibleSample } from '../transport/speech-edges.js';
import { probeFailure } from './failure.js';

/** What a TTS probe needs. */
export interface TtsProbeOptions {
  engine: tts.TTS;
  /** Name of the engine, for messages. */
  name: string;
  /** What is spoken: one sentence. */
  text: string;
  clock: Clock;
  /** Longest wait for the first audible sample, ms. */
  timeoutMs: number;
}

/** One answer: reads the audio and notes when it came. */
class Answer {
  readonly #clock: Clock;
  readonly startedMs: number;
  connectionMs: number | undefined;
  #firstByteMs: number | undefined;
  #firstAudibleMs: number | undefined;
  audioMs = 0;
  readonly events: SpeechProbeEvent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.startedMs = clock.nowMs();
  }

  get isAudible(): boolean {
    return this.#firstAudibleMs !== undefined;
  }

  readonly onOpened = () => {
    this.connectionMs = this.#clock.nowMs() - this.startedMs;
  };

  onFrame({ data, sampleRate, samplesPerChannel }: tts.SynthesizedAudio['frame']): void {
    const atMs = this.#clock.nowMs() - this.startedMs;
    this.#firstByteMs ??= atMs;
    this.events.push({ kind: 'audio', atMs });
    if (this.#firstAudibleMs === undefined) {
      const sample = firstAudibleSample(data, sampleRate);
      // Played as it comes: a frame is heard when those before it have been, and not before it has come.
      const playedMs = Math.max(atMs, this.#firstByteMs + this.audioMs);
      if (sample >= 0) this.#firstAudibleMs = playedMs + (sample * 1000) / sampleRate;
    }
    this.audioMs += (samplesPerChannel * 1000) / sampleRate;
  }

  times(): Pick<TtsMeasurement, 'firstByteMs' | 'firstAudibleMs' | 'connectionMs'> {
    return {
      ...(this.connectionMs === undefined ? {} : { connectionMs: this.connectionMs }),
      ...(this.#firstByteMs === undefined ? {} : { firstByteMs: this.#firstByteMs }),
      ...(this.#firstAudibleMs === undefined ? {} : { firstAudibleMs: this.#firstAudibleMs }),
    };
  }
}

/**
 * Measures a TTS of LiveKit: hands it one sentence and times the audio. The class keeps its connections as in a call, so all
 * measurements but the first find one open where the class keeps one.
 */
export function ttsProbe(options: TtsProbeOptions): SpeechProbe {
  const { engine, clock } = options;
  // Not part of the base class: plugins without a pool of connections have none.
  const { prewarm } = engine as tts.TTS & { prewarm?: () => void };
  const unwatch = watchUpgrades();
  return {
    ready: ({ signal }) =>
      new Promise((resolve) => {
        const done = () => {
          cancel();
          signal.removeEventListener('abort', done);
          resolve();
        };
        // A class that opens nothing ahead of time, or fails to, is measured all the same.
        const cancel = clock.schedule(Math.min(options.timeoutMs, 5_000), done);
        signal.addEventListener('abort', done, { once: true });
        // LiveKit puts a connection into its pool after the upgrade.
        whenOpened(
          () => clock.schedule(20, done),
          () => prewarm?.call(engine),
        );
        if (signal.aborted) done();
      }),
    measure: ({ signal }) => speakOnce(options, signal),
    close: async () => {
      unwatch();
      await engine.close();
    },
  };
}

async function speakOnce(options: TtsProbeOptions, signal: AbortSignal): Promise<TtsMeasurement> {
  const { engine, name, text, clock, timeoutMs } = options;
  const answer = new Answer(clock);
  let failure: FirstwordError | undefined;
  const onError = ({ error }: { error: Error }) => {
    failure ??= probeFailure(error, name);
  };
  engine.on('error', onError);
  const connOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs };
  const stream = whenOpened(answer.onOpened, () => engine.stream({ connOptions }));
  const stop = () => stream.close();
  const cancelTimeout = clock.schedule(timeoutMs, () => {
    if (answer.isAudible) return;
    failure = new FirstwordError('timeout', `${name} sent nothing audible within ${timeoutMs} ms`, {
      retryable: true,
    });
    stop();
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    stream.pushText(text);
    stream.endInput();
    for await (const audio of stream) {
      if (audio !== tts.SynthesizeStream.END_OF_STREAM) answer.onFrame(audio.frame);
    }
  } finally {
    cancelTimeout();
    signal.removeEventListener('abort', stop);
    engine.off('error', onError);
    stream.close();
  }
  if (signal.aborted) throw new FirstwordError('aborted', 'the measurement was stopped');
  if (!answer.isAudible) failure ??= silent(name);
  return {
    kind: 'tts',
    startedMs: answer.startedMs,
    lateMs: 0,
    endedMs: clock.nowMs(),
    billed: text.length,
    audioMs: answer.audioMs,
    events: answer.events,
    ...answer.times(),
    // An error of another stream of the same engine does not make this answer a failed one.
    ...(failure && !answer.isAudible ? { error: failure } : {}),
  };
}

function silent(name: string): FirstwordError {
  return new FirstwordError('bad_stream', `${name} sent no audible sound`, { retryable: true });
}
