import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** How a request body travels: `gzip` is JSON, `msgpack` is MessagePack; either is compressed where that saves time. */
export type BodyEncoding = 'json' | 'gzip' | 'msgpack';

const compress = promisify(gzip);

/**
 * Bodies of this many bytes and less fit into a fresh connection's first flight (about ten packets), where compression
 * saves no round trip.
 */
export const COMPRESS_ABOVE = 14_000;

/** Packing is done on the event loop and takes about 0.5 ms here; longer bodies go out as JSON, gzipped off the loop. */
export const PACK_BELOW = 100_000;

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
 * Writes a body. A short one of JSON is ready without a wait; zlib compresses on threads of its own.
 * Throws where `body` cannot be written as JSON.
 */
export function encodeBody(
  body: object,
  options: { encoding: BodyEncoding },
): EncodedBody | Promise<EncodedBody> {
  const json = JSON.stringify(body);
  if (options.encoding === 'msgpack' && json.length <= PACK_BELOW) return packed(body);
  // A character is one to three bytes: Hindi fills the flight with a third of the characters.
  const isShort = Buffer.byteLength(json) <= COMPRESS_ABOVE;
  if (options.encoding === 'json' || isShort) return { bytes: json, headers: {} };
  return gzipped(json, {});
}
