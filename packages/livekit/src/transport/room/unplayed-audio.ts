import { AudioFrame } from '@livekit/rtc-node';

interface SentFrame {
  frame: AudioFrame;
  startMs: number;
  endMs: number;
}

/** Remembers the audio that a room has queued, because the room drops it when it is paused. Times on the session's clock, ms. */
export class UnplayedAudio {
  #sent: SentFrame[] = [];

  /** A frame that will be played from `startMs` to `endMs`. */
  add(frame: AudioFrame, { startMs, endMs, nowMs }: { startMs: number; endMs: number; nowMs: number }): void {
    while (this.#sent[0] && this.#sent[0].endMs <= nowMs) this.#sent.shift();
    this.#sent.push({ frame, startMs, endMs });
  }

  /** Takes out what was to be played after `atMs`. */
  takeAfter(atMs: number): AudioFrame[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent.flatMap(({ frame, startMs, endMs }) => {
      if (endMs <= atMs) return [];
      return startMs >= atMs ? [frame] : [rest(frame, (atMs - startMs) / (endMs - startMs))];
    });
  }
}

/** A frame without its beginning. @param share of it that is left out, 0 to 1 */
function rest({ data, sampleRate, channels, samplesPerChannel }: AudioFrame, share: number): AudioFrame {
  const skipped = Math.min(samplesPerChannel - 1, Math.floor(samplesPerChannel * share));
  return new AudioFrame(data.slice(skipped * channels), sampleRate, channels, samplesPerChannel - skipped);
}
