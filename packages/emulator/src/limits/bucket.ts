/** A token bucket: `level` of `capacity` is left, and `perMinute` flows in. A level under zero is a queue. */
export interface Bucket {
  capacity: number;
  perMinute: number;
  level: number;
  /** When `level` was true, ms. */
  atMs: number;
}

export function fullBucket(capacity: number, perMinute: number, nowMs: number): Bucket {
  return { capacity, perMinute, level: capacity, atMs: nowMs };
}

/** The bucket as it is at `nowMs`. */
export function refilled(bucket: Bucket, nowMs: number): Bucket {
  const inflow = (Math.max(0, nowMs - bucket.atMs) * bucket.perMinute) / 60_000;
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + inflow), atMs: nowMs };
}

/** How long until `cost` could be taken without going under zero, ms. */
export function waitMs(bucket: Bucket, cost: number, nowMs: number): number {
  const lacking = Math.min(cost, bucket.capacity) - refilled(bucket, nowMs).level;
  return Math.max(0, (lacking * 60_000) / bucket.perMinute);
}

/** Takes `cost`, whether or not it is there. */
export function taken(bucket: Bucket, cost: number, nowMs: number): Bucket {
  const now = refilled(bucket, nowMs);
  return { ...now, level: now.level - cost };
}
