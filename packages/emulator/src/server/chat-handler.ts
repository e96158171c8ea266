import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@firstword/turn';
import type { EmulatedRequest } from '../chat/chat.js';
import { RequestError } from '../chat/request-error.js';
import { applyFault } from '../faults/apply.js';
import type { Fault, FaultPlan } from '../faults/fault.js';
import { limitHeaders } from '../limits/headers.js';
import type { EmulatorOptions } from '../options.js';
import type { Profile } from '../profiles/profiles.js';
import type { ProfileRegistry } from '../profiles/registry.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import {
  bodyEvents,
  completeAtMs,
  delayed,
  type ResponseScript,
  responseTiming,
  type ScriptEvent,
  streamEvents,
} from '../response/response-script.js';
import { type EventEncoder, ScriptPlayer } from '../response/script-player.js';
import type { StatsCounter } from '../stats.js';
import type { ReplyContext, RequestTarget, WireFormat } from '../wire/wire.js';
import { readBody } from './body.js';
import { ProviderState, type RequestDecision } from './provider-state.js';
import { type BuiltReply, buildReply } from './reply.js';

const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

/** One request that is being handled. */
interface Exchange {
  wire: WireFormat;
  target: RequestTarget;
  id: string;
  /** When the request arrived, on the clock, ms. */
  startMs: number;
  request: IncomingMessage;
  /** The URL's profile, else the one of the requested model (known once the body is read), else the default. */
  profile: Profile;
  isProfileFixed: boolean;
}

/** A response and its encoder for the provider's wire format. */
interface PreparedResponse {
  script: ResponseScript;
  encoder: EventEncoder;
}

/** Handles chat requests: reads the request, builds the reply and its timing, applies a fault, and writes the response. */
export class ChatHandler {
  readonly #options: EmulatorOptions;
  readonly #profiles: ProfileRegistry;
  readonly #clock: Clock;
  readonly #stats: StatsCounter;
  readonly #state: ProviderState;
  #requestCount = 0;
  /** The profile used when neither the URL nor the model names one. */
  defaultProfile: Profile;

  constructor(parts: {
    options: EmulatorOptions;
    profiles: ProfileRegistry;
    defaultProfile: Profile;
    clock: Clock;
    stats: StatsCounter;
  }) {
    this.#options = parts.options;
    this.#profiles = parts.profiles;
    this.#clock = parts.clock;
    this.#stats = parts.stats;
    this.#state = new ProviderState(parts.options, parts.clock);
    this.defaultProfile = parts.defaultProfile;
  }

  /** Replaces the fault plan. @throws FirstwordError `bad_input` for an invalid rule */
  setFaults(plan: FaultPlan): void {
    this.#state.setFaults(plan);
  }

  /** Answers one request. Errors become error responses; it never rejects. */
  async handle(options: {
    wire: WireFormat;
    target: RequestTarget;
    /** The profile in the URL, if there is one. */
    pathProfile: Profile | undefined;
    request: IncomingMessage;
    response: ServerResponse;
  }): Promise<void> {
    const { wire, target, request, response } = options;
    this.#requestCount += 1;
    this.#stats.requestStarted();
    const exchange: Exchange = {
      wire,
      target,
      id: String(this.#requestCount),
      startMs: this.#clock.nowMs(),
      request,
      profile: options.pathProfile ?? this.defaultProfile,
      isProfileFixed: options.pathProfile !== undefined,
    };
    const { script, encoder } = await this.#respond(exchange);
    if (script.status >= 400 && !response.destroyed) this.#stats.requestRefused(script.status);
    const events = delayed(script.events, this.#options.network?.rttMs ?? 0);
    new ScriptPlayer({
      script: { ...script, events },
      encoder,
      response,
      clock: this.#clock,
      startMs: exchange.startMs,
      onDone: (outcome) => this.#stats.responseEnded(outcome),
    }).play();
  }

  /** Prepares the response to any request; an invalid one gets its provider's error. Sets `exchange.profile` once known. */
  async #respond(exchange: Exchange): Promise<PreparedResponse> {
    try {
      const maxBytes = this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
      const body = await readBody(exchange.request, { maxBytes });
      const key = exchange.wire.readKey(exchange.request.headers, exchange.target);
      checkKey(key, this.#options.requireKey);
      const chat = exchange.wire.readRequest(body, exchange.target);
      exchange.profile = this.#profileFor(chat, exchange);
      this.#stats.profileServed(exchange.profile.name);
      const fault = this.#state.nextFault(exchange.profile);
      const prepared = this.#prepareAnswer(exchange, chat, key ?? '');
      return fault ? this.#applyFault(prepared, fault, exchange, chat) : prepared;
    } catch (error) {
      return { script: errorScript(exchange, toRequestError(error)), encoder: rawEncoder };
    }
  }

  #profileFor(chat: EmulatedRequest, exchange: Exchange): Profile {
    const named = this.#profiles.find(chat.model);
    if (named || !this.#options.strict)
      return exchange.isProfileFixed ? exchange.profile : (named ?? exchange.profile);
    const message = `The model \`${chat.model}\` does not exist or you do not have access to it.`;
    throw new RequestError(404, 'model_not_found', message, 'model');
  }

  #prepareAnswer(exchange: Exchange, chat: EmulatedRequest, key: string): PreparedResponse {
    const { wire, profile } = exchange;
    const tokensPerSecond = this.#options.tokensPerSecond ?? profile.tokensPerSecond;
    const decision = this.#state.decide({ chat, profile, key, tokensPerSecond });
    const { limit, ttftMs, reasoningMs } = decision;
    const limits = limitHeaders(profile.provider, limit.headroom, this.#clock.wallMs());
    if (limit.isRejected) return { script: rateLimitScript(exchange, decision, limits), encoder: rawEncoder };
    if (limit.waitMs > 0) this.#stats.requestQueued();

    const { promptTokens, cache } = decision;
    const reply = buildReply({ request: chat, profile, answer: this.#answerOf(chat), promptTokens, cache });
    const timing = responseTiming(ttftMs, tokensPerSecond, reasoningMs);
    const completeMs = completeAtMs(reply.usage.completionTokens, timing);
    const context: ReplyContext = {
      id: exchange.id,
      created: Math.floor(this.#clock.wallMs() / 1000),
      request: chat,
      profile,
      usage: reply.usage,
      reportedTimings: { queueMs: limit.waitMs, promptMs: ttftMs, completionMs: completeMs - ttftMs },
    };
    const events = chat.stream
      ? streamEvents({ ...reply, timing })
      : bodyEvents(bodyText(wire, context, reply), completeMs);
    const headersMs = chat.stream ? timing.headersMs : completeMs;
    const script: ResponseScript = {
      status: 200,
      contentType: chat.stream ? 'text/event-stream; charset=utf-8' : 'application/json',
      headers: {
        ...standardHeaders(exchange, headersMs + limit.waitMs),
        ...limits,
        'x-firstword-planned-ttft-ms': (ttftMs + limit.waitMs).toFixed(3),
        ...(chat.stream ? { 'cache-control': 'no-cache' } : {}),
      },
      events: delayed(events, limit.waitMs),
    };
    const inner = wire.encoder(context);
    const encode = (event: ScriptEvent) =>
      event.kind === 'error' ? wire.errorFrame(event.message, profile) : inner.encode(event);
    return { script, encoder: { encode } };
  }

  #answerOf(chat: EmulatedRequest) {
    const today = this.#options.today ?? new Date(this.#clock.wallMs()).toISOString().slice(0, 10);
    return answerAsReceptionist({ ...chat, today, seed: this.#options.seed ?? 1 });
  }

  #applyFault(
    { script, encoder }: PreparedResponse,
    fault: Fault,
    exchange: Exchange,
    chat: EmulatedRequest,
  ): PreparedResponse {
    this.#stats.faultApplied(fault.kind);
    const changed = applyFault(script, fault, {
      isStream: chat.stream,
      random: this.#state.faultRandom,
      errorScript: (requestError, headers) => errorScript(exchange, requestError, headers),
    });
    return {
      script: { ...changed, headers: { ...changed.headers, 'x-firstword-fault': fault.kind } },
      encoder,
    };
  }
}

function bodyText(wire: WireFormat, context: ReplyContext, reply: BuiltReply): string {
  return JSON.stringify(wire.complete(context, reply.answer, reply.reasoning, reply.finishReason));
}

/** For scripts that hold raw bytes only, such as error responses. */
const rawEncoder: EventEncoder = { encode: () => '' };

/** The header that labels every response as emulated, with the name of its profile. */
export function emulatedHeaders(profile: Profile): Record<string, string> {
  return { 'x-firstword-emulated': profile.name };
}

function standardHeaders(exchange: Exchange, processingMs: number): Record<string, string> {
  const { profile, id } = exchange;
  return { ...emulatedHeaders(profile), ...exchange.wire.headers({ requestId: id, profile, processingMs }) };
}

/** Checks the API key, if one is required. @throws RequestError 401 for a missing or wrong key */
export function checkKey(key: string | undefined, required: string | undefined): void {
  if (required === undefined || key === required) return;
  const message = key === undefined ? "You didn't provide an API key." : 'Incorrect API key provided.';
  throw new RequestError(401, 'unauthorized', message);
}

/** The error itself if it is a `RequestError`, otherwise a 500. */
export function toRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError(500, 'internal', 'The emulator failed to handle this request.');
}

function errorScript(
  exchange: Exchange,
  requestError: RequestError,
  headers: Record<string, string> = {},
): ResponseScript {
  return {
    status: requestError.status,
    contentType: 'application/json',
    headers: {
      ...standardHeaders(exchange, 0),
      ...headers,
    },
    events: bodyEvents(JSON.stringify(exchange.wire.errorBody(requestError, exchange.profile)), 0),
  };
}

/** The 429 of an exceeded rate limit. `retry-after` is in whole seconds. */
function rateLimitScript(
  exchange: Exchange,
  { limit }: RequestDecision,
  limits: Record<string, string>,
): ResponseScript {
  const seconds = Math.ceil(limit.waitMs / 1000);
  const retryText = limit.sendsRetryAfter ? ` Please try again in ${seconds}s.` : '';
  const requestError = new RequestError(429, 'rate_limited', `Rate limit reached.${retryText}`);
  return errorScript(exchange, requestError, {
    ...limits,
    ...(limit.sendsRetryAfter ? { 'retry-after': String(seconds) } : {}),
  });
}
