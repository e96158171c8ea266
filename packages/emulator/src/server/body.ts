import type { IncomingMessage } from 'node:http';
import { RequestProblem } from '../chat/problem.js';
import { invalid } from '../wire/fields.js';

/** Reads a whole request body. Rejects with a 413 as soon as it grows past `maxBytes`. */
export async function readBytes(request: IncomingMessage, options: { maxBytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > options.maxBytes) throw tooLarge(options.maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RequestProblem {
  return new RequestProblem(413, 'too_large', `Request body is larger than ${maxBytes} bytes.`);
}

/** Reads a JSON request body. */
export async function readBody(request: IncomingMessage, options: { maxBytes: number }): Promise<unknown> {
  const bytes = await readBytes(request, options);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw invalid('We could not parse the JSON body of your request.');
  }
}
