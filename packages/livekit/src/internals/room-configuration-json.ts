import type { RoomConfiguration } from 'livekit-server-sdk';

/**
 * Makes a room configuration write into a token only those of its fields that are set.
 *
 * The SDK copies the object into the token as it is, with the default of every field that this SDK version knows. A server
 * older than the SDK rejects a token with fields it does not know.
 *
 * - Read in: `livekit-server-sdk` 2.19.2, `AccessToken.ts` (claims are serialised with `JSON.stringify`), class
 *   `RoomConfiguration`, method `toJson`.
 * - If it changes: older servers reject the caller's token. `transport/room/caller-token.test.ts` fails.
 */
export function writeSetFieldsOnly(config: RoomConfiguration): void {
  Object.defineProperty(config, 'toJSON', { value: () => config.toJson() });
}
