import { FirstwordError } from '@firstword/turn';

/** Where a store is, and how to be let in. */
export interface ValkeyTarget {
  /** For the client: `redis:` or `rediss:`. May contain the password: never show it. */
  url: string;
  /** Host and port, for people. */
  place: string;
  isTls: boolean;
}

const SCHEMES: Record<string, 'redis:' | 'rediss:'> = {
  'redis:': 'redis:',
  'valkey:': 'redis:',
  'rediss:': 'rediss:',
  'valkeys:': 'rediss:',
};

/** The client would throw an error with the URL in it. */
function isUsable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return /^\/?\d*$/.test(pathname);
  } catch {
    return false;
  }
}

/**
 * @param url default VALKEY_URL, then REDIS_URL. A password that it does not contain comes from VALKEY_PASSWORD or
 * REDIS_PASSWORD.
 * @throws FirstwordError `bad_input`, without the URL, which may contain a password
 */
export function valkeyTarget(url: string | undefined, env: NodeJS.ProcessEnv): ValkeyTarget {
  const text = (url ?? env.VALKEY_URL ?? env.REDIS_URL)?.trim();
  if (!text) {
    throw new FirstwordError('bad_input', 'the store has no address: set VALKEY_URL, or give url');
  }
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = parsed && SCHEMES[parsed.protocol];
  if (!parsed || !scheme || parsed.hostname === '' || !isUsable(parsed)) {
    throw new FirstwordError(
      'bad_input',
      'the address of the store must be like redis://user:password@host:6379/0, or rediss:// for TLS',
    );
  }
  const password = env.VALKEY_PASSWORD ?? env.REDIS_PASSWORD;
  if (parsed.password === '' && password) parsed.password = encodeURIComponent(password);
  return {
    url: scheme + parsed.href.slice(parsed.protocol.length),
    place: `${parsed.hostname}:${parsed.port || '6379'}`,
    isTls: scheme === 'rediss:',
  };
}
