import { expect, it } from 'vitest';
import { meterRows } from './evaluate.js';

it('has a row for each kind and one for all, with a file without speech counted apart', () => {
  const rows = meterRows([
    { file: 'a', kind: 'request', startMs: -10, endMs: 20 },
    { file: 'b', kind: 'request', startMs: 30, endMs: -200 },
    { file: 'c', kind: 'phone-turn' },
  ]);
  expect(rows.map(({ kind }) => kind)).toEqual(['request', 'phone-turn', 'all']);
  expect(rows[0]!.start).toMatchObject({
    files: 2,
    none: 0,
    medianMs: 20,
    maxMs: 30,
    biasMs: 10,
    over150: 0,
  });
  expect(rows[0]!.end).toMatchObject({ maxMs: 200, biasMs: -90, over150: 1 });
  expect(rows[1]!.end).toMatchObject({ files: 1, none: 1, medianMs: Number.NaN });
  expect(rows[2]!.end).toMatchObject({ files: 3, none: 1 });
});
