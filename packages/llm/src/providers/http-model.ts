import { createHash } from 'node:crypto';
import { type Clock, FirstwordError, similarNames, systemClock, withDefaults } from '@firstword/turn';
import type { Dispatcher } from 'undici';
import type { ChatRequest } from '../chat.js';
import { basicAuth } from '../connection/basic-auth.js';
import { DispatcherConnections } from '../connection/dispatcher-connections.js';
import { type BodyEncoding, encodeBody } from '../connection/encode.js';
import { connectionFailure } from '../connection/failure.js';
import { getJson } from '../connection/get-json.js';
import { type EndpointConnections, Pool } from '../connection/pool.js';
import { proxyFor } from '../connection/proxy.js';
import type { ChatOptions, ChatStream, LanguageModel } from '../model.js';
import { PrefixTracker } from '../prompt/prefix-tracker.js';
import { stableTools } from '../prompt/stable-tools.js';
import { ProviderError } from '../provider-error.js';
import { DEFAULT_TIMEOUTS, type Endpoint, type Timeouts } from '../stream/endpoint.js';
import { failedChat } from '../stream/failed-chat.js';
import { HttpChat } from '../stream/http-chat.js';
import type { Provider } from './provider.js';
import { type ApiKey, type RequestSigner, requestHeaders } from './request-headers.js';

/** Time limit for listing the models when a model name was refused, ms. */
const EXPLAIN_MS = 1_500;

/** Options of a model behind HTTP. */
export interface HttpModelOptions {
  /** The provider's name of the model. */
  model: string;
  /**
   * Overrides the provider's base URL, such as `http://127.0.0.1:8000/v1`. Its parameters, such as
   * `?api-version=2024-10-21`, are sent with every request; a user name and password in it as `Authorization: Basic`.
   */
  baseUrl?: string;
  /**
   * Name of the address for what routers share (`RouterOptions.memory`). Default: host, port and path of a `baseUrl` of your
   * own. Set it if these change from run to run.
   */
  address?: string;
  /**
   * API key, or a function that returns the current one and is called for every request; the provider factories default
   * to the provider's environment variable.
   */
  apiKey?: ApiKey;
  /** Signs each request, body included, for example with AWS SigV4 (`awsSigner`). Default: no signature. */
  sign?: RequestSigner;
  /** Where the key came from, for error messages; default the provider's environment variable. */
  keyVariable?: string;
  /** HTTP headers added to every request; default none. */
  headers?: Record<string, string>;
  /** Fields added to every request body; a request's own `extra` overrides them. Default none. */
  extra?: Record<string, unknown>;
  /**
   * Fields that every request body has, whatever the request says; `null` removes a field. For a backup that does not know a
   * value that the primary does, such as of `reasoning_effort`. Default none.
   */
  fixedFields?: Record<string, unknown>;
  /**
   * Encoding of request bodies, if the provider supports more than JSON (Cerebras: `gzip`, its default here, and
   * `msgpack`). Bodies up to 14,000 bytes are never compressed. Default: the provider's first encoding, else `json`.
   */
  bodyEncoding?: BodyEncoding;
  /** One of the provider's service tiers. Default: the provider's own choice. */
  serviceTier?: string;
  /** Clock for all timers and timestamps; default the system's monotonic clock. */
  clock?: Clock;
  /** Time limits of a request, ms; see `Timeouts` for the defaults. */
  timeouts?: Partial<Timeouts>;
  /**
   * Number of idle connections to keep open after `warm()`; default 2, so that one is free while another finishes an
   * answer.
   */
  keepWarm?: number;
  /** Idle connections that close are replaced until this long after the last use, ms; default 600,000. */
  keepWarmForMs?: number;
  /** Certificate authority to trust in addition to those that Node trusts (its own list and NODE_EXTRA_CA_CERTS), PEM. */
  ca?: string | Buffer;
  /**
   * HTTP proxy, such as `http://user:password@proxy.example:3128`; `false`: none. Default: HTTPS_PROXY, HTTP_PROXY,
   * ALL_PROXY and NO_PROXY, except for a self-hosted server at its default address. Warm connections go through it too.
   */
  proxy?: string | false;
  /**
   * Sends the requests through a dispatcher of your own (undici 7 or later), such as one for a SOCKS proxy. You close it. It
   * then decides about proxies, TLS and idle connections: `proxy`, `ca`, `keepWarm` and `keepWarmForMs` have no effect, the
   * trace has no `connection`, and `warm()` lists the models once. Default: Firstword's own connections.
   */
  dispatcher?: Dispatcher;
}

/** A model behind HTTP. */
export interface HttpModel extends LanguageModel {
  /** Lists the models that the provider offers now. */
  listModels(options?: { signal?: AbortSignal }): Promise<string[]>;
}

function parseBaseUrl(text: string, provider: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new FirstwordError(
    'bad_input',
    `the base URL of ${provider} must be a full http or https URL, usually ending in /v1`,
  );
}

/** The service tier, as a body field or as a header. */
function tierOf(
  { label, serviceTiers = [], serviceTierHeader }: Provider,
  tier: string | undefined,
): { field?: { service_tier: string }; header?: Record<string, string> } {
  if (tier === undefined) return {};
  if (!serviceTiers.includes(tier)) {
    const known = serviceTiers.length > 0 ? `choose from ${serviceTiers.join(', ')}` : 'it has none';
    throw new FirstwordError('bad_input', `${label} has no service tier "${tier}": ${known}`);
  }
  return serviceTierHeader ? { header: { [serviceTierHeader]: tier } } : { field: { service_tier: tier } };
}

function encodingOf({ label, bodyEncodings = [] }: Provider, wanted: BodyEncoding | undefined): BodyEncoding {
  if (wanted === undefined) return bodyEncodings[0] ?? 'json';
  if (wanted === 'json' || bodyEncodings.includes(wanted)) return wanted;
  throw new FirstwordError(
    'bad_input',
    `${label} does not accept ${wanted} bodies: choose from ${['json', ...bodyEncodings].join(', ')}`,
  );
}

/** Whether the provider gets the client's own body. */
const isSentRaw = ({ wire }: Provider, { raw }: ChatRequest): boolean =>
  raw !== undefined && raw.wire === wire.name && wire.rawBody !== undefined;

/** A self-hosted server at its default address is on this machine: a proxy for the internet cannot reach it. */
const isLocalDefault = (provider: Provider, { baseUrl }: HttpModelOptions) =>
  provider.needsKey === false && baseUrl === undefined;

function connectionsOf(
  provider: Provider,
  options: HttpModelOptions,
  { origin, clock, timeouts }: Pick<Endpoint, 'origin' | 'clock' | 'timeouts'>,
): EndpointConnections {
  const { dispatcher, proxy = isLocalDefault(provider, options) ? false : undefined } = options;
  if (dispatcher) return new DispatcherConnections({ dispatcher, origin });
  return new Pool({
    origin,
    clock,
    connectMs: timeouts.connectMs,
    keepWarm: options.keepWarm ?? 2,
    keepWarmForMs: options.keepWarmForMs ?? 600_000,
    proxy: proxyFor(origin, proxy),
    ca: options.ca,
  });
}

function toEndpoint(provider: Provider, options: HttpModelOptions): Endpoint {
  const url = parseBaseUrl(options.baseUrl ?? provider.baseUrl, provider.name);
  const { apiKey, sign } = options;
  const clock = options.clock ?? systemClock;
  const timeouts = withDefaults(DEFAULT_TIMEOUTS, options.timeouts);
  const authorization = basicAuth(url);
  const headers = {
    ...(authorization ? { authorization } : {}),
    ...tierOf(provider, options.serviceTier).header,
    ...options.headers,
  };
  const origin = new URL(url.origin);
  return {
    provider,
    model: options.model,
    origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    query: url.search,
    headers: (request) =>
      requestHeaders(request, { provider, apiKey, sign, headers, wallMs: clock.wallMs() }),
    hasKey: Boolean(apiKey ?? sign),
    keyVariable: options.keyVariable ?? provider.keyVariable ?? 'the apiKey option',
    clock,
    timeouts,
    pool: connectionsOf(provider, options, { origin, clock, timeouts }),
  };
}

/** Too short to find a key by, long enough to tell accounts apart. A key that a function returns may change: no account. */
function accountOf(apiKey: ApiKey | undefined): string | undefined {
  if (typeof apiKey !== 'string') return undefined;
  return createHash('sha256').update('firstword account\0').update(apiKey).digest('hex').slice(0, 8);
}

/**
 * Creates a model of this provider.
 * @throws FirstwordError `bad_input` for an invalid base URL, or a service tier or body encoding that the provider
 * does not have
 */
export function httpModel(provider: Provider, options: HttpModelOptions): HttpModel {
  return new HttpLanguageModel(provider, options);
}

class HttpLanguageModel implements HttpModel {
  readonly provider: string;
  readonly model: string;
  readonly address: string | undefined;
  readonly account: string | undefined;
  readonly #endpoint: Endpoint;
  readonly #extra: Record<string, unknown>;
  readonly #fixedFields: [string, unknown][];
  /** For requests without a `sessionId`. */
  readonly #cacheKey: { prompt_cache_key?: string };
  readonly #encoding: BodyEncoding;
  readonly #running = new Set<ChatStream>();
  readonly #prefixTracker = new PrefixTracker();
  /** At its own address a provider requires a key; behind another base URL it may not. */
  readonly #needsKey: boolean;
  #modelNames: string[] | undefined;
  #closed = false;

  constructor(provider: Provider, options: HttpModelOptions) {
    this.provider = provider.name;
    this.model = options.model;
    this.#endpoint = toEndpoint(provider, options);
    const { origin, basePath } = this.#endpoint;
    this.address = options.address ?? (options.baseUrl === undefined ? undefined : origin.host + basePath);
    this.account = accountOf(options.apiKey);
    this.#encoding = encodingOf(provider, options.bodyEncoding);
    const ownHeaders = Object.keys(options.headers ?? {}).length > 0;
    this.#needsKey = provider.needsKey !== false && options.baseUrl === undefined && !ownHeaders;
    // Random, so that two user accounts or processes never share a key. `extra` may override it, or turn it off with `undefined`.
    this.#cacheKey = provider.promptCacheKey ? { prompt_cache_key: `fw-${crypto.randomUUID()}` } : {};
    const tier = tierOf(provider, options.serviceTier).field;
    this.#fixedFields = Object.entries(options.fixedFields ?? {});
    this.#extra = { ...provider.defaults?.(options.model), ...tier, ...options.extra };
  }

  chat(request: ChatRequest, options: Pick<ChatOptions, 'signal' | 'explainErrors'> = {}): ChatStream {
    const problem = this.#validate(request);
    if (problem) return failedChat({ provider: this.provider, model: this.model, error: problem });
    const isRaw = isSentRaw(this.#endpoint.provider, request);
    let body: ReturnType<typeof encodeBody>;
    try {
      const written = this.#withFixedFields(isRaw ? this.#rawBody(request) : this.#convertedBody(request));
      body = encodeBody(written, { encoding: this.#encoding });
    } catch {
      const error = new FirstwordError(
        'bad_input',
        'the request cannot be written as JSON: check tool arguments and schemas',
      );
      return failedChat({ provider: this.provider, model: this.model, error });
    }
    const chat = new HttpChat({
      endpoint: this.#endpoint,
      body,
      frames: isRaw,
      callIds: request.messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id)),
      signal: options.signal,
      onSettled: (settled) => {
        this.#running.delete(settled);
        // A delta shows that the provider has processed the prompt, so it is cached, even if the answer failed later.
        if (settled.trace.marks.firstDelta !== undefined)
          this.#prefixTracker.recordRead(request, settled.trace);
      },
      explain: (error) => this.#explainError(error, { mayWait: options.explainErrors ?? true }),
    });
    if (chat.trace.outcome === 'pending') this.#running.add(chat);
    return chat;
  }

  #withFixedFields(body: Record<string, unknown>): Record<string, unknown> {
    for (const [name, value] of this.#fixedFields) {
      if (value === null) delete body[name];
      else body[name] = value;
    }
    return body;
  }

  #rawBody({ raw, extra, sessionId }: ChatRequest): Record<string, unknown> {
    const fields = { ...this.#sessionKey(sessionId), ...this.#extra, ...raw!.body, ...extra };
    return this.#endpoint.provider.wire.rawBody!(this.model, fields);
  }

  #convertedBody(request: ChatRequest): Record<string, unknown> {
    const key = this.#sessionKey(request.sessionId) ?? this.#cacheKey;
    const extra = { ...key, ...this.#extra, ...request.extra };
    const tools = request.tools ? { tools: stableTools(request.tools) } : {};
    return this.#endpoint.provider.wire.body(this.model, { ...request, ...tools, extra });
  }

  #sessionKey(sessionId: string | undefined): { prompt_cache_key: string } | undefined {
    if (sessionId === undefined || !this.#endpoint.provider.promptCacheKey) return undefined;
    // Hashed: a session name may be a telephone number, and OpenAI accepts 64 characters at most.
    return {
      prompt_cache_key: `fw-${createHash('sha256').update(sessionId).digest('hex').slice(0, 32)}`,
    };
  }

  async warm(options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const { pool, origin } = this.#endpoint;
    if (!pool.warm) {
      await this.listModels(options);
      return;
    }
    try {
      await pool.warm(options);
    } catch (error) {
      throw connectionFailure(error, { provider: this.provider, origin });
    }
  }

  async listModels(options: { signal?: AbortSignal } = {}): Promise<string[]> {
    const { wire } = this.#endpoint.provider;
    const signal = options.signal ?? new AbortController().signal;
    const { json } = await getJson(this.#endpoint, { path: wire.modelsPath, signal });
    this.#modelNames = wire.modelNames(json);
    return this.#modelNames;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const chat of [...this.#running]) chat.cancel();
    this.#endpoint.pool.close();
  }

  #validate(request: ChatRequest): FirstwordError | undefined {
    if (this.#closed) return new FirstwordError('bad_input', 'this model is closed: create a new one');
    const { provider, hasKey, keyVariable } = this.#endpoint;
    if (!hasKey && this.#needsKey) {
      return new ProviderError('auth', `${provider.label} needs a key: set ${keyVariable}, or give apiKey.`, {
        provider: provider.name,
      });
    }
    if (request.messages.length === 0)
      return new FirstwordError('bad_input', 'the request has no messages: give at least one');
    const lost = isSentRaw(provider, request) ? [] : (request.raw?.unconvertible ?? []);
    if (lost.length === 0) return undefined;
    return new ProviderError(
      'bad_request',
      `${provider.name} cannot take this request: its API has no equivalent of ${lost.join(', ')}. Leave it out, or route the request to a model with the API of the client.`,
      { provider: provider.name },
    );
  }

  /**
   * For a model that does not exist: adds similar names, if the provider lists its models quickly. Without `mayWait`, the
   * list is fetched for the next error only.
   */
  #explainError(
    error: FirstwordError,
    { mayWait }: { mayWait: boolean },
  ): FirstwordError | Promise<FirstwordError> {
    if (error.code !== 'model_not_found') return error;
    if (this.#modelNames) return this.#withSimilarNames(error, this.#modelNames);
    const explained = this.#lookUpNames(error);
    return mayWait ? explained : error;
  }

  #lookUpNames(error: FirstwordError): Promise<FirstwordError> {
    const stop = new AbortController();
    const cancelTimer = this.#endpoint.clock.schedule(EXPLAIN_MS, () => stop.abort());
    return this.listModels({ signal: stop.signal })
      .then((names) => this.#withSimilarNames(error, names))
      .catch(() => error)
      .finally(cancelTimer);
  }

  #withSimilarNames(error: FirstwordError, names: string[]): FirstwordError {
    const similar = similarNames(this.model, names);
    if (similar.length === 0) return error;
    return new ProviderError(
      error.code,
      `${this.provider} has no model "${this.model}" (it may be retired or misspelt). Close to it: ${similar.join(', ')}.`,
      {
        provider: this.provider,
        status: error instanceof ProviderError ? error.status : undefined,
        cause: error,
      },
    );
  }
}
