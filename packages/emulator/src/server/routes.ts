import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { RequestProblem } from '../chat/problem.js';
import type { ProfileBook } from '../profiles/book.js';
import type { Profile } from '../profiles/profiles.js';
import { anthropicWire } from '../wire/anthropic.js';
import { decodeOr, type Fields } from '../wire/fields.js';
import { geminiWire } from '../wire/gemini.js';
import { openaiWire } from '../wire/openai.js';
import type { Target, Wire } from '../wire/wire.js';
import { type Answering, checkKey, emulatedHeaders, toProblem } from './answering.js';
import { describeModels } from './models.js';

/** Every wire format spoken; the first that knows a request takes it. */
const WIRES: readonly Wire[] = [geminiWire, anthropicWire, openaiWire];

/** `/<profile>/v1/…` means: played by that profile, whatever the model is called. */
function splitProfile(path: string, book: ProfileBook): { path: string; profile: Profile | undefined } {
  const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  const profile = first === '' ? undefined : book.find(decodeOr(first));
  return profile ? { path: rest, profile } : { path, profile: undefined };
}

/** Sends each request where it belongs. Never throws. */
export function route(options: {
  request: IncomingMessage;
  response: ServerResponse;
  answering: Answering;
  book: ProfileBook;
  /** Unix seconds: when models say they were made. */
  created: number;
  requireKey: string | undefined;
}): void {
  const { request, response, answering } = options;
  const url = parseUrl(request.url ?? '/');
  const { path, profile: pathProfile } = splitProfile(url?.pathname ?? '', options.book);
  const query = url?.searchParams ?? new URLSearchParams();
  const target: Target = { method: request.method ?? 'GET', path, query };
  const wire = WIRES.find((candidate) => candidate.matches(target));
  if (wire) {
    void answering.answer({ wire, target, pathProfile, request, response });
    return;
  }
  request.resume();
  const { headers } = request;
  const reply = sideRoute({
    target,
    headers,
    book: options.book,
    pathProfile,
    created: options.created,
    requireKey: options.requireKey,
  });
  send(response, reply, pathProfile ?? answering.defaultProfile);
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url, 'http://emulator') ? new URL(url, 'http://emulator') : undefined;
}

interface Reply {
  status: number;
  body: Fields;
}

/** Requests that are not chat: models, and Cerebras's warm-up. */
function sideRoute(options: {
  target: Target;
  headers: IncomingHttpHeaders;
  book: ProfileBook;
  pathProfile: Profile | undefined;
  created: number;
  requireKey: string | undefined;
}): Reply {
  const { target, headers, pathProfile, created } = options;
  const { method, path } = target;
  if (method === 'GET' && path.endsWith('/tcp_warming')) return { status: 200, body: { emulated: true } };
  const wire = WIRES.find((candidate) => candidate.listsModels(target, headers)) ?? openaiWire;
  try {
    if (method !== 'GET' || !wire.listsModels(target, headers)) {
      throw new RequestProblem(404, 'not_found', `Unknown request URL: ${method} ${path}.`);
    }
    checkKey(wire.readKey(headers, target), options.requireKey);
    return { status: 200, body: describeModels({ book: options.book, wire, path, pathProfile, created }) };
  } catch (error) {
    const problem = toProblem(error);
    return { status: problem.status, body: wire.errorBody(problem, pathProfile) };
  }
}

function send(response: ServerResponse, reply: Reply, profile: Profile): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...emulatedHeaders(profile) });
  response.end(JSON.stringify(reply.body));
}
