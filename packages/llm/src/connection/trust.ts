import { readFileSync } from 'node:fs';
import tls from 'node:tls';

/** Node 20 has no function that returns what it trusts: its own list, and the file of NODE_EXTRA_CA_CERTS. */
function defaultsOfNode20(): string[] {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  if (!extra) return [...tls.rootCertificates];
  try {
    return [...tls.rootCertificates, readFileSync(extra, 'utf8')];
  } catch {
    // Node only warns about a file that it cannot read.
    return [...tls.rootCertificates];
  }
}

/** The certificate authorities that Node trusts by default, PEM. */
export function defaultAuthorities(): string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? defaultsOfNode20();
}

/**
 * A TLS context that trusts a certificate authority in addition to the default ones. Node's own `ca` option would replace
 * them. Parsing the list takes some ms, so create one context for all connections.
 */
export function trusting(ca: string | Buffer, defaults: string[] = defaultAuthorities()): tls.SecureContext {
  return tls.createSecureContext({ ca: [...defaults, ca] });
}
