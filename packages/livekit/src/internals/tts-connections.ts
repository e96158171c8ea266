import type { tts } from '@livekit/agents';

/** State of a WebSocket that may still be used: connecting, or open. */
const OPEN = 1;

/**
 * Removes the connections that the service has closed from those that a TTS of LiveKit Inference keeps for its next answer.
 * LiveKit notices the end of a connection only while it is in use, so the next answer would be sent into the closed one, and
 * be given up after the TTS's `timeoutMs` (10 s) without a sound.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/tts.ts`, class `TTS`, public field `pool`; `connection_pool.ts`, class
 *   `ConnectionPool`, private field `available` and public method `remove`.
 * - If it changes: an answer after a long pause may be lost. `internals.test.ts` and `tts/hosted-connections.test.ts` fail.
 */
export function dropClosedConnections(part: tts.TTS): void {
  const pool: unknown = Reflect.get(part, 'pool');
  if (!isPool(pool)) return;
  for (const connection of pool.available) if (isClosed(connection)) pool.remove(connection);
}

interface Pool {
  available: Set<unknown>;
  remove(connection: unknown): void;
}

function isPool(pool: unknown): pool is Pool {
  if (typeof pool !== 'object' || pool === null) return false;
  return 'available' in pool && pool.available instanceof Set && 'remove' in pool;
}

function isClosed(connection: unknown): boolean {
  if (typeof connection !== 'object' || connection === null || !('readyState' in connection)) return false;
  return Number(connection.readyState) > OPEN;
}
