import { type inference, type VADEvent, VADEventType } from '@livekit/agents';
import { SpeechEdges } from '../transport/speech-edges.js';

/** The VAD's own step, ms: 512 samples at 16 kHz. */
export const FRAME_MS = 32;
/** How long the model keeps reporting speech after the voice has ended in a quiet room, ms. */
const USUAL_LAG_MS = 64;
/** How far back the end of the sound is searched for, ms. */
const EDGE_WITHIN_MS = 1_000;
/** Fields of an event that the VAD itself did not send; it carries no audio. */
const EDGE = { frames: [], speaking: false, rawAccumulatedSilence: 0, rawAccumulatedSpeech: 0 };

type Thresholds = Pick<
  inference.VADOptions,
  'activationThreshold' | 'deactivationThreshold' | 'minSilenceDuration' | 'minSpeechDuration'
>;

/** Counts the silence of one VAD stream, and reports end and start of speech by that count when it is ahead of the VAD. */
export class SilenceCounter {
  readonly #thresholds: () => Thresholds;
  readonly #maxLeadMs: number;
  #edges = new SpeechEdges();
  #heardMs = 0;
  #silenceMs = 0;
  /** The part of `#silenceMs` that the VAD has not counted. */
  #leadMs = 0;
  /** As reported. Differs from the VAD's state between an early end of speech and the VAD's own, or the next speech. */
  #speaking = false;
  /** Duration of speech as reported. A session lets speech interrupt the agent only once this duration is long enough. */
  #speechMs = 0;
  #voicedMs = 0;

  /** @param maxLeadMs how much earlier than the VAD an end may be reported, ms; 0 for never */
  constructor(thresholds: () => Thresholds, maxLeadMs: number) {
    this.#thresholds = thresholds;
    this.#maxLeadMs = maxLeadMs;
  }

  /** The events to report in place of one event of the VAD. */
  process(event: VADEvent): VADEvent[] {
    if (event.type === VADEventType.INFERENCE_DONE) return this.#onFrame(event);
    const wasSpeaking = this.#speaking;
    if (event.type === VADEventType.START_OF_SPEECH) this.#setSpeaking(true, event.speechDuration);
    else if (event.type === VADEventType.END_OF_SPEECH) this.#setSpeaking(false);
    // This end was reported early already.
    const isKnown = event.type === VADEventType.END_OF_SPEECH && !wasSpeaking;
    return isKnown ? [] : [event];
  }

  #onFrame(event: VADEvent): VADEvent[] {
    const { activationThreshold, deactivationThreshold, minSilenceDuration, minSpeechDuration } =
      this.#thresholds();
    const { probability, timestamp, speaking: vadSpeaking } = event;
    // The VAD was flushed: its state and its time start again.
    if (timestamp < this.#heardMs) this.#edges = new SpeechEdges();
    if (!vadSpeaking) this.#setSpeaking(false);
    this.#heardMs = timestamp;
    for (const { data, sampleRate } of event.frames) this.#edges.push(data, timestamp - FRAME_MS, sampleRate);
    const voiced =
      probability >= activationThreshold || (this.#speaking && probability > deactivationThreshold);
    if (voiced) this.#silenceMs = 0;
    else if (this.#silenceMs > 0) this.#silenceMs += FRAME_MS;
    else {
      this.#leadMs = this.#speaking ? this.#extraLagMs(timestamp) : 0;
      this.#silenceMs = FRAME_MS + this.#leadMs;
    }
    if (this.#speaking) this.#speechMs += FRAME_MS;
    const adjusted = this.#adjusted(event);
    const ended = this.#speaking && this.#leadMs > 0 && this.#silenceMs >= minSilenceDuration;
    // For the VAD, speech before and after an early end is one stretch, so it reports no new start.
    this.#voicedMs = voiced && vadSpeaking && !this.#speaking ? this.#voicedMs + FRAME_MS : 0;
    const begun = this.#voicedMs >= minSpeechDuration;
    if (ended) return [adjusted, this.#end(event)];
    if (begun) return [adjusted, this.#start(event)];
    return [adjusted];
  }

  #setSpeaking(speaking: boolean, speechMs = 0): void {
    this.#speaking = speaking;
    this.#speechMs = speechMs;
  }

  #adjusted(event: VADEvent): VADEvent {
    return {
      ...event,
      speaking: this.#speaking,
      speechDuration: this.#speechMs,
      silenceDuration: this.#speaking ? 0 : Math.max(event.silenceDuration, this.#silenceMs),
      rawAccumulatedSilence: this.#silenceMs,
    };
  }

  /** How much longer than usual the model reported speech after the sound had ended, in whole frames, ms. */
  #extraLagMs(nowMs: number): number {
    if (this.#maxLeadMs === 0) return 0;
    const soundMs = this.#edges.lastSpeech(nowMs - EDGE_WITHIN_MS, nowMs) ?? nowMs - EDGE_WITHIN_MS;
    const lagMs = nowMs - FRAME_MS - soundMs - USUAL_LAG_MS;
    return Math.max(0, Math.min(this.#maxLeadMs, Math.floor(lagMs / FRAME_MS) * FRAME_MS));
  }

  #end(event: VADEvent): VADEvent {
    const silenceDuration = this.#silenceMs;
    const speechDuration = Math.max(0, this.#speechMs - silenceDuration);
    this.#setSpeaking(false);
    return { ...event, ...EDGE, type: VADEventType.END_OF_SPEECH, silenceDuration, speechDuration };
  }

  #start(event: VADEvent): VADEvent {
    const speechDuration = this.#voicedMs;
    this.#setSpeaking(true, speechDuration);
    const type = VADEventType.START_OF_SPEECH;
    return { ...event, ...EDGE, type, speaking: true, silenceDuration: 0, speechDuration };
  }
}
