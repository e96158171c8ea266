import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Dialect } from '../answer/dialect.js';
import { failureOf, GatewayError, retryHeaders } from '../answer/failure.js';
import { anthropicMessages } from '../anthropic/index.js';
import { openAiChat } from '../openai-chat/index.js';
import type { ConversationStore } from '../openai-responses/conversation-store.js';
import { openAiResponses } from '../openai-responses/index.js';
import type { GatewayOptions } from '../options.js';
import { readWaitingSince } from '../voice-headers/read.js';
import { addChatEndpoint } from './chat-endpoint.js';
import { anthropicModel, anthropicModels, openAiModel, openAiModels } from './models.js';
import type { GatewayState } from './state.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** When its headers arrived, on the gateway's clock, ms. */
    receivedMs: number;
  }
  interface FastifyContextConfig {
    /** The API of a chat endpoint. */
    dialect?: Dialect;
    /** Answers without a token, and for any host name: probes of an orchestrator use an IP address. */
    isProbe?: boolean;
  }
}

/** Longer than clients keep theirs (LiveKit's plugin 120 s): a client must not send on a connection that is being closed, ms. */
const KEEP_ALIVE_MS = 180_000;
/** Time limit for the headers and for the whole of a request, ms. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The HTTP server of a gateway, with all its endpoints. It does not listen yet. */
export function buildApp(
  state: GatewayState,
  options: GatewayOptions,
  conversations: ConversationStore,
): FastifyInstance {
  const app = createApp(state, options);
  app.decorateRequest('receivedMs', 0);
  app.addHook('onRequest', (request, reply, done) => {
    request.receivedMs = state.clock.nowMs();
    if (!request.routeOptions.config.isProbe) {
      const headers = state.access.checkOrigin(request.headers);
      for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
      if (request.method !== 'OPTIONS') state.access.checkToken(request.headers);
    }
    done();
  });
  // JSON alone: a web page could send any other type without asking first.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(new GatewayError(400, 'the request body is not JSON'));
    }
  });
  addErrors(app, state);
  addProbes(app, state);
  addMetrics(app, state);
  addModels(app, state);
  addConfirmation(app, state);
  app.options('*', (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', '*, authorization')
      .send(),
  );
  for (const dialect of [openAiChat, openAiResponses(conversations), anthropicMessages])
    addChatEndpoint(app, state, dialect);
  return app;
}

function createApp(state: GatewayState, { tls }: GatewayOptions): FastifyInstance {
  const { bodyBytes, headerBytes } = state.limits;
  const common = {
    bodyLimit: bodyBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    genReqId: ({ headers }: { headers: NodeJS.Dict<string | string[]> }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : `fw-${crypto.randomUUID()}`;
    },
  } as const;
  const http = { maxHeaderSize: headerBytes, headersTimeout: HEADERS_MS };
  if (!tls) return Fastify({ ...common, http });
  return Fastify({ ...common, https: { ...http, ...tls } }) as unknown as FastifyInstance;
}

const dialectOf = ({ routeOptions, url }: FastifyRequest): Dialect =>
  routeOptions.config.dialect ?? (url.startsWith('/v1/messages') ? anthropicMessages : openAiChat);

/** What the server library's own errors mean. */
const LIBRARY_ERRORS: Record<string, GatewayError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new GatewayError(
    413,
    'the request body is too long: send smaller images or a shorter history, or raise limits.bodyBytes',
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new GatewayError(415, 'send the body as content-type: application/json'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new GatewayError(400, 'the request has no body'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new GatewayError(400, 'the body is not as long as its content-length'),
};

function addErrors(app: FastifyInstance, state: GatewayState): void {
  app.setErrorHandler((error: Error & { code?: string }, request, reply) => {
    const failure = failureOf(LIBRARY_ERRORS[error.code ?? ''] ?? error);
    const dialect = dialectOf(request);
    if (request.routeOptions.config.dialect) {
      const { id, receivedMs } = request;
      const endedMs = state.clock.nowMs();
      const { traceparent } = request.headers;
      state.onAnswered({
        id,
        dialect: dialect.name,
        route: undefined,
        status: failure.status,
        outcome: 'failed',
        error: failure.code,
        stream: false,
        trace: undefined,
        receivedMs,
        answeredMs: endedMs,
        endedMs,
        traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      });
    }
    return reply
      .code(failure.status)
      .headers({ ...retryHeaders(failure), [dialect.requestIdHeader]: request.id })
      .send(dialect.errorBody(failure));
  });
  app.setNotFoundHandler((request, reply) => {
    const failure = failureOf(
      new GatewayError(
        404,
        'nothing answers at this path and method. Chat: POST /v1/chat/completions, /v1/responses or /v1/messages; models: GET /v1/models',
      ),
    );
    return reply.code(404).send(dialectOf(request).errorBody(failure));
  });
}

function addProbes(app: FastifyInstance, state: GatewayState): void {
  app.get('/healthz', { config: { isProbe: true } }, () => ({ status: 'ok' }));
  app.get('/readyz', { config: { isProbe: true } }, (_request, reply) => {
    const notReady = state.isDraining ? 'stopping' : state.isWarmingUp ? 'warming up' : undefined;
    return notReady ? reply.code(503).send({ status: notReady }) : reply.send({ status: 'ready' });
  });
}

/** For Prometheus, which sends the token as clients do: the metrics tell the routes and how much they are used. */
function addMetrics(app: FastifyInstance, { metrics, table, concurrency }: GatewayState): void {
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.text({ routes: table.distinct, active: concurrency.total });
    return reply.type(metrics.registry.contentType).send(text);
  });
}

function addModels(app: FastifyInstance, { table, startedS }: GatewayState): void {
  const isAnthropic = (request: FastifyRequest) => request.headers['anthropic-version'] !== undefined;
  app.get('/v1/models', (request) =>
    (isAnthropic(request) ? anthropicModels : openAiModels)(table.named, startedS),
  );
  // A name may contain slashes, such as openai/gpt-oss-120b.
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) =>
    (isAnthropic(request) ? anthropicModel : openAiModel)(table.find(request.params['*']), startedS),
  );
}

function addConfirmation(app: FastifyInstance, { speculations }: GatewayState): void {
  app.post<{ Params: { id: string } }>('/v1/firstword/confirm/:id', (request, reply) => {
    const isOpen = speculations.confirm(request.params.id, readWaitingSince(request.headers));
    return reply.code(isOpen ? 204 : 202).send();
  });
}
