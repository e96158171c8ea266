import {
  type Clock,
  FirstwordError,
  type SpeechToText,
  systemClock,
  type TranscriptHandlers,
} from '@firstword/turn';
import { EngineProcess } from './engine.js';
import { Scheduler } from './scheduler.js';
import { MoonshineStream, type StreamTimes } from './stream.js';

const DEFAULT_INTERIM_EVERY_MS = 300;
/** Decode time grows with the clip: 10 s of speech take some 0.55 s (bench/stt.mjs), and each interim pays again. */
const DEFAULT_MAX_SEGMENT_MS = 15_000;
const SHORTEST_SEGMENT_MS = 2_000;
const LONGEST_SEGMENT_MS = 30_000;

/** Settings of the embedded ears; every one may be left out. */
export interface MoonshineOptions {
  /**
   * Folder with `encoder_model.onnx` and `decoder_model_merged.onnx` of Moonshine tiny, quantized. Default: the files
   * inside the installed npm package `@moonshine-ai/moonshine-js`.
   */
  modelDir?: string;
  /** New speech after which the next interim transcript is due, ms (≥ 100). Default 300. */
  interimEveryMs?: number;
  /**
   * Longest stretch decoded as one clip, ms (2 000 to 30 000). A longer utterance is divided at a pause or at its
   * quietest place; the final still covers all of it. Bounds memory and decode time. Default 15 000.
   */
  maxSegmentMs?: number;
  /**
   * Whether it listens by itself for a speaker who falls quiet, which it notices before a VAD is sure: an answer can then
   * start sooner (`npm run bench:starts`). Default true.
   */
  detectDips?: boolean;
  /** Times restarts and the watchdog. Default: the process clock. */
  clock?: Clock;
}

/** The embedded ears. */
export interface Moonshine extends SpeechToText {
  /** Process id of the engine while there is one. */
  readonly pid: number | undefined;
}

/**
 * Speech-to-text that runs on this machine: Moonshine tiny, English, in one process of its own that all streams
 * share. It starts with the first `ready()` or `openStream()`, is restarted when it dies, and ends with `close()` or
 * with the process that owns it. Call `close()`: until then the engine keeps Node from exiting by itself.
 *
 * `ready()` rejects with `model_file` when a model file is missing or damaged, with `worker_died` when the process
 * cannot be kept alive, and with `aborted` on its signal or after `close()`.
 *
 * @throws FirstwordError `bad_input` for a setting out of range.
 */
export function moonshineStt(options: MoonshineOptions = {}): Moonshine {
  const times = checkedTimes(options);
  const streams = new Set<MoonshineStream>();
  const engine = new EngineProcess({
    modelDir: options.modelDir,
    clock: options.clock ?? systemClock,
    events: {
      onReady: () => scheduler.nudge(),
      onDown: (error, during) => {
        for (const stream of streams) stream.engineDown(error, during);
      },
      onUnusable: () => {
        for (const stream of streams) stream.engineUnusable();
      },
    },
  });
  const scheduler = new Scheduler(engine);
  const openStream = (handlers: TranscriptHandlers) => {
    engine.start();
    const stream: MoonshineStream = new MoonshineStream({
      handlers,
      times,
      detectDips: options.detectDips ?? true,
      nudge: () => scheduler.nudge(),
      unusable: () => engine.unusable,
      onClose: () => {
        streams.delete(stream);
        scheduler.remove(stream);
      },
    });
    streams.add(stream);
    scheduler.add(stream);
    return stream;
  };
  return {
    provider: 'moonshine',
    model: 'tiny',
    get pid() {
      return engine.pid;
    },
    ready: (waiting) => engine.ready(waiting),
    openStream,
    async close() {
      for (const stream of [...streams]) stream.close();
      await engine.close();
    },
  };
}

function checkedTimes(options: MoonshineOptions): StreamTimes {
  const interimEveryMs = options.interimEveryMs ?? DEFAULT_INTERIM_EVERY_MS;
  const maxSegmentMs = options.maxSegmentMs ?? DEFAULT_MAX_SEGMENT_MS;
  if (!(interimEveryMs >= 100)) {
    throw new FirstwordError('bad_input', `interimEveryMs is ${interimEveryMs}; use 100 or more.`);
  }
  if (!(maxSegmentMs >= SHORTEST_SEGMENT_MS && maxSegmentMs <= LONGEST_SEGMENT_MS)) {
    const range = `${SHORTEST_SEGMENT_MS} to ${LONGEST_SEGMENT_MS}`;
    throw new FirstwordError('bad_input', `maxSegmentMs is ${maxSegmentMs}; use ${range}.`);
  }
  return { interimEveryMs, maxSegmentMs };
}
