import { closeSync, mkdirSync, openSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { FirstwordError } from '@firstword/turn';

const HEADER_BYTES = 44;
const FRAME_BYTES = 4;

/** The 44-byte header of a stereo, 16-bit PCM WAV file. */
function header(sampleRateHz: number, frames: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF', 0, 'ascii');
  bytes.writeUInt32LE(HEADER_BYTES - 8 + frames * FRAME_BYTES, 4);
  bytes.write('WAVEfmt ', 8, 'ascii');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * FRAME_BYTES, 28);
  bytes.writeUInt16LE(FRAME_BYTES, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'ascii');
  bytes.writeUInt32LE(frames * FRAME_BYTES, 40);
  return bytes;
}

const writeAt = (fd: number, bytes: Buffer, position: number) =>
  new Promise<void>((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) => {
      if (error) reject(error);
      else if (written < bytes.length) reject(new Error('only a part was written to the disk'));
      else resolve();
    });
  });

/**
 * A stereo WAV file that is valid after every write: samples are written first, then the header with their count. Writes
 * are asynchronous and in order. Frames that were skipped between written ones are silence.
 */
export class StereoFile {
  readonly #fd: number;
  readonly #rateHz: number;
  readonly #onError: (cause: unknown) => void;
  #tail: Promise<void> = Promise.resolve();
  #failed = false;

  /** @throws FirstwordError `unwritable` */
  constructor(path: string, rateHz: number, onError: (cause: unknown) => void) {
    this.#rateHz = rateHz;
    this.#onError = onError;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#fd = openSync(path, 'w', 0o600);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
      const message = `the tape cannot be written to ${path} (${code}): choose a folder that you may write to`;
      throw new FirstwordError('unwritable', message, { cause });
    }
    this.#queue(() => writeAt(this.#fd, header(rateHz, 0), 0));
  }

  /**
   * Queues a write.
   * @param frames interleaved samples, left first
   */
  writeFrames(atFrame: number, frames: Int16Array): void {
    const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
    this.#queue(async () => {
      await writeAt(this.#fd, bytes, HEADER_BYTES + atFrame * FRAME_BYTES);
      await writeAt(this.#fd, header(this.#rateHz, atFrame + frames.length / 2), 0);
    });
  }

  /** Resolves when all queued writes are done. */
  flushed(): Promise<void> {
    return this.#tail;
  }

  /** Closes the file after all queued writes. */
  close(): Promise<void> {
    this.#tail = this.#tail.then(() => closeSync(this.#fd));
    return this.#tail;
  }

  #queue(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#failed) return;
      await work().catch((cause: unknown) => {
        this.#failed = true;
        this.#onError(cause);
      });
    });
  }
}
