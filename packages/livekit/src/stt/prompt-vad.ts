import { inference, type VADEvent, VADEventType } from '@livekit/agents';
import { replaceVadEvents, vadOptions } from '../internals/vad-stream.js';
import { SilenceCounter } from './silence-counter.js';

export interface PromptVADOptions {
  /**
   * Silence at which a session is to ask its end-of-turn model, ms: from there on the silence is told as the 200 that LiveKit
   * waits for, so that the answer is there when the VAD calls speech ended.
   */
  eotAfterMs?: number;
  /** Probability of speech at which silence begins, over 0 to 1; default 0.5. */
  deactivationThreshold?: number;
  /** How much sooner than the model alone the end of the sound may let silence begin, ms; default 96, 0 for never. */
  maxLeadMs?: number;
}

/**
 * LiveKit's local VAD, sooner in three ways.
 *
 * Its frames tell the silence up to their own end. LiveKit 1.9.0 tells it up to the end of the frame before (it sends
 * `INFERENCE_DONE` before counting the frame), so whoever waits for 200 ms of silence is told at 256 ms, in the same frame
 * as the end of speech: the end-of-turn model, meant to be asked before, is asked then.
 *
 * Silence begins at a probability of 0.5 instead of 0.35, which takes long to reach where a room is noisy. And it is counted
 * from where the sound ended, where the model, once it has come to hear silence, has gone on hearing a voice for longer
 * than it does in a quiet room. Callers in noise then wait as long as others do. What each of the
 * two brings and cuts off, by `npm run bench:endpointing`: docs/decisions/2026-11-29-silence-from-the-sound.md.
 */
export class PromptVAD extends inference.VAD {
  override label = 'firstword.PromptVAD';
  readonly #eotAfterMs: number;
  readonly #maxLeadMs: number;

  constructor(options: PromptVADOptions = {}) {
    const { eotAfterMs = LIVEKIT_EOT_AFTER_MS, deactivationThreshold = 0.5, maxLeadMs = 96 } = options;
    super({ deactivationThreshold });
    this.#eotAfterMs = eotAfterMs;
    this.#maxLeadMs = maxLeadMs;
  }

  override stream(): ReturnType<inference.VAD['stream']> {
    const silence = new SilenceCounter(() => vadOptions(this), this.#maxLeadMs);
    return replaceVadEvents(super.stream(), (event) =>
      silence.process(event).map((next) => this.#asking(next)),
    );
  }

  #asking(event: VADEvent): VADEvent {
    const asks =
      event.type === VADEventType.INFERENCE_DONE && event.rawAccumulatedSilence >= this.#eotAfterMs;
    if (!asks) return event;
    return { ...event, rawAccumulatedSilence: Math.max(event.rawAccumulatedSilence, LIVEKIT_EOT_AFTER_MS) };
  }
}

/** LiveKit's `MIN_SILENCE_DURATION_MS`. */
const LIVEKIT_EOT_AFTER_MS = 200;
