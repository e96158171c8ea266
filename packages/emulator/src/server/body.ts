import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decode } from '@msgpack/msgpack';
import { RequestProblem } from '../chat/problem.js';
import { invalid } from '../wire/fields.js';

const gunzipAsync = promisify(gunzip);

/** Reads a whole request body; never holds more than `maxBytes` of it. */
async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The rest of a body that is too large is read and dropped: a client that is still writing gets its answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RequestProblem {
  return new RequestProblem(413, 'too_large', `Request body is larger than ${maxBytes} bytes.`);
}

async function decompress(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  if (encoding !== 'gzip') throw invalid(`Content-Encoding '${encoding}' is not supported; use gzip.`);
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? tooLarge(maxBytes) : invalid('The gzip body of your request is damaged.');
  }
}

const MSGPACK = /^application\/(vnd\.|x-)?msgpack\b/i;

/**
 * Reads a request body: JSON or MessagePack (as Cerebras takes it), gzipped or not. `maxBytes` holds before and after
 * decompression.
 */
export async function readBody(request: IncomingMessage, options: { maxBytes: number }): Promise<unknown> {
  const { maxBytes } = options;
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const bytes = await decompress(await readBytes(request, maxBytes), encoding, maxBytes);
  const isMsgpack = MSGPACK.test(request.headers['content-type'] ?? '');
  try {
    return isMsgpack ? decode(bytes) : JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalid(`We could not parse the ${isMsgpack ? 'MessagePack' : 'JSON'} body of your request.`);
  }
}
