import type { ClientRequest } from 'node:http';
import { APIConnectionError, type llm } from '@livekit/agents';

/** Why the newest request for a WebSocket failed: the status of its answer, or the error of its connection. Empty if it did not. */
export interface UpgradeFailure {
  status?: number;
  cause?: Error;
}

/** Keeps the newest request's failure in `failure`. */
export function watchFailure(request: ClientRequest, failure: UpgradeFailure): void {
  delete failure.status;
  delete failure.cause;
  request.once('response', ({ statusCode = 0 }) => {
    failure.status = statusCode;
  });
  // Before the WebSocket, which reports its end while it handles the error.
  request.prependOnceListener('error', (cause) => {
    failure.cause = cause;
  });
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'Check the API key, and whether it may use this model.',
  403: 'Check the API key, and whether it may use this model.',
  429: 'Its rate limit is exceeded: try again later.',
};

function adviceOn(status: number): string {
  if (status >= 500) return 'The provider has an error: try again later.';
  return ADVICE[status] ?? 'It is no realtime server: check baseURL.';
}

/** The error of a connection that was not made. Another attempt is of no use where the server has refused it. The host is named: it holds no key. */
export function cannotConnect(
  baseUrl: string | undefined,
  { status = Number.NaN, cause }: UpgradeFailure,
): APIConnectionError {
  const host = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).host : 'its base URL';
  const isRefused = status > 0;
  const what = isRefused
    ? `was refused with status ${status}. ${adviceOn(status)}`
    : `failed (${cause?.message ?? 'it was closed'}). Check baseURL and the network.`;
  return new APIConnectionError({
    message: `The connection to the realtime model at ${host} ${what}`,
    options: { retryable: !isRefused || status === 429 || status >= 500 },
  });
}

/** Reports an error of a realtime session as LiveKit's plugins do. @param recoverable `false` ends the call, unless the application changes it */
export function reportRealtimeError(session: llm.RealtimeSession, error: Error, recoverable: boolean): void {
  session.emit('error', {
    type: 'realtime_model_error',
    timestamp: Date.now(),
    label: (session.realtimeModel as llm.RealtimeModel).label(),
    error,
    recoverable,
  } satisfies llm.RealtimeModelError);
}
