import { randomBytes } from 'node:crypto';
import type { Clock } from '@firstword/turn';
import type { MemoryHub } from './memory-hub.js';
import type { StoredRecord } from './record.js';

/** A record may be dated this much later than now, ms: clocks of machines differ, and are set back a little. */
const CLOCK_STEP_MS = 5_000;

/** A name that tells this process's records from those of others. */
export const processName = () => randomBytes(4).toString('hex');

/**
 * Passes stored records of other processes to the routers of this one. Records of this process, too old ones and those
 * dated in the future are left out.
 */
export function receive(
  hub: MemoryHub,
  records: readonly StoredRecord[],
  options: { by: string; maxAgeMs: number; clock: Clock },
): void {
  const { by, maxAgeMs, clock } = options;
  const nowMs = clock.wallMs();
  const times = new Map<string, Extract<StoredRecord, { type: 'time' }>['seen'][]>();
  for (const record of records) {
    const ageMs = nowMs - record.at;
    if (record.by === by || ageMs > maxAgeMs || ageMs < -CLOCK_STEP_MS) continue;
    if (record.type === 'health') hub.addNews(record.model, record.news, { ageMs: Math.max(0, ageMs) });
    else {
      const known = times.get(record.model);
      if (known) known.push(record.seen);
      else times.set(record.model, [record.seen]);
    }
  }
  for (const [model, seen] of times) hub.addTimes(model, seen);
}
