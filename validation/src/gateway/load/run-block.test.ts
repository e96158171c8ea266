import { expect, it } from 'vitest';
import { runBlock } from './run-block.js';

const block = { target: 0, streams: 2, perStream: 3, limitMs: 60_000, firstQuestion: 10 };

it('asks a question of its own each time, and does not count the first of a stream', async () => {
  const asked: string[] = [];
  const result = await runBlock(async (question) => {
    asked.push(question);
    return 7;
  }, block);
  expect(new Set(asked).size).toBe(8);
  expect(asked[0]).toContain('10');
  expect(result).toMatchObject({ answered: 8, failed: 0, timesMs: Array(6).fill(7) });
});

it('counts failures, and names each kind once', async () => {
  const result = await runBlock(async () => {
    throw new Error('status 503');
  }, block);
  expect(result).toMatchObject({ answered: 0, failed: 8, timesMs: [], failures: ['status 503'] });
});

it('starts nothing after its time limit', async () => {
  const result = await runBlock(async () => 1, { ...block, limitMs: 0 });
  expect(result).toMatchObject({ answered: 0, failed: 0 });
});
