import {
  type APIConnectOptions,
  APIStatusError,
  DEFAULT_API_CONNECT_OPTIONS,
  type llm,
} from '@livekit/agents';
import { cannotConnect, reportRealtimeError, type UpgradeFailure } from './realtime-errors.js';

/** What is used of a session of LiveKit's plugin for Google. */
interface GeminiSession extends llm.RealtimeSession {
  emitError(error: Error, recoverable: boolean): void;
  markRestartNeeded(): void;
  /** The connection in use; `undefined` before there is one. */
  activeSession?: unknown;
  /** Attempts since the newest message of the provider. */
  numRetries: number;
  options?: { connOptions?: APIConnectOptions; httpOptions?: { baseUrl?: string } };
}

const isGemini = (session: llm.RealtimeSession): session is GeminiSession =>
  ['emitError', 'markRestartNeeded'].every((name) => typeof Reflect.get(session, name) === 'function') &&
  typeof Reflect.get(session, 'numRetries') === 'number';

const DEFAULT_BASE_URL = 'https://generativelanguage.googleapis.com';

/**
 * WebSocket close codes after which another connection may work: the server goes away, the connection was lost, an error of the server,
 * a restart, overload, a gateway.
 */
const PASSING_CODES = [1001, 1006, 1011, 1012, 1013, 1014];

function adviceOn(reason: string): string {
  if (/extract voices|response modalit/i.test(reason))
    return 'This model answers in audio only: leave modalities out, or take a model that writes.';
  if (/api key/i.test(reason)) return 'Check the API key.';
  if (/not found|not supported/i.test(reason)) return 'Check the name of the model.';
  return 'Check the model and its options.';
}

/** A closed connection in words. Google's reasons hold no key. */
function closedError({ statusCode, message }: APIStatusError, isPassing: boolean): APIStatusError {
  const advice = isPassing ? '' : ` ${adviceOn(message)}`;
  return new APIStatusError({
    message: `Gemini Live closed the connection (${statusCode}): ${message}.${advice}`.replace('..', '.'),
    options: { statusCode, retryable: isPassing },
  });
}

/**
 * Makes a session of Gemini Live report its errors as errors of the session, and open a connection again that was lost.
 *
 * LiveKit's plugin reports them without a type, so that `session.on('error')` does not get them, and goes on without a connection. A
 * connection that was lost is opened again as `connOptions` says, with the handle of the session. Where the first message cannot be sent
 * because nobody accepts the connection, Google's SDK waits without an end: that error is the last one.
 *
 * - Read in: `@livekit/agents-plugin-google` 1.9.0, `realtime/realtime_api.ts`, `emitError`, `markRestartNeeded`, `activeSession`,
 *   `numRetries` and `options` (private); `onclose` calls `emitError` with the code of the closed WebSocket, and the first message after
 *   that sets `numRetries` to 0.
 * - If it changes: the agent falls silent for good where a connection to Gemini Live is refused or lost.
 *   `internals/realtime-connection.test.ts` fails.
 */
export function geminiReports(session: llm.RealtimeSession, failure: UpgradeFailure): void {
  if (!isGemini(session)) return;
  const { connOptions = DEFAULT_API_CONNECT_OPTIONS, httpOptions } = session.options ?? {};
  session.emitError = (error, recoverable) => {
    if (failure.status !== undefined || failure.cause !== undefined) {
      const baseUrl = httpOptions?.baseUrl ?? DEFAULT_BASE_URL;
      reportRealtimeError(session, cannotConnect(baseUrl, failure), false);
    } else if (!(error instanceof APIStatusError)) reportRealtimeError(session, error, recoverable);
    else {
      const isPassing = PASSING_CODES.includes(error.statusCode);
      const isRetried =
        isPassing && session.activeSession !== undefined && session.numRetries < connOptions.maxRetry;
      if (isRetried) restart(session, connOptions);
      reportRealtimeError(session, closedError(error, isPassing), isRetried);
    }
  };
}

/** At once, so that what is sent next goes to the new connection; after an attempt that failed, later. */
function restart(session: GeminiSession, { retryIntervalMs }: APIConnectOptions): void {
  session.numRetries += 1;
  if (session.numRetries === 1) session.markRestartNeeded();
  else setTimeout(() => session.markRestartNeeded(), retryIntervalMs).unref();
}
