import { FirstwordError, type SpeechToText } from '@firstword/turn';
import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { INPUT_RATE_HZ } from '../transport/audio-input.js';
import { EagerSTT } from './eager-stt.js';
import { LocalSTT } from './local-stt.js';

/** Words of a transcript, and when it arrived. */
export interface TimedWords {
  atMs: number;
  words: string;
}

/** The words a session would have speculated on, and the final ones. Oldest first. */
export interface SpeculationTiming {
  speculations: TimedWords[];
  finals: TimedWords[];
}

const FRAME_MS = 20;
const FRAME_SAMPLES = (INPUT_RATE_HZ * FRAME_MS) / 1000;

/**
 * Transcribes a recording in real time, without a session, and records when speculations would have started.
 *
 * @param samples mono, 16 kHz; end it with more than a second of room noise, so that the last words become final
 * @param options.pauseHintMs see `LocalSTT`
 * @throws FirstwordError `aborted`
 */
export async function traceSpeculations(
  samples: Int16Array,
  options: { engine: SpeechToText; pauseHintMs: number; signal?: AbortSignal },
): Promise<SpeculationTiming> {
  const { engine, pauseHintMs, signal } = options;
  const trace: SpeculationTiming = { speculations: [], finals: [] };
  const eagerStt = new EagerSTT(new LocalSTT(engine, { pauseHintMs }), { speculation: { minAcceptance: 0 } });
  const stream = eagerStt.stream();
  const beganMs = performance.now();
  const reading = (async () => {
    for await (const { type, alternatives } of stream) {
      const transcript = { atMs: performance.now() - beganMs, words: alternatives?.[0]?.text ?? '' };
      if (type === stt.SpeechEventType.PREFLIGHT_TRANSCRIPT) trace.speculations.push(transcript);
      else if (type === stt.SpeechEventType.FINAL_TRANSCRIPT) {
        trace.finals.push(transcript);
        eagerStt.speculator.commit(true);
      }
    }
  })();
  try {
    for (let from = 0; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES) {
      if (signal?.aborted) throw new FirstwordError('aborted', 'stopped before the end of the recording');
      const dueMs = beganMs + ((from + FRAME_SAMPLES) * 1000) / INPUT_RATE_HZ - performance.now();
      if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
      const heard = samples.slice(from, from + FRAME_SAMPLES);
      stream.pushFrame(new AudioFrame(heard, INPUT_RATE_HZ, 1, FRAME_SAMPLES));
    }
  } finally {
    stream.close();
    await reading;
  }
  return trace;
}
