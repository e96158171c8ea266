import { type inference, type VADEvent, VADEventType } from '@livekit/agents';
import { SpeechEdges } from '../transport/speech-edges.js';

/** The VAD's own step, ms: 512 samples at 16 kHz. */
export const FRAME_MS = 32;
/** For so long the model goes on hearing a voice that has ended in a quiet room, ms. */
const USUAL_LAG_MS = 64;
/** How far back the end of the sound is looked for, ms. */
const EDGE_WITHIN_MS = 1_000;
/** An edge that the VAD has not told: its audio is the VAD's. */
const EDGE = { frames: [], speaking: false, rawAccumulatedSilence: 0, rawAccumulatedSpeech: 0 };

type Thresholds = Pick<
  inference.VADOptions,
  'activationThreshold' | 'deactivationThreshold' | 'minSilenceDuration' | 'minSpeechDuration'
>;

/** Counts the silence of one stream, and ends and begins speech by that count where it is ahead of the VAD's own. */
export class SilenceCounter {
  readonly #thresholds: () => Thresholds;
  readonly #maxLeadMs: number;
  #edges = new SpeechEdges();
  #heardMs = 0;
  #silenceMs = 0;
  /** What of `#silenceMs` the VAD has not counted. */
  #leadMs = 0;
  /** As told: ahead of the VAD from an end told early until the VAD's own, or until the voice is back. */
  #speaking = false;
  /** How long speech lasts as told: a session lets a voice interrupt the agent once it has lasted for so long. */
  #speechMs = 0;
  #voicedMs = 0;

  /** @param maxLeadMs how much sooner than the VAD an end may be told, ms; 0 for never */
  constructor(thresholds: () => Thresholds, maxLeadMs: number) {
    this.#thresholds = thresholds;
    this.#maxLeadMs = maxLeadMs;
  }

  /** What to tell in place of an event of the VAD. */
  process(event: VADEvent): VADEvent[] {
    if (event.type === VADEventType.INFERENCE_DONE) return this.#onFrame(event);
    const wasSpeaking = this.#speaking;
    if (event.type === VADEventType.START_OF_SPEECH) this.#setSpeaking(true, event.speechDuration);
    else if (event.type === VADEventType.END_OF_SPEECH) this.#setSpeaking(false);
    // The end was told early.
    const isKnown = event.type === VADEventType.END_OF_SPEECH && !wasSpeaking;
    return isKnown ? [] : [event];
  }

  #onFrame(event: VADEvent): VADEvent[] {
    const { activationThreshold, deactivationThreshold, minSilenceDuration, minSpeechDuration } =
      this.#thresholds();
    const { probability, timestamp, speaking: vadSpeaking } = event;
    // The VAD was flushed: it has forgotten the voice, and counts time anew.
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
    const told = this.#adjusted(event);
    const ended = this.#speaking && this.#leadMs > 0 && this.#silenceMs >= minSilenceDuration;
    // The VAD takes an end that was told early, and the voice after it, for one stretch of speech.
    this.#voicedMs = voiced && vadSpeaking && !this.#speaking ? this.#voicedMs + FRAME_MS : 0;
    const begun = this.#voicedMs >= minSpeechDuration;
    if (ended) return [told, this.#end(event)];
    if (begun) return [told, this.#start(event)];
    return [told];
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

  /** How much longer than usual the model heard a voice after the sound had ended, in whole frames, ms. */
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
