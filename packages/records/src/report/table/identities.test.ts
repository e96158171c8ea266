import { seededRandom } from '@firstword/turn/statistics';
import { expect, it } from 'vitest';
import { Identities } from './identities.js';

it('finds every repeated identity, and no other', () => {
  const random = seededRandom(3);
  const rows = 20_000;
  const columns = {
    callId: new Int32Array(rows),
    atMs: new Float64Array(rows),
    ordinal: new Float64Array(rows),
  };
  const identities = new Identities();
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    columns.callId[row] = random.integer(0, 40);
    columns.atMs[row] = Date.UTC(2026, 10, 1) + random.integer(0, 30) * 1000;
    columns.ordinal[row] =
      random.integer(0, 1) === 0 ? random.integer(1, 12) : -1 - random.integer(0, 9) / 1000;
    const key = `${columns.callId[row]} ${columns.atMs[row]} ${columns.ordinal[row]}`;
    if (identities.add(row, columns) === seen.has(key)) wrong.push(key);
    seen.add(key);
  }
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(5_000);
  expect(seen.size).toBeLessThan(rows);
});
