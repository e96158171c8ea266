import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decode } from '@msgpack/msgpack';
import { RequestError } from '../chat/request-error.js';
import { invalidRequest } from '../wire/fields.js';

const gunzipAsync = promisify(gunzip);

/** Reads a whole request body and never buffers more than `maxBytes` of it. */
async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The rest of an oversized body is read and discarded, so that a client that is still sending gets the 413.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(413, 'too_large', `Request body is larger than ${maxBytes} bytes.`);
}

async function decompress(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  if (encoding !== 'gzip') throw invalidRequest(`Content-Encoding '${encoding}' is not supported; use gzip.`);
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? tooLarge(maxBytes) : invalidRequest('The gzip body of your request is corrupt.');
  }
}

const MSGPACK = /^application\/(vnd\.|x-)?msgpack\b/i;

/**
 * Reads a request body: JSON or MessagePack (which Cerebras accepts), gzipped or not. `maxBytes` limits the compressed
 * and the decompressed size.
 * @throws RequestError 413 for an oversized body, 400 for one that cannot be parsed
 */
export async function readBody(request: IncomingMessage, options: { maxBytes: number }): Promise<unknown> {
  const { maxBytes } = options;
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const bytes = await decompress(await readBytes(request, maxBytes), encoding, maxBytes);
  const isMsgpack = MSGPACK.test(request.headers['content-type'] ?? '');
  try {
    return isMsgpack ? decode(bytes) : JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalidRequest(
      `We could not parse the ${isMsgpack ? 'MessagePack' : 'JSON'} body of your request.`,
    );
  }
}
