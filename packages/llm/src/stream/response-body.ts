import type { FirstwordError } from '@firstword/turn';
import { ProviderError } from '../provider-error.js';
import { badStream } from '../wire/bad-stream.js';
import { failureFromBody } from '../wire/failure.js';
import { header, type ResponseHeaders, retryAfterMs } from '../wire/headers.js';
import { isJsonObject, parseJson } from '../wire/schema.js';
import { SseDecoder } from '../wire/sse.js';
import type { SseEvent, WireReader, WireSignal } from '../wire/wire.js';
import { type Decoder, decoderFor, isPlain } from './content-encoding.js';
import type { Endpoint } from './endpoint.js';

/** Size limit for error bodies and non-streaming answers, bytes. */
const MAX_NON_STREAMING_BYTES = 1024 * 1024;

/** Turns the bytes of one response into signals, or throws the error that they represent. */
export interface ResponseBody {
  push(bytes: Uint8Array, emit: Emit): void;
  end(emit: Emit): void;
  /** The connection has closed before the end of the body: the error that the response already shows, if any. */
  failure?(): FirstwordError | undefined;
}

/**
 * Receives the signals of one event before the next event is read, so that an error frame does not discard earlier
 * signals.
 */
type Emit = (signals: WireSignal[], source?: StreamSource) => void;

/** Where in a stream signals come from: its event, or its end. Left out: a whole answer. */
export type StreamSource = SseEvent | 'end';

/** The response whose body is read. */
export interface ResponseFacts {
  status: number;
  headers: ResponseHeaders;
  /** Ids of the tool calls in the conversation. */
  callIds: Iterable<string>;
  /** Receives errors that appear after `push` and `end` have returned: compressed bodies are decoded asynchronously. */
  onError: (error: unknown) => void;
}

/** The reader for this response: streaming, or non-streaming for JSON, HTML and errors; compressed or not. */
export function responseBody(endpoint: Endpoint, response: ResponseFacts): ResponseBody {
  const isOk = response.status >= 200 && response.status < 300;
  const body = isOk ? new AnswerBody(endpoint, response) : new NonStreamingBody(endpoint, response);
  const encoding = header(response.headers, 'content-encoding');
  if (encoding === undefined || isPlain(encoding)) return body;
  const decoder = decoderFor(encoding);
  if (decoder) return new CompressedBody({ body, decoder, provider: endpoint.provider.name, ...response });
  // What an error says cannot be read then, but its status can.
  if (!isOk) return body;
  throw badStream(endpoint.provider.name, `its content encoding "${encoding.slice(0, 40)}" is not supported`);
}

/** Decodes a compressed body: some proxies compress although the request does not ask for it. */
class CompressedBody implements ResponseBody {
  readonly #body: ResponseBody;
  readonly #decoder: Decoder;
  readonly #onError: (error: unknown) => void;
  #emit: Emit = () => {};

  constructor(options: {
    body: ResponseBody;
    decoder: Decoder;
    provider: string;
    onError: (error: unknown) => void;
  }) {
    const { body, decoder, provider, onError } = options;
    this.#body = body;
    this.#decoder = decoder;
    this.#onError = onError;
    decoder.on('data', (bytes: Uint8Array) => this.#guard(() => body.push(bytes, this.#emit)));
    decoder.on('end', () => this.#guard(() => body.end(this.#emit)));
    decoder.on('error', (cause) =>
      onError(body.failure?.() ?? badStream(provider, 'its compressed body is broken', { cause })),
    );
  }

  push(bytes: Uint8Array, emit: Emit): void {
    this.#emit = emit;
    if (!this.#decoder.destroyed) this.#decoder.write(bytes);
  }

  end(emit: Emit): void {
    this.#emit = emit;
    if (!this.#decoder.destroyed) this.#decoder.end();
  }

  failure(): FirstwordError | undefined {
    return this.#body.failure?.();
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#decoder.destroy();
      this.#onError(error);
    }
  }
}

/**
 * The body of a success: a stream, or a whole answer. Its first character decides where the content type is wrong: some
 * servers stream as JSON, and some send an error or a whole answer as an event stream.
 */
class AnswerBody implements ResponseBody {
  readonly #endpoint: Endpoint;
  readonly #response: ResponseFacts;
  #body: ResponseBody | undefined;

  constructor(endpoint: Endpoint, response: ResponseFacts) {
    this.#endpoint = endpoint;
    this.#response = response;
  }

  push(bytes: Uint8Array, emit: Emit): void {
    this.#body ??= this.#choose(firstCharacter(bytes));
    this.#body?.push(bytes, emit);
  }

  end(emit: Emit): void {
    (this.#body ?? this.#choose('\n'))?.end(emit);
  }

  /** `undefined` while there is only white space. */
  #choose(first: string | undefined): ResponseBody | undefined {
    if (first === undefined) return undefined;
    const type = header(this.#response.headers, 'content-type') ?? '';
    const isWhole =
      /[{[<]/.test(first) || /html/i.test(type) || (/json/i.test(type) && !/[deir:]/.test(first));
    return isWhole
      ? new NonStreamingBody(this.#endpoint, this.#response)
      : new StreamingBody(this.#endpoint, this.#response);
  }
}

/** The first character that is neither white space nor a byte order mark; `undefined` if there is none. */
function firstCharacter(bytes: Uint8Array): string | undefined {
  const at = bytes.findIndex((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  return at === -1 ? undefined : String.fromCharCode(bytes[at]!);
}

class StreamingBody implements ResponseBody {
  readonly #decoder: SseDecoder;
  readonly #reader: WireReader;

  constructor({ provider }: Endpoint, { callIds }: ResponseFacts) {
    this.#decoder = new SseDecoder({ provider: provider.name });
    this.#reader = provider.wire.reader({ provider: provider.name, callIds });
  }

  push(bytes: Uint8Array, emit: Emit): void {
    for (const event of this.#decoder.push(bytes)) emit(this.#reader.read(event), event);
  }

  end(emit: Emit): void {
    for (const event of this.#decoder.end()) emit(this.#reader.read(event), event);
    emit(this.#reader.end(), 'end');
  }
}

/** Statuses of a proxy, firewall or load balancer in between, whose page says no more than the status. */
const isStatusOfPage = (status: number) => status >= 500 || [401, 403, 408, 413, 429].includes(status);

/** An error body, a web page, or an answer from a server that does not stream. */
class NonStreamingBody implements ResponseBody {
  readonly #endpoint: Endpoint;
  readonly #response: ResponseFacts;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(endpoint: Endpoint, response: ResponseFacts) {
    this.#endpoint = endpoint;
    this.#response = response;
  }

  push(bytes: Uint8Array): void {
    this.#size += bytes.length;
    this.#chunks.push(bytes);
    if (this.#size > MAX_NON_STREAMING_BYTES)
      throw this.failure() ?? badStream(this.#endpoint.provider.name, 'it is too long');
  }

  end(emit: Emit): void {
    const failure = this.failure();
    if (failure) throw failure;
    const { status, callIds } = this.#response;
    const { provider } = this.#endpoint;
    const json = parseJson(this.#text());
    if (status < 300 && json !== undefined) {
      const signals = provider.wire.readNonStreaming(json, { provider: provider.name, callIds });
      if (signals) {
        emit(signals);
        return;
      }
      if (hasError(json)) throw failureFromBody({ provider: provider.name, body: json });
    }
    throw this.#notAnApi();
  }

  failure(): FirstwordError | undefined {
    const { provider, hasKey, keyVariable, clock } = this.#endpoint;
    const { status, headers } = this.#response;
    if (status < 400) return undefined;
    const text = this.#text();
    const json = parseJson(text);
    const isPage = json === undefined && text.trimStart().startsWith('<');
    if (isPage && !isStatusOfPage(status)) return this.#notAnApi();
    return failureFromBody({
      provider: provider.name,
      status,
      body: json ?? text,
      isPage,
      hasKey,
      keyVariable,
      retryAfterMs: retryAfterMs(headers, clock.wallMs()),
    });
  }

  #text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
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

function hasError(json: unknown): boolean {
  const outer: unknown = Array.isArray(json) ? json[0] : json;
  return isJsonObject(outer) && Boolean(outer.error);
}
