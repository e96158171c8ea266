import { openTurnStore, type TurnStore } from '@firstword/turn/store';
import { log } from '@livekit/agents';

/** Longest name of a file, without its extension. */
const MOST_CHARACTERS = 200;

/**
 * Opens the file of one call's turn records, `<dir>/<callId>.jsonl`. What cannot be written is logged once, as a warning, and the
 * call goes on.
 *
 * @returns `undefined` if the folder cannot be written
 */
export function openRecordFile(dir: string, callId: string): TurnStore | undefined {
  const onError = (error: unknown) =>
    log().warn(
      { error },
      `firstword: turn records cannot be written to ${dir}: free some space, or choose another folder`,
    );
  // The call id names the file: characters that mean something in a path are replaced.
  const name = callId.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
  try {
    return openTurnStore({ dir, callId: name.slice(0, MOST_CHARACTERS), onError });
  } catch (error) {
    onError(error);
    return undefined;
  }
}
