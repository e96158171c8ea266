import { inference, type VADEvent, VADEventType } from '@livekit/agents';

/**
 * LiveKit's local VAD, whose frames tell the silence up to their own end. LiveKit 1.9.0 tells it up to the end of the
 * frame before (it sends `INFERENCE_DONE` before counting the frame), so whoever waits for 200 ms of silence is told at
 * 256 ms, in the same frame as the end of speech: the end-of-turn model, meant to be asked before, is asked then.
 */
export class PromptVAD extends inference.VAD {
  override label = 'firstword.PromptVAD';
  readonly #askAfterMs: number;

  /**
   * @param options.askAfterMs silence at which a session is to ask its end-of-turn model, ms: from there on the silence
   * is told as the 200 that LiveKit waits for, so that the answer is there when the VAD calls speech ended
   */
  constructor(options: { askAfterMs?: number } = {}) {
    super();
    this.#askAfterMs = options.askAfterMs ?? LIVEKIT_ASKS_AFTER_MS;
  }

  override stream(): ReturnType<inference.VAD['stream']> {
    const stream = super.stream();
    const next = stream.next.bind(stream);
    stream.next = async () => {
      const result = await next();
      return result.done ? result : { done: false, value: this.#upToDate(result.value) };
    };
    return stream;
  }

  #upToDate(event: VADEvent): VADEvent {
    if (event.type !== VADEventType.INFERENCE_DONE) return event;
    const { activationThreshold, deactivationThreshold } = this._opts;
    const { probability, speaking, rawAccumulatedSilence } = event;
    const voiced = probability >= activationThreshold || (speaking && probability > deactivationThreshold);
    const silenceMs = voiced ? 0 : rawAccumulatedSilence + FRAME_MS;
    const asks = silenceMs >= this.#askAfterMs;
    return { ...event, rawAccumulatedSilence: asks ? Math.max(silenceMs, LIVEKIT_ASKS_AFTER_MS) : silenceMs };
  }
}

/** 512 samples at 16 kHz. */
const FRAME_MS = 32;
/** LiveKit's `MIN_SILENCE_DURATION_MS`. */
const LIVEKIT_ASKS_AFTER_MS = 200;
