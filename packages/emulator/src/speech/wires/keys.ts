import type { IncomingHttpHeaders } from 'node:http';

/** The key of an `Authorization: Token …` header, as Deepgram has it. */
export function tokenKey(headers: IncomingHttpHeaders): string | undefined {
  return /^token (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerKey(headers: IncomingHttpHeaders): string | undefined {
  return /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The key of a header of the vendor's own. */
export function headerKey(name: string): (headers: IncomingHttpHeaders) => string | undefined {
  return (headers) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}
