import type { IncomingHttpHeaders } from 'node:http';
import type { ChatOptions, ChatStream } from '@firstword/llm';
import { wallToMonotonicMs } from '@firstword/turn';
import type { DialectRequest } from '../answer/dialect.js';
import type { Route } from '../route.js';
import { readVoiceHeaders, type VoiceHeaders } from '../voice-headers/read.js';
import type { Speculation } from '../voice-headers/speculations.js';
import type { GatewayState } from './state.js';

/** An answer that has been asked for. */
export interface BegunChat {
  route: Route;
  voice: VoiceHeaders;
  stream: ChatStream;
  /** Call it once, when the answer has ended. */
  end(): void;
}

/**
 * Asks the request's route for an answer.
 * @throws GatewayError 404 for a model that no route has, 400 for headers that cannot be meant
 */
export function beginChat(
  state: GatewayState,
  { request, headers }: { request: DialectRequest; headers: IncomingHttpHeaders },
): BegunChat {
  const { table, speculations } = state;
  const route = table.find(request.model);
  const voice = readVoiceHeaders(headers);
  const speculation =
    voice.speculation === undefined
      ? undefined
      : speculations.open(voice.speculation, voice.waitingSinceUnixMs);
  const leave = table.enter(route);
  if (voice.session !== undefined) request.chat.sessionId = voice.session;
  const stream = route.router.chat(request.chat, chatOptions(state, { route, voice, speculation }));
  return {
    route,
    voice,
    stream,
    end: () => {
      speculation?.close();
      leave();
    },
  };
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
            return unixMs === undefined ? undefined : wallToMonotonicMs(clock, unixMs);
          },
        }
      : {}),
  };
}
