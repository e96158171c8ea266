import type { ChatOptions } from '@firstword/llm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect } from '../answer/dialect.js';
import { Exchange } from '../answer/exchange.js';
import { GatewayError } from '../answer/failure.js';
import type { Route } from '../route.js';
import { readVoiceHeaders, type VoiceHeaders } from '../voice-headers/read.js';
import type { Speculation } from '../voice-headers/speculations.js';
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
  const { clock, table, speculations } = state;
  const request = dialect.read(body);
  const route = table.find(request.model);
  const voice = readVoiceHeaders(headers);
  const speculation =
    voice.speculation === undefined
      ? undefined
      : speculations.open(voice.speculation, voice.waitingSinceUnixMs);
  reply.hijack();
  const leave = table.enter(route);
  if (voice.session !== undefined) request.chat.sessionId = voice.session;
  const chat = route.router.chat(request.chat, chatOptions(state, { route, voice, speculation }));
  const { raw: response } = reply;
  if (state.isDraining) response.setHeader('connection', 'close');
  const exchange = new Exchange({
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
  speculation?.close();
  leave();
  state.onAnswered(answered);
}

function chatOptions(
  { clock }: GatewayState,
  asked: { route: Route; voice: VoiceHeaders; speculation: Speculation | undefined },
): ChatOptions {
  const { route, voice, speculation } = asked;
  const since = speculation
    ? () => speculation.waitingSinceUnixMs()
    : voice.waitingSinceUnixMs === undefined
      ? undefined
      : () => voice.waitingSinceUnixMs;
  return {
    holdUntilClause: voice.holdUntilClause ?? route.holdUntilClause ?? false,
    ...(speculation ? { awaited: speculation.awaited } : {}),
    ...(since
      ? {
          waitingSinceMs: () => {
            const unixMs = since();
            return unixMs === undefined ? undefined : clock.nowMs() - (clock.wallMs() - unixMs);
          },
        }
      : {}),
  };
}
