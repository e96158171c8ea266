import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  APIConnectionError,
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  type llm,
} from '@livekit/agents';

/** What is used of a session of LiveKit's plugins for OpenAI and xAI. */
interface PluginSession extends llm.RealtimeSession {
  createWsConn(): Promise<unknown>;
  _options?: { baseURL?: string; connOptions?: APIConnectOptions };
}

const isOfPlugin = (session: llm.RealtimeSession): session is PluginSession =>
  typeof Reflect.get(session, 'createWsConn') === 'function';

/** What to do about it, by what `ws` says. The host is named: it holds no key. */
function connectionError(session: PluginSession, cause: Error): APIConnectionError {
  const { baseURL = '' } = session._options ?? {};
  const host = URL.canParse(baseURL) ? new URL(baseURL).host : 'its baseURL';
  const status = /^Unexpected server response: (\d+)/.exec(cause.message)?.[1];
  const todo =
    status === '401' || status === '403'
      ? 'Check the API key, and whether it may use this model.'
      : status === '429'
        ? 'Its rate limit is exceeded: try again later.'
        : status?.startsWith('5')
          ? 'The provider has an error: try again later.'
          : status !== undefined
            ? 'It is no realtime server: check baseURL.'
            : 'Check baseURL and the network.';
  const answered = status === undefined ? `failed (${cause.message})` : `was refused with status ${status}`;
  const message = `The connection to the realtime model at ${host} ${answered}. ${todo}`;
  return new APIConnectionError({ message, options: { retryable: true } });
}

function report(session: PluginSession, error: APIConnectionError, recoverable: boolean): void {
  session.emit('error', {
    type: 'realtime_model_error',
    timestamp: Date.now(),
    label: session.realtimeModel.label(),
    error,
    recoverable,
  } satisfies llm.RealtimeModelError);
}

/** Runs `connect`, and calls `onError` where the WebSocket that it opens fails. */
function withErrorListener<Result>(connect: () => Result, onError: (error: Error) => void): Result {
  const { once } = EventEmitter.prototype;
  EventEmitter.prototype.once = function (this: EventEmitter, name, listener) {
    if (name === 'open') this.on('error', onError);
    return once.call(this, name, listener);
  };
  try {
    return connect();
  } finally {
    EventEmitter.prototype.once = once;
  }
}

/**
 * Opens a session of a realtime model so that a connection that cannot be made is reported as an error of the session. LiveKit's plugin
 * waits for `open` and `close` only: the error is thrown uncaught and ends the process (livekit/agents-js#2539), or the session stays
 * silent. A connection that is lost later is tried again as `connOptions` says.
 *
 * - Read in: `@livekit/agents-plugin-openai` 1.9.0, `realtime/realtime_model.ts`, `createWsConn` (private): it opens the WebSocket and calls
 *   `once('open')` on it synchronously, at first in the constructor of the session; `_options` (private).
 * - If it changes: a wrong base URL ends the process. `internals/realtime-connection.test.ts` fails.
 */
export function openReporting(open: () => llm.RealtimeSession): llm.RealtimeSession {
  let session: llm.RealtimeSession | undefined;
  const onFirstError = (cause: Error) => {
    if (session && isOfPlugin(session)) report(session, connectionError(session, cause), false);
  };
  session = withErrorListener(open, onFirstError);
  if (!isOfPlugin(session)) return session;
  const opened = session;
  const connect = opened.createWsConn;
  opened.createWsConn = () => reconnect(opened, () => connect.call(opened));
  return session;
}

async function reconnect(session: PluginSession, connect: () => Promise<unknown>): Promise<unknown> {
  const { maxRetry, retryIntervalMs } = session._options?.connOptions ?? DEFAULT_API_CONNECT_OPTIONS;
  for (let retry = 0; ; retry += 1) {
    let cause = new Error('timeout');
    const attempt = withErrorListener(connect, (error) => {
      cause = error;
    });
    try {
      return await attempt;
    } catch (closed) {
      const isLast = retry >= maxRetry;
      report(session, connectionError(session, cause), !isLast);
      if (isLast) throw closed;
      await wait(retryIntervalMs);
    }
  }
}
