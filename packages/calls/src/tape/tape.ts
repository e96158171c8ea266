import { FirstwordError } from '@firstword/turn';
import { Channel } from './channel.js';
import { StereoFile } from './stereo-file.js';

/** Options of `openTape`. */
export interface TapeOptions {
  /** The WAV file. An existing file is replaced. */
  path: string;
  /** Sample rate of the file, Hz; default 24 000. Audio at other rates is resampled. */
  sampleRateHz?: number;
  /** Time of the tape's first sample on the shared clock, ms; default the time of the first audio. */
  originMs?: number | undefined;
  /** Called once when the tape cannot be written. It then records nothing more; the call is not affected. */
  onError?: (error: FirstwordError) => void;
}

/**
 * The dual-channel recording of a call: left the caller as sent, right the agent as heard by the caller, on one monotonic
 * clock. Where there was no audio the tape has digital silence. Each speaker's audio must be added in order; audio with a
 * timestamp more than 5 ms after the end of the previous audio is placed at its timestamp.
 */
export interface Tape {
  /** Time of the first sample on the shared clock, ms; `undefined` before any audio. */
  readonly originMs: number | undefined;
  /** Adds caller audio. @param startMs time of the first sample on the shared clock, ms */
  caller(startMs: number, pcm: Int16Array, rateHz: number): void;
  /** Adds agent audio. @param startMs playback time of the first sample on the shared clock, ms */
  agent(startMs: number, pcm: Int16Array, rateHz: number): void;
  /** Removes agent audio from `fromMs` on, which was added ahead of time and then not played. */
  agentCut(fromMs: number): void;
  /** Resolves when all audio is in the file, except the last seconds, which still wait for the other speaker. */
  flushed(): Promise<void>;
  /** Resolves when the file is complete. Idempotent. */
  close(): Promise<void>;
}

/** One speaker's audio may arrive this much later than the other's, ms. */
const MAX_SKEW_MS = 2000;
/** Audio is written in pieces of about this length, ms. A killed process loses at most one piece plus the skew. */
const PIECE_MS = 1000;

/** Both channels of the audio that is not yet written, interleaved, from `startFrame` on. */
class Pending {
  startFrame = 0;
  endFrame = 0;
  #frames: Int16Array;

  constructor(capacityFrames: number) {
    this.#frames = new Int16Array(capacityFrames * 2);
  }

  put(side: 0 | 1, atFrame: number, samples: Int16Array): void {
    const skip = Math.max(0, this.startFrame - atFrame);
    const end = atFrame + samples.length;
    this.#grow(end - this.startFrame);
    for (let i = skip; i < samples.length; i += 1) {
      this.#frames[(atFrame + i - this.startFrame) * 2 + side] = samples[i]!;
    }
    this.endFrame = Math.max(this.endFrame, end);
  }

  /** Silences one side from a frame on. */
  clear(side: 0 | 1, fromFrame: number): void {
    for (let frame = Math.max(fromFrame, this.startFrame); frame < this.endFrame; frame += 1) {
      this.#frames[(frame - this.startFrame) * 2 + side] = 0;
    }
  }

  /** Removes and returns everything before a frame. */
  takeUntil(frame: number): Int16Array {
    const count = Math.max(0, Math.min(frame, this.endFrame) - this.startFrame);
    const taken = this.#frames.slice(0, count * 2);
    const heldSamples = (this.endFrame - this.startFrame) * 2;
    this.#frames.copyWithin(0, count * 2, heldSamples);
    this.#frames.fill(0, heldSamples - count * 2, heldSamples);
    this.startFrame += count;
    return taken;
  }

  /** Continues at a later frame. The buffer must be empty. */
  skipTo(frame: number): void {
    this.startFrame = frame;
    this.endFrame = frame;
  }

  #grow(frames: number): void {
    if (frames * 2 <= this.#frames.length) return;
    const larger = new Int16Array(2 ** Math.ceil(Math.log2(frames * 2)));
    larger.set(this.#frames);
    this.#frames = larger;
  }
}

class FileTape implements Tape {
  originMs: number | undefined;
  readonly #file: StereoFile;
  readonly #pending: Pending;
  readonly #maxSkewFrames: number;
  readonly #pieceFrames: number;
  readonly #sides: [Channel, Channel];
  #closed: Promise<void> | undefined;

  constructor(options: TapeOptions) {
    const rateHz = options.sampleRateHz ?? 24_000;
    this.originMs = options.originMs;
    this.#maxSkewFrames = (MAX_SKEW_MS * rateHz) / 1000;
    this.#pieceFrames = (PIECE_MS * rateHz) / 1000;
    this.#pending = new Pending(this.#maxSkewFrames + 2 * this.#pieceFrames);
    this.#sides = [this.#channel(0, rateHz), this.#channel(1, rateHz)];
    this.#file = new StereoFile(options.path, rateHz, (cause) => {
      const message = `the tape could not be written to ${options.path}: free some disk space; the call continues without a tape`;
      options.onError?.(new FirstwordError('unwritable', message, { cause }));
    });
  }

  caller(startMs: number, pcm: Int16Array, rateHz: number): void {
    this.#push(0, startMs, pcm, rateHz);
  }

  agent(startMs: number, pcm: Int16Array, rateHz: number): void {
    this.#push(1, startMs, pcm, rateHz);
  }

  agentCut(fromMs: number): void {
    if (this.#closed || this.originMs === undefined) return;
    const fromFrame = this.#sides[1].cut(fromMs - this.originMs);
    this.#pending.clear(1, fromFrame);
  }

  flushed(): Promise<void> {
    return this.#file.flushed();
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  #finish(): Promise<void> {
    for (const side of this.#sides) side.end();
    this.#write(this.#pending.endFrame);
    return this.#file.close();
  }

  #push(side: 0 | 1, startMs: number, pcm: Int16Array, rateHz: number): void {
    if (this.#closed || pcm.length === 0) return;
    if (!Number.isFinite(startMs)) {
      throw new FirstwordError('bad_input', 'tape audio needs the time of its first sample, in ms');
    }
    this.originMs ??= startMs;
    this.#sides[side].push(startMs - this.originMs, pcm, rateHz);
  }

  #channel(side: 0 | 1, rateHz: number): Channel {
    return new Channel(rateHz, (atFrame, samples) => {
      // A long silence is not buffered: unwritten frames of the file are silence.
      if (atFrame > this.#pending.endFrame + this.#maxSkewFrames) {
        this.#write(this.#pending.endFrame);
        this.#pending.skipTo(atFrame - this.#maxSkewFrames);
      }
      this.#pending.put(side, atFrame, samples);
      const due = this.#pending.endFrame - this.#maxSkewFrames;
      if (due - this.#pending.startFrame >= this.#pieceFrames) this.#write(due);
    });
  }

  #write(untilFrame: number): void {
    const { startFrame } = this.#pending;
    const frames = this.#pending.takeUntil(untilFrame);
    if (frames.length > 0) this.#file.writeFrames(startFrame, frames);
  }
}

/**
 * Opens a tape. An existing file is replaced.
 * @throws FirstwordError `unwritable` where the file cannot be created
 */
export function openTape(options: TapeOptions): Tape {
  return new FileTape(options);
}
