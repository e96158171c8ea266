import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/**
 * Bodies shorter than this fit into a fresh connection's first flight (about ten packets), where compression saves no
 * round trip. MessagePack, which Cerebras takes too, is left alone: packed and gzipped, a body is no smaller than gzipped
 * JSON at any size, and packing holds the event loop about three times as long (`npm run bench:llm -- encoding`).
 */
export const COMPRESS_ABOVE = 14_000;

export interface EncodedBody {
  bytes: string | Buffer;
  headers: Record<string, string>;
}

/** Gzips a long body, on zlib's own threads; leaves a short one as it is, without a wait. */
export function encodeBody(json: string, options: { gzip: boolean }): EncodedBody | Promise<EncodedBody> {
  if (!options.gzip || json.length <= COMPRESS_ABOVE) return { bytes: json, headers: {} };
  return compress(json, { level: 5 }).then((bytes) => ({ bytes, headers: { 'content-encoding': 'gzip' } }));
}
