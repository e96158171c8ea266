import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type APIConnectionError,
  type APIConnectOptions,
  DEFAULT_API_CONNECT_OPTIONS,
  type llm,
} from '@livekit/agents';
import { watchUpgrades, whenRequested } from '../hosted/upgrade-watch.js';
import { geminiReports } from './gemini-connection.js';
import { liveReports } from './live-connection.js';
import { cannotConnect, reportRealtimeError, type UpgradeFailure, watchFailure } from './realtime-errors.js';

/** What is used of a session of LiveKit's plugins for OpenAI and xAI. */
interface PluginSession extends llm.RealtimeSession {
  createWsConn(): Promise<unknown>;
  _options?: { baseURL?: string; connOptions?: APIConnectOptions };
}

const isOfPlugin = (session: llm.RealtimeSession): session is PluginSession =>
  typeof Reflect.get(session, 'createWsConn') === 'function';

function connectionError(session: PluginSession, cause: Error): APIConnectionError {
  return cannotConnect(session._options?.baseURL, {
    cause,
    status: Number(/^Unexpected server response: (\d+)/.exec(cause.message)?.[1] ?? Number.NaN),
  });
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
 *   `once('open')` on it synchronously, at first in the constructor of the session; `_options` (private); `close` does not wait for the
 *   task that sends, and that task waits for its next event.
 * - If it changes: a wrong base URL ends the process. `internals/realtime-connection.test.ts` fails.
 */
export function openReporting(open: () => llm.RealtimeSession): llm.RealtimeSession {
  let session: llm.RealtimeSession | undefined;
  const onFirstError = (cause: Error) => {
    if (session && isOfPlugin(session)) reportRealtimeError(session, connectionError(session, cause), false);
  };
  const failure: UpgradeFailure = {};
  const unwatch = watchUpgrades();
  session = withErrorListener(
    () => whenRequested((request) => watchFailure(request, failure), open),
    onFirstError,
  );
  const opened = session;
  if (isOfPlugin(opened)) {
    unwatch();
    const connect = opened.createWsConn;
    opened.createWsConn = () => reconnect(opened, () => connect.call(opened));
    closeConnection(opened);
    return opened;
  }
  const { close } = opened;
  opened.close = () => {
    unwatch();
    return close.call(opened);
  };
  liveReports(opened, failure);
  geminiReports(opened, failure);
  return opened;
}

/** The plugin reads that its session is closed when it has an event to send: without one, the connection stays open, and is paid for. */
function closeConnection(session: PluginSession): void {
  const { close } = session;
  session.close = async () => {
    await close.call(session);
    await session.clearAudio();
  };
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
      reportRealtimeError(session, connectionError(session, cause), !isLast);
      if (isLast) throw closed;
      await wait(retryIntervalMs);
    }
  }
}
