import { FirstwordError } from '@firstword/turn';
import type { Provider } from './provider.js';

/** A request that is about to be sent. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  /** The whole URL, with its parameters. */
  url: string;
  headers: Record<string, string>;
  /** The bytes that will be sent, compressed where the provider accepts that. Absent without a body. */
  body?: string | Uint8Array;
}

/**
 * Signs a request, for providers whose signature covers the body, such as AWS (SigV4).
 * @returns headers to add; they replace headers of the same name
 */
export type RequestSigner = (
  request: HttpRequest,
) => Record<string, string> | Promise<Record<string, string>>;

/**
 * A key, or a function that returns the current one, such as a token that expires. The function is called for every
 * request, so it has to keep a token for as long as it is valid, as Azure's `getBearerTokenProvider` does.
 */
export type ApiKey = string | (() => string | Promise<string>);

/** What authenticates the requests of one model. */
export interface RequestAuth {
  provider: Provider;
  apiKey: ApiKey | undefined;
  sign: RequestSigner | undefined;
  /** Headers of the user's; they replace those of the provider. */
  headers: Record<string, string>;
}

const COMMON = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };

const CREDENTIAL = /auth|key|token|secret|cookie|signature|password/i;

/**
 * The secrets that a request is sent with: values of headers and parameters that authenticate it. A provider that echoes one
 * in an error must not get it into a log.
 */
export function secretsIn({ headers, path }: { headers: Record<string, string>; path: string }): string[] {
  const parameters = path.includes('?') ? new URL(path, 'http://host').searchParams : [];
  return [...Object.entries(headers), ...parameters]
    .filter(([name]) => CREDENTIAL.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')]);
}

/** Runs the user's code. Its error may quote a key, so it is only the cause. */
async function ofUser<T>({ name }: Provider, what: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const message = `${name}: ${what} failed, so no request was sent. Its error is the cause of this one.`;
    throw new FirstwordError('auth', message, { retryable: true, cause });
  }
}

/**
 * All headers of a request. A promise only where a token has to be fetched or the request signed: a request with a plain
 * key is sent at once.
 * @param wallMs Unix time, ms
 * @throws FirstwordError `auth` where the token function or the signer fails
 */
export function requestHeaders(
  request: HttpRequest,
  auth: RequestAuth & { wallMs: number },
): Record<string, string> | Promise<Record<string, string>> {
  const { provider, apiKey, sign, wallMs } = auth;
  const withKey = (key: string | undefined) => ({
    ...COMMON,
    ...(key ? provider.auth(key, wallMs) : {}),
    ...auth.headers,
    ...request.headers,
  });
  const signed = async (headers: Record<string, string>) => ({
    ...headers,
    ...(await ofUser(provider, 'the request signer', () => sign!({ ...request, headers }))),
  });
  if (typeof apiKey === 'function') {
    const keyed = ofUser(provider, 'the function that returns the key', apiKey).then(withKey);
    return sign ? keyed.then(signed) : keyed;
  }
  const headers = withKey(apiKey);
  return sign ? signed(headers) : headers;
}
