import type { IncomingHttpHeaders } from 'node:http';
import type { SpeechConnection } from '../server/connection.js';
import type { SpeechService } from '../service.js';

/** A vendor's WebSocket, as its clients see it. */
export interface SpeechWire {
  service: SpeechService;
  /** The end of the path of its URL. */
  path: RegExp;
  /** The credentials in a request; `undefined` if it has none. */
  keyOf(headers: IncomingHttpHeaders, url: URL): string | undefined;
  /** Serves a connection that is open. */
  accept(connection: SpeechConnection): void;
}
