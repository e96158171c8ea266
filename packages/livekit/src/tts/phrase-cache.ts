import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { FirstwordError } from '@firstword/turn';

/** What the audio of a phrase depends on: the cache key. */
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
/** A partial file older than this was left by a process that ended while writing it, ms. */
const STALE_PARTIAL_MS = 600_000;

/**
 * Audio of phrases on disk: one file each, named by a hash of its key. The total size is bounded; the least recently used
 * files are deleted first. Files are written under a temporary name and renamed, so several processes may share a folder.
 * A truncated or changed file fails its checksum and is deleted.
 */
export class PhraseCache {
  readonly #dir: string;
  readonly #maxBytes: number;
  #tidying: Promise<void> = Promise.resolve();

  /** @param options.maxBytes largest total size of the files, bytes; default 64,000,000 (about 20 minutes at 24 kHz) */
  constructor(options: { dir: string; maxBytes?: number }) {
    this.#dir = options.dir;
    this.#maxBytes = options.maxBytes ?? 64_000_000;
    if (!(this.#maxBytes > 0)) throw new FirstwordError('bad_input', 'maxBytes must be greater than 0.');
  }

  /** The phrase's PCM samples; `undefined` if it is not cached or cannot be read. */
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
    // Another process may have deleted it meanwhile.
    await utimes(path, now, now).catch(() => {});
    return fromLittleEndian(pcm);
  }

  /**
   * Caches a phrase, and deletes others if the folder gets too large.
   *
   * @throws FirstwordError `unwritable` if the folder cannot be written.
   */
  async put(key: PhraseKey, samples: Int16Array): Promise<void> {
    const pcm = toLittleEndian(samples);
    if (pcm.length === 0 || pcm.length + HASH_BYTES > this.#maxBytes) return;
    const path = this.#pathOf(key);
    const aside = join(this.#dir, `${randomUUID()}${PARTIAL_SUFFIX}`);
    try {
      // What an agent says may be personal.
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      await writeFile(aside, Buffer.concat([digest(pcm), pcm]), { mode: 0o600 });
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

  /** @param kept the file just written; its mtime comes from a coarse clock and may be older than that of other files */
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
