import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestProblem } from '../chat/problem.js';
import { findProfile, PROFILES, type Profile } from '../profiles/profiles.js';
import { anthropicWire } from '../wire/anthropic.js';
import { decodeOr } from '../wire/fields.js';
import { geminiWire } from '../wire/gemini.js';
import { modelEntry, modelList, openaiWire } from '../wire/openai.js';
import type { Target, Wire } from '../wire/wire.js';
import { type Answering, emulatedHeaders } from './answering.js';

/** Every wire format spoken. */
const WIRES: readonly Wire[] = [openaiWire, anthropicWire, geminiWire];

/** `/<profile>/v1/…` means: played by that profile, whatever the model is called. */
function splitProfile(path: string): { path: string; profile: Profile | undefined } {
  const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  const profile = first === '' ? undefined : findProfile(decodeOr(first));
  return profile ? { path: rest, profile } : { path, profile: undefined };
}

/** Sends each request where it belongs. Never throws. */
export function route(options: {
  request: IncomingMessage;
  response: ServerResponse;
  answering: Answering;
  created: number;
}): void {
  const { request, response, answering } = options;
  const url = parseUrl(request.url ?? '/');
  const { path, profile } = splitProfile(url?.pathname ?? '');
  const target: Target = {
    method: request.method ?? 'GET',
    path,
    query: url?.searchParams ?? new URLSearchParams(),
  };
  const wire = WIRES.find((candidate) => candidate.matches(target));
  if (wire) {
    void answering.answer({ wire, target, pathProfile: profile, request, response });
    return;
  }
  request.resume();
  const reply = sideRoute(target, options.created);
  const problem = new RequestProblem(404, 'not_found', `Unknown request URL: ${target.method} ${path}.`);
  const played = profile ?? answering.defaultProfile;
  send(response, reply ?? { status: 404, body: openaiWire.errorBody(problem, played) }, played);
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url, 'http://emulator') ? new URL(url, 'http://emulator') : undefined;
}

/** Requests that are not chat. */
function sideRoute({ method, path }: Target, created: number): { status: number; body: unknown } | undefined {
  if (method !== 'GET') return undefined;
  if (path.endsWith('/tcp_warming')) return { status: 200, body: { ok: true, emulated: true } };
  if (path.endsWith('/models')) return { status: 200, body: modelList(PROFILES, created) };
  const id = /\/models\/(.+)$/.exec(path)?.[1];
  const profile = id === undefined ? undefined : findProfile(decodeOr(id));
  return profile && { status: 200, body: modelEntry(profile, created) };
}

function send(response: ServerResponse, reply: { status: number; body: unknown }, profile: Profile): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...emulatedHeaders(profile) });
  response.end(JSON.stringify(reply.body));
}
