import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLS, type PackageSet } from './package-set.js';
import { markComplete, markDamaged, stateOfTree, treeDir, treeMain } from './tree.js';

/** A set of one package. */
const SMALL: PackageSet = {
  ...CALLS,
  needed: [['some-engine']],
  dependencies: { 'some-engine': '2.0.1' },
};

let dir: string;
const put = async (path: string, text = '{}') => {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-tree-'));
  await put('node_modules/firstword/package.json');
  await put('node_modules/some-engine/package.json');
  await put('node_modules/some-engine/engine.node', 'code');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('stateOfTree', () => {
  it('is absent without a folder', async () => {
    expect(await stateOfTree(join(dir, 'nowhere'))).toBe('absent');
  });

  it('is damaged without a marker: something was interrupted', async () => {
    expect(await stateOfTree(dir)).toEqual({ damaged: 'it is not complete' });
  });

  it('is complete once it is marked', async () => {
    await markComplete(dir, SMALL, '1.2.3');
    expect(await stateOfTree(dir)).toBe('complete');
  });

  it('names a package that is missing', async () => {
    await markComplete(dir, SMALL, '1.2.3');
    await rm(join(dir, 'node_modules/some-engine'), { recursive: true });
    expect(await stateOfTree(dir)).toEqual({ damaged: 'some-engine is missing' });
  });

  it('names a large file that is cut off or missing', async () => {
    await markComplete(dir, SMALL, '1.2.3');
    const path = join('node_modules', 'some-engine', 'engine.node');
    await truncate(join(dir, path), 1);
    expect(await stateOfTree(dir)).toEqual({ damaged: `${path} has 1 bytes instead of 4` });
    await rm(join(dir, path));
    expect(await stateOfTree(dir)).toEqual({ damaged: `${path} is missing` });
  });

  it('is damaged with a marker that is not JSON', async () => {
    await put('complete.json', '{');
    expect(await stateOfTree(dir)).toEqual({ damaged: 'complete.json cannot be read' });
  });

  it('is damaged after markDamaged', async () => {
    await markComplete(dir, SMALL, '1.2.3');
    await markDamaged(dir);
    expect(await stateOfTree(dir)).toEqual({ damaged: 'it is not complete' });
  });
});

it('has a folder per version, set and platform', () => {
  expect(treeDir('/c', SMALL, '1.2.3')).toBe(
    join('/c', 'packages', `calls-1.2.3-${process.platform}-${process.arch}`),
  );
  expect(treeMain('/c/x')).toBe(join('/c/x/node_modules/firstword/dist/main.js'));
});
