import { createHash } from 'node:crypto';

/**
 * Rendezvous hashing: selects the replica for a session. When a replica is added or removed, only the sessions that
 * must move do, so the others keep their cached prompts.
 */
export function replicaFor(session: string, replicas: string[]): string | undefined {
  let home: string | undefined;
  let best = '';
  for (const replica of replicas) {
    const weight = createHash('sha256').update(session).update('\0').update(replica).digest('hex');
    if (home === undefined || weight > best) {
      home = replica;
      best = weight;
    }
  }
  return home;
}

/**
 * Moves the session's replica to the front of the positions that its group of equal models holds. Other positions
 * stay.
 */
export function spreadSessions(order: number[], groups: string[], session: string): number[] {
  const result = [...order];
  for (const group of new Set(groups)) {
    const places = order
      .map((index, place) => ({ index, place }))
      .filter(({ index }) => groups[index] === group);
    if (places.length < 2) continue;
    const home = Number(
      replicaFor(
        session,
        places.map(({ index }) => String(index)),
      ),
    );
    const members = [home, ...places.map(({ index }) => index).filter((index) => index !== home)];
    for (const [i, { place }] of places.entries()) result[place] = members[i]!;
  }
  return result;
}
