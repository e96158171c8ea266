import { expect, test } from 'vitest';
import { FuzzPlan, newProgress } from './progress.js';

const read = (ms: number) => ({ ok: true, ms, slowestMs: 1, slowest: 0, heapMb: 0 }) as const;
const plan = (to: number, names = ['slow', 'quick']) =>
  new FuzzPlan({ seed: 1, targets: names.map((name) => newProgress(name, 0)), to });

test('the target that is behind comes next, and a block takes about two seconds', () => {
  const shared = plan(100_000);
  const first = shared.next()!;
  expect(first).toMatchObject({ target: 'slow', from: 0, count: 200 });
  shared.finish(first, read(200), 0);
  expect(shared.next()).toMatchObject({ target: 'quick', from: 0, count: 200 });
  expect(shared.next()).toMatchObject({ target: 'slow', from: 200, count: 2_000 });
});

test('all inputs are handed out once, and no more', () => {
  const shared = plan(450, ['one']);
  const blocks = [shared.next()!, shared.next()!, shared.next()!];
  expect(blocks.map(({ from, count }) => [from, count])).toEqual([
    [0, 200],
    [200, 200],
    [400, 50],
  ]);
  expect(shared.next()).toBeUndefined();
});

test('an input counts as done when all before it are', () => {
  const shared = plan(1_000, ['one']);
  const [first, second] = [shared.next()!, shared.next()!];
  shared.finish(second, read(10), 3);
  expect(shared.progress.targets).toMatchObject([{ done: 0, growthMb: 3 }]);
  shared.finish(first, read(10), 0);
  expect(shared.progress.targets).toMatchObject([{ done: 400 }]);
});

test('a target that failed goes on from the input that failed, in another run', () => {
  const shared = plan(1_000);
  const first = shared.next()!;
  shared.finish(first, { ok: false, input: 70, reason: 'it threw' }, 0);
  expect(shared.next()).toMatchObject({ target: 'quick' });
  expect(shared.next()).toMatchObject({ target: 'quick' });
  const [failed] = shared.progress.targets;
  expect(failed).toMatchObject({ name: 'slow', done: 70 });
  expect(new FuzzPlan({ seed: 1, targets: [failed!], to: 1_000 }).next()).toMatchObject({ from: 70 });
});
