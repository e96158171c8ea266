import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFirstwordError } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PhraseCache, type PhraseKey } from './phrase-cache.js';

const key: PhraseKey = {
  provider: 'p',
  model: 'm',
  voice: 'v',
  rateHz: 24_000,
  channels: 1,
  text: 'Certainly!',
};
const samples = Int16Array.of(1, -2, 32_767, -32_768);
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-cache-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const onlyFile = async () => join(dir, (await readdir(dir))[0]!);

describe('PhraseCache', () => {
  it('gives back what was put, also to another process', async () => {
    await new PhraseCache({ dir }).put(key, samples);
    expect(await new PhraseCache({ dir }).get(key)).toEqual(samples);
  });

  it.each<Partial<PhraseKey>>([
    { provider: 'x' },
    { model: 'x' },
    { voice: 'x' },
    { rateHz: 16_000 },
    { channels: 2 },
    { text: 'x' },
  ])('keeps apart what differs in %j', async (other) => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, samples);
    expect(await cache.get({ ...key, ...other })).toBeUndefined();
  });

  it('drops a file that was cut short', async () => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, samples);
    await truncate(await onlyFile(), 36);
    expect(await cache.get(key)).toBeUndefined();
    expect(await readdir(dir)).toEqual([]);
  });

  it('drops a file that was changed', async () => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, samples);
    await writeFile(await onlyFile(), 'something else of another length');
    expect(await cache.get(key)).toBeUndefined();
  });

  it('drops what was used least recently to stay within its size', async () => {
    const cache = new PhraseCache({ dir, maxBytes: 100 });
    await cache.put(key, samples);
    await utimes(await onlyFile(), 1, 1);
    await cache.put({ ...key, text: 'two' }, samples);
    expect(await cache.get(key)).toEqual(samples);
    for (const name of await readdir(dir)) await utimes(join(dir, name), 1, 1);
    await cache.get(key);
    await cache.put({ ...key, text: 'three' }, samples);
    expect(await cache.get(key)).toEqual(samples);
    expect(await cache.get({ ...key, text: 'two' })).toBeUndefined();
  });

  it('does not keep what is larger than all it may hold', async () => {
    const cache = new PhraseCache({ dir, maxBytes: 20 });
    await cache.put(key, samples);
    expect(await readdir(dir)).toEqual([]);
  });

  it('keeps a whole file when many write the same phrase at once', async () => {
    const caches = Array.from({ length: 8 }, () => new PhraseCache({ dir }));
    await Promise.all(caches.map((cache) => cache.put(key, samples)));
    expect(await readdir(dir)).toHaveLength(1);
    expect(await caches[0]?.get(key)).toEqual(samples);
  });

  it('clears away what a process that ended left half written, and nothing that is being written', async () => {
    for (const name of ['old.part', 'new.part', 'other.txt']) await writeFile(join(dir, name), 'x');
    await utimes(join(dir, 'old.part'), 1, 1);
    await utimes(join(dir, 'other.txt'), 1, 1);
    await new PhraseCache({ dir }).put(key, samples);
    const left = (await readdir(dir)).filter((name) => !name.endsWith('.phrase'));
    expect(left.sort()).toEqual(['new.part', 'other.txt']);
  });

  it('says so where it cannot write', async () => {
    const path = join(dir, 'file');
    await writeFile(path, '');
    const error = await new PhraseCache({ dir: path }).put(key, samples).catch((e: unknown) => e);
    expect(isFirstwordError(error, 'unwritable')).toBe(true);
  });
});
