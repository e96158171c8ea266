import { expect, it } from 'vitest';
import { FUZZ_TARGETS } from './targets.js';
import { fuzz } from './worker.js';

it.each(FUZZ_TARGETS.map(({ name }) => name))('%s reads the inputs of a fixed seed', (target) => {
  const at = new Int32Array(1);
  expect(fuzz({ target, seed: 20, from: 0, count: 400, at })).toMatchObject({ ok: true, inputs: 400 });
});

it('names the input that failed, and gives it again', () => {
  const [target] = FUZZ_TARGETS;
  const read = target!.read;
  try {
    target!.read = (input) => {
      if (input[0]!.length > 40) throw new Error('too long');
    };
    const at = new Int32Array(1);
    const first = fuzz({ target: target!.name, seed: 1, from: 0, count: 1_000, at });
    if (first.ok) throw new Error('it did not fail');
    const again = fuzz({ target: target!.name, seed: 1, from: first.input, count: 1, at });
    expect(again).toMatchObject({ ok: false, input: first.input });
  } finally {
    target!.read = read;
  }
});
