import { FirstwordError } from '@firstword/turn';
import { RoomServiceClient, ServerError } from 'livekit-server-sdk';

/** Request timeout, s; long enough for a distant server. */
const ANSWERS_WITHIN_S = 10;

/**
 * Checks whether a LiveKit server accepts a key and a secret. LiveKit's worker retries for minutes before it reports that it
 * was rejected.
 * @param signal stops waiting for the answer
 * @returns false if the server cannot be reached, because it may still be starting, or if the signal fires
 * @throws FirstwordError `connect_failed` if it rejects them
 */
export async function acceptsCredentials(
  server: { url: string; apiKey: string; apiSecret: string },
  { signal }: { signal?: AbortSignal } = {},
): Promise<boolean> {
  const { url, apiKey, apiSecret } = server;
  const options = { requestTimeout: ANSWERS_WITHIN_S };
  const client = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret, options);
  let stop = () => {};
  // LiveKit's client takes no signal.
  const stopped = new Promise<false>((resolve) => {
    stop = () => resolve(false);
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    const accepted = client.listRooms(['firstword-credentials-check']).then(() => true);
    return await Promise.race([accepted, stopped]);
  } catch (cause) {
    const status = cause instanceof ServerError ? cause.status : undefined;
    if (status !== 401 && status !== 403) return false;
    const message = `the LiveKit server at ${url} rejected the agent (${status}). Check the address, the key and the secret`;
    throw new FirstwordError('connect_failed', message, { cause });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
