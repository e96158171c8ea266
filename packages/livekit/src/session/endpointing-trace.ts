import { FirstwordError } from '@firstword/turn';
import { VADEventType } from '@livekit/agents';
import localInference from '@livekit/local-inference';
import { AudioFrame } from '@livekit/rtc-node';
import { PromptVAD } from '../stt/prompt-vad.js';
import { FRAME_MS } from '../stt/silence-counter.js';
import { INPUT_RATE_HZ } from '../transport/audio-input.js';
import { MAX_EOT_SAMPLES } from './end-of-turn.js';

/** A silence long enough to be the end of a turn. Times are ms from the start of the audio. */
export interface TracedPause {
  /** End of the last window that the VAD classified as speech. */
  lastVoicedMs: number;
  /** When a session detects that the caller has resumed, and cancels a pending commit; absent at the end. */
  resumedMs?: number;
  /** The end-of-turn model's probability after each silence, oldest first. */
  answers: { silenceMs: number; probability: number }[];
}

const FRAME_SAMPLES = (INPUT_RATE_HZ * 20) / 1000;
const FRAMES_AT_ONCE = 50;
/** LiveKit 1.9.0's own default, and Firstword's. */
const VADS = { livekit: { deactivationThreshold: 0.35, maxLeadMs: 0 }, firstword: {} };

const askLiveKit = (heard: Int16Array) =>
  localInference.predict(heard.slice(Math.max(0, heard.length - MAX_EOT_SAMPLES)));

/**
 * Finds the pauses of a recording with LiveKit's VAD and asks its end-of-turn model about each, as a session does, but
 * faster than real time.
 *
 * @param samples mono, 16 kHz; end it with at least a second of room noise, so that its last pause is found
 * @param options.vad VAD settings to use, LiveKit's or Firstword's. With LiveKit's, an end of speech is reported later
 * @param options.askAtMs silences after which the model is asked, ms, multiples of 32, ascending; the first defines a pause
 * @param options.predict another model, given all audio up to that moment; default LiveKit's local one
 * @throws FirstwordError `aborted`
 */
export async function tracePauses(
  samples: Int16Array,
  options: {
    vad: keyof typeof VADS;
    askAtMs: readonly number[];
    predict?: (heard: Int16Array) => Promise<number>;
    signal?: AbortSignal;
  },
): Promise<TracedPause[]> {
  const { vad, askAtMs, predict = askLiveKit, signal } = options;
  const pauses: TracedPause[] = [];
  let open: TracedPause | undefined;
  const aborted = () => new FirstwordError('aborted', 'stopped before the end of the recording');
  if (signal?.aborted) throw aborted();
  const stream = new PromptVAD(VADS[vad]).stream();
  const stop = () => stream.close();
  signal?.addEventListener('abort', stop, { once: true });
  const feed = async () => {
    for (let from = 0, frames = 0; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES) {
      if (signal?.aborted) break;
      stream.pushFrame(
        new AudioFrame(samples.slice(from, from + FRAME_SAMPLES), INPUT_RATE_HZ, 1, FRAME_SAMPLES),
      );
      // Keeps the queue small.
      if (++frames % FRAMES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const feeding = feed();
  // LiveKit 1.9.0 cannot end a VAD's input (its writer stays locked), so the end is found by counting the audio.
  const fedMs = (Math.floor(samples.length / FRAME_SAMPLES) * FRAME_SAMPLES * 1000) / INPUT_RATE_HZ;
  for await (const event of stream) {
    if (event.type === VADEventType.START_OF_SPEECH) {
      if (open) open.resumedMs = event.timestamp;
      open = undefined;
    } else if (event.type === VADEventType.INFERENCE_DONE) {
      const silenceMs = event.rawAccumulatedSilence;
      // Before the VAD reports the end of speech, one voiced window counts as resumed.
      if (silenceMs === 0 && event.speaking && open) {
        open.resumedMs = event.timestamp;
        open = undefined;
      }
      if (askAtMs.includes(silenceMs) && (open || event.speaking)) {
        if (!open) {
          open = { lastVoicedMs: event.timestamp - silenceMs, answers: [] };
          pauses.push(open);
        }
        const heard = samples.subarray(0, Math.round((event.timestamp * INPUT_RATE_HZ) / 1000));
        open.answers.push({ silenceMs, probability: await predict(heard) });
      }
    }
    if (signal?.aborted || event.timestamp > fedMs - FRAME_MS) break;
  }
  await feeding;
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw aborted();
  stream.close();
  return pauses;
}
