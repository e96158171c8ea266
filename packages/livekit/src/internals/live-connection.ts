import type { EventEmitter } from 'node:events';
import { APIError, type llm } from '@livekit/agents';
import { cannotConnect, type UpgradeFailure } from './realtime-errors.js';

/** What is used of a session of GPT-Live, of LiveKit's plugin for OpenAI. */
interface LiveSession extends EventEmitter {
  runConnection(onOpen: () => void, onStarted: () => void): Promise<void>;
  emitError(error: Error, recoverable: boolean): void;
  opts?: { baseURL?: string; model?: string };
}

const isLive = (session: unknown): session is LiveSession =>
  typeof session === 'object' &&
  session !== null &&
  typeof Reflect.get(session, 'runConnection') === 'function' &&
  typeof Reflect.get(session, 'emitError') === 'function';

interface ServerError {
  code?: string;
  type?: string;
  param?: string | null;
}

const ADVICE: Readonly<Record<string, string>> = {
  invalid_api_key: 'Check the API key.',
  insufficient_quota: 'Check the credit of the account.',
  billing_hard_limit_reached: 'Check the credit of the account.',
  account_deactivated: 'Check the account.',
  model_not_found: 'Check the name of the model, and whether the key may use it.',
  rate_limit_exceeded: 'Its rate limit is exceeded: try again later.',
};

/** The provider's own words may hold parts of a key: its code says enough. */
function messageOf({ code, type, param }: ServerError): string {
  const name = code || type || 'an error without a code';
  const advice = ADVICE[name] ?? (param ? `It is about ${param}.` : '');
  return `GPT-Live reported ${name}. ${advice}`.trim();
}

/**
 * Makes a session of GPT-Live say why it fails: LiveKit's plugin says only that it did. A server that has refused the connection is not
 * asked again.
 *
 * - Read in: `@livekit/agents-plugin-openai` 1.9.0, `realtime/gpt_live_model.ts`, `runConnection`, `emitError` and `opts` (private); the
 *   event `openai_server_event_received` comes before the plugin reads it.
 * - If it changes: a wrong base URL or key is reported as "GPT-Live connection failed", after several attempts.
 *   `internals/realtime-connection.test.ts` fails.
 */
export function liveReports(session: llm.RealtimeSession, failure: UpgradeFailure): void {
  const live: unknown = Reflect.get(session, 'duplexSession');
  if (!isLive(live)) return;
  let serverError: ServerError | undefined;
  live.on('openai_server_event_received', (event: { type: string; error?: ServerError }) => {
    if (event.type === 'error') serverError = event.error ?? {};
  });
  const { runConnection, emitError } = live;
  live.runConnection = async (...callbacks) => {
    try {
      await runConnection.apply(live, callbacks);
    } catch (error) {
      const hasFailed = failure.status !== undefined || failure.cause !== undefined;
      throw hasFailed ? cannotConnect(live.opts?.baseURL, failure) : error;
    }
  };
  live.emitError = (error, recoverable) => {
    const reason = error instanceof APIError && serverError ? messageOf(serverError) : undefined;
    serverError = undefined;
    const told = reason === undefined ? error : new APIError(reason, { retryable: recoverable });
    emitError.call(live, told, recoverable);
  };
}
