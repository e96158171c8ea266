import { inference, type VADEvent, VADEventType } from '@livekit/agents';
import { replaceVadEvents, vadOptions } from '../internals/vad-stream.js';
import { SilenceCounter } from './silence-counter.js';

/** Options of `PromptVAD`. */
export interface PromptVADOptions {
  /**
   * Silence after which the session asks its end-of-turn model, ms; default 200, LiveKit's own. From there on the silence is
   * reported as at least 200, so that the model's answer is ready when the VAD reports the end of speech.
   */
  eotAfterMs?: number;
  /** Silence begins below this probability of speech, 0 to 1; default 0.5 (LiveKit: 0.35). */
  deactivationThreshold?: number;
  /** How much earlier than the VAD model alone silence may begin, judged by the sound's level, ms; default 96, 0 for never. */
  maxLeadMs?: number;
}

/**
 * LiveKit's local VAD, detecting silence earlier in three ways.
 *
 * 1. Each frame reports the silence up to its own end. LiveKit 1.9.0 reports it up to the end of the previous frame (it
 *    sends `INFERENCE_DONE` before counting the frame). A session that asks its end-of-turn model after 200 ms of silence
 *    therefore asks at 256 ms, in the same frame as the end of speech.
 * 2. Silence begins below a probability of 0.5 instead of 0.35, which takes long to reach in a noisy room.
 * 3. In noise the model reports speech for longer after the voice has ended than in a quiet room. That extra time is counted
 *    as silence, so callers in noise do not wait longer than others.
 *
 * Gains and cut-offs of 2 and 3 (`npm run bench:endpointing`): docs/decisions/2026-11-29-silence-from-the-sound.md.
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
