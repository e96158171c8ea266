import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Of } from '../sha256.js';
import { fetchSmartTurn } from './fetch.js';
import { findSmartTurn, SMART_TURN, smartTurnFile } from './files.js';
import { type RunPython, runPython } from './pip.js';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'firstword-smart-turn-'));
  vi.stubEnv('FIRSTWORD_CACHE_DIR', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

const left = () => readdir(join(cache, 'models'));

/** Puts a wheel and a file out of it where pip and Python would. */
const fetches =
  (weights: string): RunPython =>
  async (args) => {
    if (args.includes('download')) {
      await writeFile(join(args[args.indexOf('--dest') + 1]!, 'pipecat_ai-1.14.0-py3-none-any.whl'), 'zip');
      return { exitCode: 0, stderr: '' };
    }
    const [path, dir] = args.slice(-2) as [string, string];
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), weights);
    return { exitCode: 0, stderr: '' };
  };
const fails =
  (exitCode: number | null | undefined, stderr = ''): RunPython =>
  async () => ({ exitCode, stderr });

describe('fetchSmartTurn', () => {
  it('asks pip for the exact version, without its dependencies and code', async () => {
    const run = vi.fn(fails(1));
    await expect(fetchSmartTurn({ runPython: run })).rejects.toThrow();
    const [args] = run.mock.calls[0]!;
    expect(args).toEqual(expect.arrayContaining(['--no-deps', '--only-binary=:all:', 'pipecat-ai==1.14.0']));
  });

  it('refuses weights with another SHA-256, and leaves nothing', async () => {
    await expect(fetchSmartTurn({ runPython: fetches('other weights') })).rejects.toMatchObject({
      code: 'connect_failed',
      message: expect.stringMatching(/SHA-256/),
    });
    expect(await left()).toEqual([]);
  });

  it.each([
    ['there is no Python', fails(undefined), 'bad_input', /Python 3 with pip.*modelFile/],
    ['there is no pip', fails(1, 'python3: No module named pip'), 'bad_input', /Python 3 with pip/],
    ['it is stopped', fails(null), 'aborted', /stopped/],
    [
      'the disk is full',
      fails(1, 'OSError: [Errno 28] No space left on device'),
      'unwritable',
      /disk is full/,
    ],
    [
      'there is no network',
      fails(1, 'WARNING: retry\nERROR: No matching distribution found for pipecat-ai==1.14.0'),
      'connect_failed',
      /No matching distribution.*pip config/,
    ],
  ] as const)('says what to do if %s, and leaves nothing', async (_, run, code, message) => {
    await expect(fetchSmartTurn({ runPython: run })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await left()).toEqual([]);
  });

  it('says that the cache folder cannot be written', async () => {
    const file = join(cache, 'file');
    await writeFile(file, '');
    vi.stubEnv('FIRSTWORD_CACHE_DIR', file);
    await expect(fetchSmartTurn({ runPython: fails(1) })).rejects.toMatchObject({ code: 'unwritable' });
  });
});

describe('findSmartTurn', () => {
  it('says how to fetch weights that are missing or damaged', async () => {
    await expect(findSmartTurn()).rejects.toThrow(/firstword fetch smart-turn/);
    await mkdir(dirname(smartTurnFile()), { recursive: true });
    await writeFile(smartTurnFile(), 'damaged');
    await expect(findSmartTurn()).rejects.toThrow(/damaged.*firstword fetch smart-turn/);
  });

  it('takes a file of the user as it is', async () => {
    const file = join(cache, 'mine.onnx');
    await expect(findSmartTurn(file)).rejects.toThrow(/modelFile/);
    await writeFile(file, 'mine');
    expect(await findSmartTurn(file)).toBe(file);
    expect(await sha256Of(file)).not.toBe(SMART_TURN.sha256);
  });
});

describe('runPython', () => {
  const signal = new AbortController().signal;

  it('says that there is no such program', async () => {
    vi.stubEnv('PYTHON', join(cache, 'no-python'));
    expect(await runPython(['-c', ''], { signal })).toEqual({ exitCode: undefined, stderr: '' });
  });

  it('reports how the program ended, and stops it', async () => {
    vi.stubEnv('PYTHON', process.execPath);
    const failing = await runPython(['-e', 'console.error("no"); process.exit(3)'], { signal });
    expect(failing).toEqual({ exitCode: 3, stderr: 'no\n' });
    const stopped = await runPython(['-e', 'setInterval(() => {}, 1000)'], { signal: AbortSignal.abort() });
    expect(stopped.exitCode).toBe(null);
  });
});
