import { expect, test } from 'vitest';
import { fuzzOne } from './fuzz-streams.js';
import { RECORDED_STREAMS, recordedBytes } from './recorded.js';

// `npm run fuzz -w @firstword/llm` runs many more.
test('broken streams give an answer or a typed error, the same wherever they are split', () => {
  const samples = RECORDED_STREAMS.map((recorded) => ({
    provider: recorded.provider,
    bytes: recordedBytes(recorded),
  }));
  const outcomes = new Set<string>();
  for (let index = 0; index < 4_000; index += 1) outcomes.add(fuzzOne(samples, { seed: 20, index }));
  expect(outcomes).toContain('answer');
  expect(outcomes).toContain('bad_stream');
});
