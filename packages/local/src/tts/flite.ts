import { type Clock, FirstwordError, systemClock, type TextToSpeech, unknownName } from '@firstword/turn';
import { untilAborted } from '../process/until-aborted.js';
import { FliteWorker } from './engine.js';
import { speakablePieces } from './text.js';
import { FLITE_VOICES, isFliteVoice } from './voices.js';

/** Default sample rate of LiveKit's audio output. */
const DEFAULT_RATE_HZ = 24_000;
const FRAME_MS = 20;

/** Options of the embedded TTS. All are optional. */
export interface FliteOptions {
  /** One of `FLITE_VOICES`. Default `slt`. */
  voice?: string;
  /** Rate of the frames, Hz (8 000, 16 000, 24 000 or 48 000). Flite's own rate is converted. Default 24 000. */
  sampleRateHz?: number;
  /** Clock of restarts and the watchdog. Default: the process clock. */
  clock?: Clock;
}

const RATES_HZ = [8_000, 16_000, 24_000, 48_000];

/**
 * Local TTS: flite, English, in a worker thread. Text is rendered one sentence at a time, so that a long text starts as
 * early as its first sentence; the next sentence is rendered while the previous one is read. Any text is accepted: what
 * flite cannot speak is left out, and text with nothing to speak yields no frames.
 *
 * `synthesize` throws `aborted` on its signal or after `close()`, and `worker_died` when the worker failed twice on
 * the same text; `ready` rejects with `model_file` when the flite file is missing or damaged. An idle worker does not
 * keep Node from exiting.
 *
 * @throws FirstwordError `bad_input` for an unknown voice or rate.
 */
export function fliteTts(options: FliteOptions = {}): TextToSpeech {
  const voice = options.voice ?? 'slt';
  const sampleRateHz = options.sampleRateHz ?? DEFAULT_RATE_HZ;
  if (!isFliteVoice(voice)) {
    throw unknownName('flite voice', voice, FLITE_VOICES);
  }
  if (!RATES_HZ.includes(sampleRateHz)) {
    throw new FirstwordError('bad_input', `sampleRateHz is ${sampleRateHz}; use ${RATES_HZ.join(', ')}.`);
  }
  const worker = new FliteWorker({ voice, sampleRateHz, clock: options.clock ?? systemClock });
  return {
    provider: 'flite',
    model: 'flite',
    voice,
    sampleRateHz,
    ready: ({ signal } = {}) => untilAborted(worker.ready(), { signal, aborted: abortedError }),
    synthesize: (text, { signal } = {}) => frames({ worker, text, signal, sampleRateHz }),
    close: () => worker.close(),
  };
}

async function* frames(request: {
  worker: FliteWorker;
  text: string;
  signal: AbortSignal | undefined;
  sampleRateHz: number;
}): AsyncGenerator<Int16Array> {
  const { worker, text, signal, sampleRateHz } = request;
  const frameSamples = (sampleRateHz * FRAME_MS) / 1_000;
  const stop = new AbortController();
  // Not AbortSignal.any: Node keeps a weak reference to every signal that it creates, for as long as `signal` lives.
  const abort = () => stop.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const start = (piece: string | undefined) => {
    const rendering = piece === undefined ? undefined : worker.render(piece, { signal: stop.signal });
    // If the frames are no longer read, a failure must not become an unhandled rejection.
    rendering?.catch(() => {});
    return rendering;
  };
  try {
    const pieces = speakablePieces(text);
    let rendering = start(pieces.shift());
    while (rendering) {
      const samples = await rendering;
      rendering = start(pieces.shift());
      for (let at = 0; at < samples.length; at += frameSamples) {
        if (signal?.aborted) throw abortedError();
        yield samples.subarray(at, at + frameSamples);
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}

function abortedError(): FirstwordError {
  return new FirstwordError('aborted', 'Speech synthesis was aborted.');
}
