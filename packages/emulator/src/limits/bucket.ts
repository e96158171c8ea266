/** A token bucket: it holds `level` of at most `capacity` and refills by `perMinute`. A negative level is a queue. */
export interface Bucket {
  capacity: number;
  perMinute: number;
  level: number;
  /** The time at which `level` was computed, ms. */
  atMs: number;
}

/** A bucket filled to its capacity at `nowMs`. */
export function fullBucket(capacity: number, perMinute: number, nowMs: number): Bucket {
  return { capacity, perMinute, level: capacity, atMs: nowMs };
}

/** The bucket at `nowMs`, with everything that has flowed in since. */
export function refill(bucket: Bucket, nowMs: number): Bucket {
  const inflow = (Math.max(0, nowMs - bucket.atMs) * bucket.perMinute) / 60_000;
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + inflow), atMs: nowMs };
}

/** Time until `cost` can be withdrawn without a negative level, ms. */
export function waitMs(bucket: Bucket, cost: number, nowMs: number): number {
  const lacking = Math.min(cost, bucket.capacity) - refill(bucket, nowMs).level;
  return Math.max(0, (lacking * 60_000) / bucket.perMinute);
}

/** Withdraws `cost`, even if the level becomes negative. */
export function withdraw(bucket: Bucket, cost: number, nowMs: number): Bucket {
  const now = refill(bucket, nowMs);
  return { ...now, level: now.level - cost };
}
