import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FetchOptions, fetchTree } from './fetch.js';
import { CALLS, type PackageSet } from './package-set.js';
import { stateOfTree } from './tree.js';

let cache: string;
let dir: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'firstword-fetch-'));
  dir = join(cache, 'packages', 'calls-1.2.3');
});
afterEach(() => rm(cache, { recursive: true, force: true }));

/** A set of one package. */
const SMALL: PackageSet = {
  ...CALLS,
  what: 'an engine',
  needed: [['some-engine']],
  dependencies: { 'some-engine': '2.0.1' },
};

type RunNpm = NonNullable<FetchOptions['runNpm']>;

/** Installs empty packages, as npm would. */
const installs: RunNpm = async ({ prefix, onRequest }) => {
  const { dependencies } = JSON.parse(await readFile(join(prefix, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies)) {
    await mkdir(join(prefix, 'node_modules', name), { recursive: true });
    await writeFile(join(prefix, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }));
    onRequest();
  }
  return { exitCode: 0, stderr: '' };
};
const fails =
  (stderr: string): RunNpm =>
  async () => ({ exitCode: 1, stderr });

const fetch = (runNpm: RunNpm, more: Partial<FetchOptions> = {}) =>
  fetchTree({
    set: SMALL,
    version: '1.2.3',
    dir,
    npm: '/npm-cli.js',
    npmrc: undefined,
    signal: AbortSignal.abort(),
    onRequest: () => {},
    runNpm,
    ...more,
  });
const left = () => readdir(join(cache, 'packages'));

describe('fetchTree', () => {
  it('installs this version and exact versions of the others, and leaves one complete folder', async () => {
    await fetch(installs);
    expect(await stateOfTree(dir)).toBe('complete');
    expect(await left()).toEqual(['calls-1.2.3']);
    expect(JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')).dependencies).toEqual({
      firstword: '1.2.3',
      'some-engine': '2.0.1',
    });
  });

  it("lets npm read the project's .npmrc, and keeps none of it", async () => {
    const npmrc = join(cache, 'user.npmrc');
    await writeFile(npmrc, '//registry.example/:_authToken=secret');
    let read = '';
    await fetch(
      async (options) => {
        read = await readFile(join(options.prefix, '.npmrc'), 'utf8');
        return installs(options);
      },
      { npmrc },
    );
    expect(read).toContain('secret');
    expect(await readdir(dir)).not.toContain('.npmrc');
    expect(await readFile(npmrc, 'utf8')).toContain('secret');
  });

  it.each([
    ['npm fails', fails('npm error code ENOSPC'), 'unwritable'],
    ['Ctrl-C stops it', async () => ({ exitCode: undefined, stderr: '' }), 'aborted'],
  ] as const)('leaves nothing if %s', async (_, runNpm, code) => {
    await expect(fetch(runNpm)).rejects.toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  it('replaces a damaged tree', async () => {
    await mkdir(join(dir, 'node_modules'), { recursive: true });
    await fetch(installs);
    expect(await stateOfTree(dir)).toBe('complete');
    expect(await left()).toEqual(['calls-1.2.3']);
  });

  it('keeps the tree that another process has completed meanwhile', async () => {
    await fetch(async (options) => {
      await fetch(installs);
      await writeFile(join(dir, 'first'), '');
      return installs(options);
    });
    expect(await readdir(dir)).toContain('first');
    expect(await left()).toEqual(['calls-1.2.3']);
  });

  it('removes what a killed process left a day ago, and nothing newer', async () => {
    for (const name of ['fetching-old', 'fetching-new']) {
      await mkdir(join(cache, 'packages', name), { recursive: true });
    }
    const longAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
    await utimes(join(cache, 'packages', 'fetching-old'), longAgo, longAgo);
    await fetch(installs);
    expect((await left()).sort()).toEqual(['calls-1.2.3', 'fetching-new']);
  });

  it("removes other platforms' libraries", async () => {
    const bin = join('node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
    const own = join(process.platform, process.arch);
    await fetch(
      async (options) => {
        const result = await installs(options);
        for (const path of [own, join('other', 'x64'), join(process.platform, 'other')]) {
          await mkdir(join(options.prefix, bin, path), { recursive: true });
          await writeFile(join(options.prefix, bin, path, 'onnxruntime.node'), '');
        }
        return result;
      },
      { set: CALLS },
    );
    const kept = await readdir(join(dir, bin), { recursive: true });
    expect(kept.filter((path) => path.endsWith('.node'))).toEqual([join(own, 'onnxruntime.node')]);
    expect(await stateOfTree(dir)).toBe('complete');
  });

  it('says that there is no npm, and what to install without it', async () => {
    await expect(fetch(installs, { npm: undefined })).rejects.toThrow(/no npm.*some-engine@2\.0\.1/);
  });

  it('says that the cache folder cannot be written, and names the variable', async () => {
    const file = join(cache, 'file');
    await writeFile(file, '');
    await expect(fetch(installs, { dir: join(file, 'packages', 'x') })).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringMatching(/FIRSTWORD_CACHE_DIR/),
    });
  });
});
