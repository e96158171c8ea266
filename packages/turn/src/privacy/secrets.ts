import { REDACTED, redact } from './redact.js';

/** Shorter values occur as ordinary words. Characters. */
const SHORTEST = 6;

/**
 * Replaces these secrets in a text, and everything that `redact` recognizes by its format. A key whose format is unknown is
 * found only by its value, so give the values that are in use.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  // Longest first: a secret may contain another one.
  const known = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  return redact(known.reduce((left, secret) => left.replaceAll(secret, REDACTED), text));
}
