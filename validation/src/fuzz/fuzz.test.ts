import { expect, it } from 'vitest';
import { readBlock } from './block.js';
import { FUZZ_TARGETS } from './targets/index.js';

const options = { at: new Int32Array(1), heapMb: () => 0 };

it.each(FUZZ_TARGETS.map(({ name }) => name))('%s reads the inputs of a fixed seed', (target) => {
  const result = readBlock({ target, seed: 20, from: 0, count: 400 }, options);
  expect(result).toMatchObject({ ok: true });
});

it('names the input that failed, and gives it again', () => {
  const [target] = FUZZ_TARGETS;
  const read = target!.read;
  try {
    target!.read = (input) => {
      if ((input as string[])[0]!.length > 40) throw new Error('too long');
    };
    const block = { target: target!.name, seed: 1, from: 0, count: 1_000 };
    const first = readBlock(block, options);
    if (first.ok) throw new Error('it did not fail');
    expect(first.reason).toContain('too long');
    const again = readBlock({ ...block, from: first.input, count: 1 }, options);
    expect(again).toMatchObject({ ok: false, input: first.input });
  } finally {
    target!.read = read;
  }
});
