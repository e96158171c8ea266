import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/**
 * Encoding of a request body: `json`, `gzip` (gzipped JSON) or `msgpack` (MessagePack). Long bodies of the latter two
 * are gzipped where that saves time.
 */
export type BodyEncoding = 'json' | 'gzip' | 'msgpack';

const compress = promisify(gzip);

/**
 * Bodies up to this size fit into the first flight of a new connection (about ten packets), so compression would not
 * save a round trip, bytes.
 */
export const COMPRESS_ABOVE = 14_000;

/**
 * MessagePack encoding blocks the event loop, for about 0.5 ms at this size. Longer bodies are sent as JSON, gzipped
 * outside the event loop. Characters of JSON.
 */
export const PACK_BELOW = 100_000;

/** An encoded request body and the headers that describe it. */
export interface EncodedBody {
  bytes: string | Uint8Array;
  headers: Record<string, string>;
}

const gzipped = async (
  bytes: string | Uint8Array,
  headers: Record<string, string>,
): Promise<EncodedBody> => ({
  bytes: await compress(bytes, { level: 5 }),
  headers: { ...headers, 'content-encoding': 'gzip' },
});

async function packed(body: object): Promise<EncodedBody> {
  const { encode } = await import('@msgpack/msgpack');
  const bytes = encode(body, { ignoreUndefined: true });
  const headers = { 'content-type': 'application/vnd.msgpack' };
  return bytes.length > COMPRESS_ABOVE ? gzipped(bytes, headers) : { bytes, headers };
}

/**
 * Encodes a body. A short JSON body is returned synchronously; zlib compresses on its own threads. Throws if `body`
 * cannot be written as JSON.
 */
export function encodeBody(
  body: object,
  options: { encoding: BodyEncoding },
): EncodedBody | Promise<EncodedBody> {
  const json = JSON.stringify(body);
  if (options.encoding === 'msgpack' && json.length <= PACK_BELOW) return packed(body);
  // Count bytes, not characters: a character takes one to three bytes, so a Hindi text reaches the limit with a third
  // of the characters.
  const isShort = Buffer.byteLength(json) <= COMPRESS_ABOVE;
  if (options.encoding === 'json' || isShort) return { bytes: json, headers: {} };
  return gzipped(json, {});
}
