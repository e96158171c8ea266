import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { FirstwordError } from '@firstword/turn';

/** What audio of a phrase depends on. */
export interface PhraseKey {
  provider: string;
  model: string;
  voice: string;
  rateHz: number;
  channels: number;
  text: string;
}

const SUFFIX = '.phrase';
const PARTIAL_SUFFIX = '.part';
const HASH_BYTES = 32;
/** A file aside that is older than this was left by a process that ended meanwhile, ms. */
const STALE_PARTIAL_MS = 600_000;

/**
 * Spoken phrases on disk: one file each, named by a hash of what it depends on, bounded in total size (the least
 * recently used go first). Files are written aside and renamed, so that several processes may share a folder; a file
 * that is cut short or changed is found by its checksum, and dropped.
 */
export class PhraseCache {
  readonly #dir: string;
  readonly #maxBytes: number;
  #tidying: Promise<void> = Promise.resolve();

  /** @param options.maxBytes most the folder's phrases may take. Default 64 MB (20 minutes at 24 kHz). */
  constructor(options: { dir: string; maxBytes?: number }) {
    this.#dir = options.dir;
    this.#maxBytes = options.maxBytes ?? 64_000_000;
    if (!(this.#maxBytes > 0)) throw new FirstwordError('bad_input', 'maxBytes must be greater than 0.');
  }

  /** The phrase's PCM samples; `undefined` where it is not kept, or can no longer be read. */
  async get(key: PhraseKey): Promise<Int16Array | undefined> {
    const path = this.#pathOf(key);
    const file = await readFile(path).catch(() => undefined);
    if (!file) return undefined;
    const pcm = file.subarray(HASH_BYTES);
    if (pcm.length === 0 || pcm.length % 2 !== 0 || !digest(pcm).equals(file.subarray(0, HASH_BYTES))) {
      await rm(path, { force: true }).catch(() => {});
      return undefined;
    }
    const now = new Date();
    // Another process may have dropped it meanwhile.
    await utimes(path, now, now).catch(() => {});
    return fromLittleEndian(pcm);
  }

  /**
   * Keeps a phrase, dropping others to make room.
   *
   * @throws FirstwordError `unwritable` where the folder cannot be written.
   */
  async put(key: PhraseKey, samples: Int16Array): Promise<void> {
    const pcm = toLittleEndian(samples);
    if (pcm.length === 0 || pcm.length + HASH_BYTES > this.#maxBytes) return;
    const path = this.#pathOf(key);
    const aside = join(this.#dir, `${randomUUID()}${PARTIAL_SUFFIX}`);
    try {
      await mkdir(this.#dir, { recursive: true });
      await writeFile(aside, Buffer.concat([digest(pcm), pcm]));
      await rename(aside, path);
    } catch (cause) {
      await rm(aside, { force: true }).catch(() => {});
      throw new FirstwordError('unwritable', 'The phrase cache cannot write to its folder. Check `dir`.', {
        cause,
      });
    }
    this.#tidying = this.#tidying.then(() => this.#tidy(path));
    await this.#tidying;
  }

  /** @param kept just written: its time, from the kernel's coarse clock, may lie before that of one used a moment ago */
  async #tidy(kept: string): Promise<void> {
    const [phrases, aside] = await Promise.all([this.#files(SUFFIX), this.#files(PARTIAL_SUFFIX)]);
    let bytes = phrases.reduce((sum, file) => sum + file.bytes, 0);
    const drop = aside.filter((file) => file.usedMs < Date.now() - STALE_PARTIAL_MS);
    for (const file of phrases.sort((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= this.#maxBytes) break;
      if (file.path === kept) continue;
      drop.push(file);
      bytes -= file.bytes;
    }
    for (const { path } of drop) await rm(path, { force: true }).catch(() => {});
  }

  async #files(suffix: string): Promise<{ path: string; bytes: number; usedMs: number }[]> {
    const names = (await readdir(this.#dir).catch(() => [])).filter((name) => name.endsWith(suffix));
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#dir, name);
        const file = await stat(path).catch(() => undefined);
        return file?.isFile() ? [{ path, bytes: file.size, usedMs: file.mtimeMs }] : [];
      }),
    );
    return found.flat();
  }

  #pathOf({ provider, model, voice, rateHz, channels, text }: PhraseKey): string {
    const name = digest(Buffer.from(JSON.stringify([provider, model, voice, rateHz, channels, text])));
    return join(this.#dir, `${name.toString('hex')}${SUFFIX}`);
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function toLittleEndian(samples: Int16Array): Buffer {
  const bytes = Buffer.from(samples.slice().buffer);
  return endianness() === 'LE' ? bytes : bytes.swap16();
}

function fromLittleEndian(pcm: Buffer): Int16Array {
  const bytes = Buffer.from(pcm);
  if (endianness() === 'BE') bytes.swap16();
  const samples = new Int16Array(bytes.length / 2);
  Buffer.from(samples.buffer).set(bytes);
  return samples;
}
