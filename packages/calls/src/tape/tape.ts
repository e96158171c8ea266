import { FirstwordError } from '@firstword/turn';
import { Channel } from './channel.js';
import { StereoFile } from './stereo-file.js';

export interface TapeOptions {
  path: string;
  /** Rate of the file, Hz; 24 000 unless told. Audio at other rates is converted. */
  sampleRateHz?: number;
  /** The moment of the tape's first sample on the shared clock; that of the first audio unless told. */
  originMs?: number | undefined;
  /** Told once, when the tape could not be written; it then records nothing more, and the call goes on. */
  onError?: (error: FirstwordError) => void;
}

/**
 * The dual-channel recording of a call: left the caller as sent, right the agent as heard, on one monotonic clock.
 * Where nothing was sent or heard there is true silence. Each speaker's audio comes in order; what is stamped more
 * than 5 ms after the end of the last is placed where it is stamped.
 */
export interface Tape {
  /** The moment of the first sample on the shared clock; `undefined` before any audio. */
  readonly originMs: number | undefined;
  /** @param startMs moment of the first sample, monotonic ms on the shared clock */
  caller(startMs: number, pcm: Int16Array, rateHz: number): void;
  /** @param startMs moment of the first sample, monotonic ms on the shared clock */
  agent(startMs: number, pcm: Int16Array, rateHz: number): void;
  /** Takes back agent audio from a moment on that was put on the tape ahead of time and then not played. */
  agentCut(fromMs: number): void;
  /** Resolves when all audio but the last few seconds, which still wait for the other speaker, is in the file. */
  flushed(): Promise<void>;
  /** Resolves when the file is whole. Idempotent. */
  close(): Promise<void>;
}

/** How long the one speaker's audio may come after the other's and still be placed, ms. */
const MAX_SKEW_MS = 2000;
/** Audio is written in pieces of about this, ms: a killed process loses that and the patience. */
const PIECE_MS = 1000;

/** Both channels of what is not yet written, interleaved, from `startFrame` on. */
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

  /** Takes out everything before a frame. */
  takeUntil(frame: number): Int16Array {
    const count = Math.max(0, Math.min(frame, this.endFrame) - this.startFrame);
    const taken = this.#frames.slice(0, count * 2);
    const heldSamples = (this.endFrame - this.startFrame) * 2;
    this.#frames.copyWithin(0, count * 2, heldSamples);
    this.#frames.fill(0, heldSamples - count * 2, heldSamples);
    this.startFrame += count;
    return taken;
  }

  /** Goes on at a later frame; nothing may be held. */
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
      const message = `the tape could not be written to ${options.path}: free some space there; the call goes on without`;
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
      throw new FirstwordError('bad_input', 'audio for the tape needs the time of its first sample in ms');
    }
    this.originMs ??= startMs;
    this.#sides[side].push(startMs - this.originMs, pcm, rateHz);
  }

  #channel(side: 0 | 1, rateHz: number): Channel {
    return new Channel(rateHz, (atFrame, samples) => {
      // A long silence is not held in memory: the file has it by not being written there.
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
 * Begins a tape. An existing file is replaced.
 * @throws FirstwordError `unwritable` where the file cannot be made
 */
export function openTape(options: TapeOptions): Tape {
  return new FileTape(options);
}
