import { FirstwordError } from '@firstword/turn';
import { ProviderError } from '../provider-error.js';

/** Advice for each way in which a connection can fail. */
const ADVICE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: is the server running, and is the port right?',
  ENOTFOUND: 'the host name does not exist: check the spelling of the base URL',
  EAI_AGAIN: 'the host name could not be looked up: check the network and DNS',
  EHOSTUNREACH: 'the host cannot be reached from here: check the network',
  ENETUNREACH: 'the network cannot be reached: check the connection',
  ETIMEDOUT: 'the host does not answer: check the network and any firewall',
  ECONNRESET: 'the connection was reset: try again',
  UND_ERR_SOCKET: 'the connection was closed: try again',
  UND_ERR_DESTROYED: 'the connection was closed: try again',
  EPIPE: 'the connection was closed: try again',
  EPROTO: 'TLS failed: does the server speak https on this port? Try http:// in the base URL',
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_OSSL)/;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** undici's parser errors have the bytes that it could not parse. They may quote a key, and loggers print them. */
function withoutData(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'data' in error) delete error.data;
  return error;
}

/** Whether the server closed the connection; it may not have seen the request. */
export function isClosedByServer(error: unknown): boolean {
  // Connection destroys its client when its socket closes; nothing else does during a request.
  return ['UND_ERR_SOCKET', 'UND_ERR_DESTROYED', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

/** The typed error for a failure between this machine and the provider. FirstwordErrors are returned unchanged. */
export function connectionFailure(error: unknown, where: { provider: string; origin: URL }): FirstwordError {
  if (error instanceof FirstwordError) return error;
  const { provider, origin } = where;
  const code = codeOf(error);
  const at = `${provider} at ${origin.host}`;
  // undici gives some of its parser errors no code.
  if (code.startsWith('HPE_') || (error as Error | undefined)?.name === 'HTTPParserError') {
    return new ProviderError(
      'not_an_api',
      `${at} does not speak HTTP: check the base URL, its port and its scheme.`,
      {
        provider,
        cause: withoutData(error),
      },
    );
  }
  const advice = TLS_CODE.test(code)
    ? 'TLS failed: check the certificate, the clock of this machine and any proxy in between'
    : (ADVICE[code] ?? 'the connection failed: check the base URL and the network');
  return new ProviderError(
    'connect_failed',
    `No answer from ${at} (${code || 'unknown'}): ${advice}${advice.endsWith('?') ? '' : '.'}`,
    {
      provider,
      retryable: !TLS_CODE.test(code) && code !== 'ENOTFOUND' && code !== 'EPROTO',
      cause: error,
    },
  );
}
