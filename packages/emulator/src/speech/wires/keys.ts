import type { IncomingHttpHeaders } from 'node:http';

/** The key of an `Authorization: Token …` header, as Deepgram has it. */
export function tokenKey(headers: IncomingHttpHeaders): string | undefined {
  return /^token (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** LiveKit's API key: the issuer of the token in an `Authorization: Bearer …` header. Its signature is not checked. */
export function livekitKey(headers: IncomingHttpHeaders): string | undefined {
  const payload = /^bearer [^.]*\.([^.]*)\./i.exec(headers.authorization ?? '')?.[1];
  if (payload === undefined) return undefined;
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown };
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

/** The key of a header of the vendor's own. */
export function headerKey(name: string): (headers: IncomingHttpHeaders) => string | undefined {
  return (headers) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}
