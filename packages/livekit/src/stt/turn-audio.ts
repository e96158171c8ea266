import type { AudioFrame } from '@livekit/rtc-node';

/** Audio kept from before the first sound of a turn, ms: the VAD reports it some 100 ms late. */
const BEFORE_SPEECH_MS = 400;
/** Most audio kept of one turn, ms: 1 MB at 16 kHz. Of a longer one the beginning is lost. */
const LONGEST_MS = 30_000;
/** After so much silence the words of a turn will not come, ms. */
const FORGET_AFTER_MS = 10_000;

/** Length of a frame, ms. */
export const frameMs = ({ samplesPerChannel, sampleRate }: AudioFrame): number =>
  (samplesPerChannel / sampleRate) * 1000;

/** The caller's audio whose words no final transcript has confirmed. */
export class TurnAudio {
  #frames: AudioFrame[] = [];
  #durationMs = 0;
  #isSpeaking = false;
  #hasSpeech = false;
  #silentMs = 0;

  /** Whether it contains speech. */
  get hasSpeech(): boolean {
    return this.#hasSpeech;
  }

  push(frame: AudioFrame): void {
    const lengthMs = frameMs(frame);
    this.#frames.push(frame);
    this.#durationMs += lengthMs;
    this.#silentMs = this.#isSpeaking ? 0 : this.#silentMs + lengthMs;
    if (this.#silentMs > FORGET_AFTER_MS) this.#hasSpeech = false;
    this.#trim();
  }

  /** Whether the caller is speaking now, by the VAD. */
  setSpeaking(isSpeaking: boolean): void {
    this.#isSpeaking = isSpeaking;
    if (isSpeaking) this.noteSpeech();
  }

  /** The STT has heard speech. */
  noteSpeech(): void {
    this.#hasSpeech = true;
    this.#silentMs = 0;
  }

  /** The words so far are final, or given up: only what is being said now is kept. */
  forget(): void {
    this.#hasSpeech = false;
    this.#trim();
    this.#hasSpeech = this.#isSpeaking;
  }

  /** The audio, oldest first. */
  frames(): AudioFrame[] {
    return [...this.#frames];
  }

  #trim(): void {
    const mostMs = this.#hasSpeech ? LONGEST_MS : BEFORE_SPEECH_MS;
    let dropped = 0;
    while (this.#durationMs > mostMs && dropped < this.#frames.length - 1) {
      this.#durationMs -= frameMs(this.#frames[dropped]!);
      dropped += 1;
    }
    if (dropped > 0) this.#frames.splice(0, dropped);
  }
}
