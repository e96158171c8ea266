import type { Fields } from '../../wire/fields.js';

/** One client's session, of any wire. */
export interface WireSession {
  /** Reads one message of the client; one without fields where the frame is no JSON object. Errors are answered. */
  read(message: Fields): void;
  /** The session has reached its maximum duration. */
  expire(): void;
  /** The connection is closed. */
  close(): void;
}
