import type { FirstwordError } from '@firstword/turn';
import { ProviderError } from '../provider-error.js';
import { badStream } from '../wire/bad-stream.js';
import { failureFromBody } from '../wire/failure.js';
import { header, parseResetMs, type ResponseHeaders } from '../wire/headers.js';
import { SseDecoder } from '../wire/sse.js';
import type { WireReader, WireSignal } from '../wire/wire.js';
import type { Endpoint } from './endpoint.js';

/** Size limit for error bodies and non-streaming answers, bytes. */
const MAX_NON_STREAMING_BYTES = 1024 * 1024;

/** Turns the bytes of one response into signals, or throws the error that they represent. */
export interface ResponseBody {
  push(bytes: Uint8Array, emit: Emit): void;
  end(emit: Emit): void;
}

/**
 * Receives the signals of one event before the next event is read, so that an error frame does not discard earlier
 * signals.
 */
type Emit = (signals: WireSignal[]) => void;

/** The reader for this response: streaming, or non-streaming for JSON, HTML and errors. */
export function responseBody(
  endpoint: Endpoint,
  response: { status: number; headers: ResponseHeaders },
): ResponseBody {
  const type = header(response.headers, 'content-type') ?? '';
  const ok = response.status >= 200 && response.status < 300;
  return ok && !/json|html/i.test(type)
    ? new StreamingBody(endpoint)
    : new NonStreamingBody(endpoint, response);
}

class StreamingBody implements ResponseBody {
  readonly #decoder: SseDecoder;
  readonly #reader: WireReader;

  constructor({ provider }: Endpoint) {
    this.#decoder = new SseDecoder({ provider: provider.name });
    this.#reader = provider.wire.reader({ provider: provider.name });
  }

  push(bytes: Uint8Array, emit: Emit): void {
    for (const event of this.#decoder.push(bytes)) emit(this.#reader.read(event));
  }

  end(emit: Emit): void {
    for (const event of this.#decoder.end()) emit(this.#reader.read(event));
    emit(this.#reader.end());
  }
}

/** An error body, a web page, or an answer from a server that does not stream. */
class NonStreamingBody implements ResponseBody {
  readonly #endpoint: Endpoint;
  readonly #response: { status: number; headers: ResponseHeaders };
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(endpoint: Endpoint, response: { status: number; headers: ResponseHeaders }) {
    this.#endpoint = endpoint;
    this.#response = response;
  }

  push(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > MAX_NON_STREAMING_BYTES) throw badStream(this.#endpoint.provider.name, 'it is too long');
    this.#chunks.push(bytes);
  }

  end(emit: Emit): void {
    const { status } = this.#response;
    const { provider } = this.#endpoint;
    const text = Buffer.concat(this.#chunks).toString('utf8');
    const json = parseJson(text);
    if (status >= 400 && !(json === undefined && status < 500 && looksLikePage(text))) {
      throw this.#failure(json ?? text);
    }
    if (status >= 200 && status < 300 && json !== undefined) {
      const signals = provider.wire.readNonStreaming(json, { provider: provider.name });
      if (signals) {
        emit(signals);
        return;
      }
      if (hasError(json)) throw failureFromBody({ provider: provider.name, body: json });
    }
    throw this.#notAnApi();
  }

  #failure(body: unknown): FirstwordError {
    const { provider, hasKey, keyVariable, clock } = this.#endpoint;
    const { status, headers } = this.#response;
    return failureFromBody({
      provider: provider.name,
      status,
      body,
      hasKey,
      keyVariable,
      retryAfterMs: parseResetMs(header(headers, 'retry-after'), clock.wallMs()),
    });
  }

  #notAnApi(): FirstwordError {
    const { provider, origin, basePath } = this.#endpoint;
    const type = header(this.#response.headers, 'content-type');
    // Only the media type: parameters are of no use here, and may be anything.
    const what =
      type === undefined ? 'no content type' : (/^[\w.+/-]{1,80}/.exec(type)?.[0] ?? 'no media type');
    return new ProviderError(
      'not_an_api',
      `${provider.name} at ${origin.origin}${basePath} answered ${this.#response.status} with ${what}, not with a ` +
        'chat completion: check the base URL (most end in /v1), and that it is the API and not a website or a log-in page.',
      { provider: provider.name, status: this.#response.status },
    );
  }
}

const looksLikePage = (text: string) => text.trimStart().startsWith('<');

const hasError = (json: unknown) => typeof json === 'object' && json !== null && 'error' in json;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
