import { seededRandom } from '@firstword/turn/statistics';
import { expect, test } from 'vitest';
import { makeStream, readStream } from './fuzz-streams.js';
import { RECORDED_STREAMS, recordedBytes } from './recorded.js';

// `npm run fuzz -- --target wires` runs many more.
test('broken streams give an answer or a typed error, the same wherever they are split', () => {
  const samples = RECORDED_STREAMS.map((recorded) => ({
    provider: recorded.provider,
    bytes: recordedBytes(recorded),
  }));
  const outcomes = new Set<string>();
  for (let index = 0; index < 4_000; index += 1)
    outcomes.add(readStream(makeStream(samples, seededRandom(20, String(index)))));
  expect(outcomes).toContain('answer');
  expect(outcomes).toContain('bad_stream');
});
