import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect } from '../answer/dialect.js';
import { AnswerExchange } from '../answer/exchange.js';
import { GatewayError } from '../answer/failure.js';
import { beginChat } from './begin-chat.js';
import type { GatewayState } from './state.js';

/** Adds the chat endpoint of one dialect. */
export function addChatEndpoint(app: FastifyInstance, state: GatewayState, dialect: Dialect): void {
  for (const path of dialect.paths)
    app.post(path, {
      config: { dialect },
      onRequest: (request, reply, done) => {
        admit(state, request, reply);
        done();
      },
      handler: (request, reply) => answer(state, dialect, request, reply),
    });
}

/** Before the body is read: a request that is refused costs nothing. */
function admit(state: GatewayState, request: FastifyRequest, reply: FastifyReply): void {
  if (state.isDraining) {
    reply.header('connection', 'close');
    throw new GatewayError(503, 'this gateway is stopping: try again', {
      code: 'provider_unavailable',
      retryAfterMs: 1_000,
      retryable: true,
    });
  }
  reply.raw.once('close', state.concurrency.enter(request.ip));
}

async function answer(
  state: GatewayState,
  dialect: Dialect,
  { id, receivedMs, headers, body }: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { clock } = state;
  const request = dialect.read(body);
  const { route, voice, stream: chat, end } = beginChat(state, { request, headers });
  reply.hijack();
  const { raw: response } = reply;
  if (state.isDraining) response.setHeader('connection', 'close');
  const exchange = new AnswerExchange({
    id,
    clock,
    receivedMs,
    headers,
    response,
    dialect,
    route,
    request,
    voice,
    chat,
  });
  const answered = await exchange.run();
  end();
  state.onAnswered(answered);
}
