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
/** Every interim decodes the whole clip, so decode time grows with it: about 0.55 s for 10 s of speech (bench/stt.mjs). */
const DEFAULT_MAX_SEGMENT_MS = 15_000;
const SHORTEST_SEGMENT_MS = 2_000;
const LONGEST_SEGMENT_MS = 30_000;

/** Options of the embedded STT. All are optional. */
export interface MoonshineOptions {
  /**
   * Folder with `encoder_model.onnx` and `decoder_model_merged.onnx` of Moonshine tiny, quantized. Default: the files
   * inside this package.
   */
  modelDir?: string;
  /**
   * New speech after which the next interim transcript is due, ms (≥ 100); twice the duration of the last decode if that is
   * longer, so that interims take at most half of a core. Default 300.
   */
  interimEveryMs?: number;
  /**
   * Longest clip that is decoded at once, ms (2 000 to 30 000). A longer utterance is divided at a pause or at its
   * quietest place; the final still covers all of it. Limits memory and decode time. Default 15 000.
   */
  maxSegmentMs?: number;
  /**
   * Whether to detect by level that the speaker becomes quiet, which is earlier than a VAD does, so that an answer can
   * start earlier (`npm run bench:speculation-timing`). Default true.
   */
  detectDips?: boolean;
  /** Clock of restarts and the watchdog. Default: the process clock. */
  clock?: Clock;
}

/** The embedded STT. */
export interface Moonshine extends SpeechToText {
  /** Process id of the engine; `undefined` while it does not run. */
  readonly pid: number | undefined;
}

/**
 * Local STT: Moonshine tiny, English, in a separate process that all streams share. The process starts with the first
 * `ready()` or `openStream()`, is restarted after a crash, and ends with `close()` or with the parent process. Call
 * `close()`; until then the engine prevents Node from exiting.
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
