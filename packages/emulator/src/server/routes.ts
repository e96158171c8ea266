import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../chat/request-error.js';
import type { Profile } from '../profiles/profiles.js';
import type { ProfileRegistry } from '../profiles/registry.js';
import { anthropicWire } from '../wire/anthropic.js';
import { decodeSegment, type Fields } from '../wire/fields.js';
import { geminiWire } from '../wire/gemini.js';
import { openaiWire } from '../wire/openai.js';
import type { RequestTarget, WireFormat } from '../wire/wire.js';
import { type ChatHandler, checkKey, emulatedHeaders, toRequestError } from './chat-handler.js';
import { describeModels } from './models.js';

/** The supported wire formats; the first that matches a request handles it. */
const WIRES: readonly WireFormat[] = [geminiWire, anthropicWire, openaiWire];

/** Splits off the profile of a path `/<profile>/v1/…`, which takes precedence over the requested model. */
function splitProfile(
  path: string,
  profiles: ProfileRegistry,
): { path: string; profile: Profile | undefined } {
  const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  const profile = first === '' ? undefined : profiles.find(decodeSegment(first));
  return profile ? { path: rest, profile } : { path, profile: undefined };
}

/** Dispatches one HTTP request to the chat handler, the model list or an error response. Never throws. */
export function route(options: {
  request: IncomingMessage;
  response: ServerResponse;
  chat: ChatHandler;
  profiles: ProfileRegistry;
  /** Creation time of the listed models, Unix seconds. */
  created: number;
  requireKey: string | undefined;
}): void {
  const { request, response, chat } = options;
  const url = parseUrl(request.url ?? '/');
  const { path, profile: pathProfile } = splitProfile(url?.pathname ?? '', options.profiles);
  const query = url?.searchParams ?? new URLSearchParams();
  const target: RequestTarget = { method: request.method ?? 'GET', path, query };
  const wire = WIRES.find((candidate) => candidate.matches(target));
  if (wire) {
    void chat.handle({ wire, target, pathProfile, request, response });
    return;
  }
  request.resume();
  const { headers } = request;
  const reply = answerOther({
    target,
    headers,
    profiles: options.profiles,
    pathProfile,
    created: options.created,
    requireKey: options.requireKey,
  });
  send(response, reply, pathProfile ?? chat.defaultProfile);
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url, 'http://emulator') ? new URL(url, 'http://emulator') : undefined;
}

interface OtherReply {
  status: number;
  body: Fields;
}

/** Answers requests other than chat: the model list and Cerebras's connection warm-up. */
function answerOther(options: {
  target: RequestTarget;
  headers: IncomingHttpHeaders;
  profiles: ProfileRegistry;
  pathProfile: Profile | undefined;
  created: number;
  requireKey: string | undefined;
}): OtherReply {
  const { target, headers, pathProfile, created } = options;
  const { method, path } = target;
  if (method === 'GET' && path.endsWith('/tcp_warming')) return { status: 200, body: { emulated: true } };
  const wire = WIRES.find((candidate) => candidate.listsModels(target, headers)) ?? openaiWire;
  try {
    if (method !== 'GET' || !wire.listsModels(target, headers)) {
      throw new RequestError(404, 'not_found', `Unknown request URL: ${method} ${path}.`);
    }
    checkKey(wire.readKey(headers, target), options.requireKey);
    return {
      status: 200,
      body: describeModels({ profiles: options.profiles, wire, path, pathProfile, created }),
    };
  } catch (error) {
    const requestError = toRequestError(error);
    return { status: requestError.status, body: wire.errorBody(requestError, pathProfile) };
  }
}

function send(response: ServerResponse, reply: OtherReply, profile: Profile): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...emulatedHeaders(profile) });
  response.end(JSON.stringify(reply.body));
}
