import { mkdir, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFirstwordError } from '@firstword/turn';
import fc from 'fast-check';
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

/** The only error with which a put may fail. */
const unwritable = (error: unknown) => expect(isFirstwordError(error, 'unwritable')).toBe(true);
const onlyFile = async () => join(dir, (await readdir(dir))[0]!);

describe('PhraseCache', () => {
  it('returns what was put, in another process too', async () => {
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

  it('drops a truncated file', async () => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, samples);
    await truncate(await onlyFile(), 36);
    expect(await cache.get(key)).toBeUndefined();
    expect(await readdir(dir)).toEqual([]);
  });

  it('drops a modified file', async () => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, samples);
    await writeFile(await onlyFile(), 'something else of another length');
    expect(await cache.get(key)).toBeUndefined();
  });

  it('evicts the least recently used phrases to stay within its size', async () => {
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

  it('does not store a phrase larger than its size limit', async () => {
    const cache = new PhraseCache({ dir, maxBytes: 20 });
    await cache.put(key, samples);
    expect(await readdir(dir)).toEqual([]);
  });

  it('keeps a complete file when many write the same phrase at once', async () => {
    const caches = Array.from({ length: 8 }, () => new PhraseCache({ dir }));
    await Promise.all(caches.map((cache) => cache.put(key, samples)));
    expect(await readdir(dir)).toHaveLength(1);
    expect(await caches[0]?.get(key)).toEqual(samples);
  });

  it('removes partial files of processes that have ended, but none that is being written', async () => {
    for (const name of ['old.part', 'new.part', 'other.txt']) await writeFile(join(dir, name), 'x');
    await utimes(join(dir, 'old.part'), 1, 1);
    await utimes(join(dir, 'other.txt'), 1, 1);
    await new PhraseCache({ dir }).put(key, samples);
    const left = (await readdir(dir)).filter((name) => !name.endsWith('.phrase'));
    expect(left.sort()).toEqual(['new.part', 'other.txt']);
  });

  it('stores no silent phrase', async () => {
    const cache = new PhraseCache({ dir });
    await cache.put(key, new Int16Array(0));
    expect(await readdir(dir)).toEqual([]);
  });

  it('returns what was put or nothing, for any file damage and concurrent access', async () => {
    const texts = ['a', 'b', 'c'];
    const phrase = (text: string) => new Int16Array(40).fill(text.charCodeAt(0));
    const act = fc.record({
      by: fc.nat(3),
      what: fc.constantFrom('put', 'get', 'damage', 'remove', 'folder'),
      text: fc.constantFrom(...texts),
      bytes: fc.uint8Array({ maxLength: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        const here = await mkdtemp(join(dir, 'x-'));
        const caches = Array.from({ length: 4 }, () => new PhraseCache({ dir: here, maxBytes: 250 }));
        const damage = async (bytes: Uint8Array) => {
          for (const name of await readdir(here)) await writeFile(join(here, name), bytes).catch(() => {});
        };
        await Promise.all(
          acts.map(async ({ by, what, text, bytes }) => {
            const cache = caches[by]!;
            if (what === 'put') await cache.put({ ...key, text }, phrase(text)).catch(unwritable);
            else if (what === 'get')
              expect([undefined, phrase(text)]).toContainEqual(await cache.get({ ...key, text }));
            else if (what === 'damage') await damage(bytes);
            else if (what === 'remove') await rm(here, { recursive: true, force: true }).catch(() => {});
            else await mkdir(join(here, `${text}.phrase`), { recursive: true }).catch(() => {});
          }),
        );
        for (const text of texts) {
          await caches[0]!.put({ ...key, text }, phrase(text));
          expect(await caches[1]!.get({ ...key, text })).toEqual(phrase(text));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stays within its size when many write at once', async () => {
    const maxBytes = 500;
    const caches = Array.from({ length: 6 }, () => new PhraseCache({ dir, maxBytes }));
    const puts = caches.flatMap((cache, by) =>
      Array.from({ length: 10 }, (_, nth) => cache.put({ ...key, text: `${by} ${nth}` }, samples)),
    );
    await Promise.all(puts);
    const sizes = await Promise.all(
      (await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size),
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes);
  });

  it('reports that it cannot write', async () => {
    const path = join(dir, 'file');
    await writeFile(path, '');
    const error = await new PhraseCache({ dir: path }).put(key, samples).catch((e: unknown) => e);
    expect(isFirstwordError(error, 'unwritable')).toBe(true);
  });
});
