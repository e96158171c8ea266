import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDir } from './cache-dir.js';

describe('cacheDir', () => {
  it.each([
    [{ FIRSTWORD_CACHE_DIR: '/tmp/a', XDG_CACHE_HOME: '/tmp/b' }, '/tmp/a'],
    [{ XDG_CACHE_HOME: '/tmp/b' }, join('/tmp/b', 'firstword')],
    [{ XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'firstword')],
    [{}, join(homedir(), '.cache', 'firstword')],
  ])('%j', (env, dir) => {
    expect(cacheDir(env)).toBe(dir);
  });
});
