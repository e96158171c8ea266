import { FirstwordError } from '@firstword/turn';
import { RoomServiceClient, ServerError } from 'livekit-server-sdk';

/** A server that is there answers at once; this long is for the far side of the world, s. */
const ANSWERS_WITHIN_S = 10;

/**
 * Asks a LiveKit server whether it takes a key and a secret. LiveKit's worker, which is refused, tries again for minutes
 * before it says so.
 * @returns false where the server cannot be asked: it may be on its way up
 * @throws FirstwordError `connect_failed` where it refuses them
 */
export async function acceptsCredentials(server: {
  url: string;
  apiKey: string;
  apiSecret: string;
}): Promise<boolean> {
  const { url, apiKey, apiSecret } = server;
  const options = { requestTimeout: ANSWERS_WITHIN_S };
  const client = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret, options);
  try {
    await client.listRooms(['firstword-asks-whether-it-may']);
    return true;
  } catch (cause) {
    const status = cause instanceof ServerError ? cause.status : undefined;
    if (status !== 401 && status !== 403) return false;
    const message = `the LiveKit server at ${url} does not take the agent on (${status}). Check the address, the key and the secret`;
    throw new FirstwordError('connect_failed', message, { cause });
  }
}
