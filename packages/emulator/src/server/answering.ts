import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@firstword/turn';
import type { ChatRequest } from '../chat/chat.js';
import { RequestProblem } from '../chat/problem.js';
import { applyFault } from '../faults/apply.js';
import type { Fault, FaultPlan } from '../faults/fault.js';
import { limitHeaders } from '../limits/headers.js';
import type { EmulatorOptions } from '../options.js';
import { type BeatEncoder, Player } from '../play/player.js';
import {
  type Beat,
  bodyBeats,
  completeAtMs,
  delayed,
  type Score,
  streamBeats,
  timingOf,
} from '../play/score.js';
import type { ProfileBook } from '../profiles/book.js';
import type { Profile } from '../profiles/profiles.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import type { StatsCounter } from '../stats.js';
import type { ReplyContext, Target, Wire } from '../wire/wire.js';
import { readBody } from './body.js';
import { planReply, type Reply } from './plan.js';
import { type Decision, ProviderState } from './provider-state.js';

const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

/** One request on its way to an answer. */
interface Visit {
  wire: Wire;
  target: Target;
  id: string;
  /** When it arrived, on the clock. */
  startMs: number;
  request: IncomingMessage;
  /** The URL's; else, once the body is read, the model's; else the default. */
  profile: Profile;
  isProfileFixed: boolean;
}

/** A response, and the encoder that gives it a provider's accent. */
interface Performance {
  score: Score;
  encoder: BeatEncoder;
}

/** Answers chat requests: reads one, decides what to say and when, lets a fault spoil it, and plays it. */
export class Answering {
  readonly #options: EmulatorOptions;
  readonly #book: ProfileBook;
  readonly #clock: Clock;
  readonly #stats: StatsCounter;
  readonly #state: ProviderState;
  #visits = 0;
  defaultProfile: Profile;

  constructor(parts: {
    options: EmulatorOptions;
    book: ProfileBook;
    defaultProfile: Profile;
    clock: Clock;
    stats: StatsCounter;
  }) {
    this.#options = parts.options;
    this.#book = parts.book;
    this.#clock = parts.clock;
    this.#stats = parts.stats;
    this.#state = new ProviderState(parts.options, parts.clock);
    this.defaultProfile = parts.defaultProfile;
  }

  setFaults(plan: FaultPlan): void {
    this.#state.setFaults(plan);
  }

  async answer(options: {
    wire: Wire;
    target: Target;
    /** The profile named by the URL, if one was. */
    pathProfile: Profile | undefined;
    request: IncomingMessage;
    response: ServerResponse;
  }): Promise<void> {
    const { wire, target, request, response } = options;
    this.#visits += 1;
    this.#stats.began();
    const visit: Visit = {
      wire,
      target,
      id: String(this.#visits),
      startMs: this.#clock.nowMs(),
      request,
      profile: options.pathProfile ?? this.defaultProfile,
      isProfileFixed: options.pathProfile !== undefined,
    };
    const { score, encoder } = await this.#perform(visit);
    if (score.status >= 400 && !response.destroyed) this.#stats.refused(score.status);
    const beats = delayed(score.beats, this.#options.network?.rttMs ?? 0);
    new Player({
      score: { ...score, beats },
      encoder,
      response,
      clock: this.#clock,
      startMs: visit.startMs,
      onDone: (outcome) => this.#stats.ended(outcome),
    }).play();
  }

  /** A response for any request: bad ones get their provider's error. Sets the visit's profile once it is known. */
  async #perform(visit: Visit): Promise<Performance> {
    try {
      const maxBytes = this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
      const body = await readBody(visit.request, { maxBytes });
      const key = visit.wire.readKey(visit.request.headers, visit.target);
      checkKey(key, this.#options.requireKey);
      const chat = visit.wire.readRequest(body, visit.target);
      visit.profile = this.#profileFor(chat, visit);
      this.#stats.served(visit.profile.name);
      const fault = this.#state.nextFault(visit.profile);
      const performance = this.#prepare(visit, chat, key ?? '');
      return fault ? this.#spoil(performance, fault, visit, chat) : performance;
    } catch (error) {
      return { score: problemScore(visit, toProblem(error)), encoder: rawEncoder };
    }
  }

  #profileFor(chat: ChatRequest, visit: Visit): Profile {
    const named = this.#book.find(chat.model);
    if (named || !this.#options.strict)
      return visit.isProfileFixed ? visit.profile : (named ?? visit.profile);
    const message = `The model \`${chat.model}\` does not exist or you do not have access to it.`;
    throw new RequestProblem(404, 'model_not_found', message, 'model');
  }

  #prepare(visit: Visit, chat: ChatRequest, key: string): Performance {
    const { wire, profile } = visit;
    const tokensPerSecond = this.#options.tokensPerSecond ?? profile.tokensPerSecond;
    const decision = this.#state.decide({ chat, profile, key, tokensPerSecond });
    const { verdict, ttftMs, thinkingMs } = decision;
    const limits = limitHeaders(profile.provider, verdict.headroom, this.#clock.wallMs());
    if (verdict.isRejected) return { score: limited(visit, decision, limits), encoder: rawEncoder };
    if (verdict.waitMs > 0) this.#stats.queued();

    const { promptTokens, cache } = decision;
    const reply = planReply({ request: chat, profile, answer: this.#say(chat), promptTokens, cache });
    const timing = timingOf(ttftMs, tokensPerSecond, thinkingMs);
    const completeMs = completeAtMs(reply.usage.completionTokens, timing);
    const context: ReplyContext = {
      id: visit.id,
      created: Math.floor(this.#clock.wallMs() / 1000),
      request: chat,
      profile,
      usage: reply.usage,
      providerTime: { queueMs: verdict.waitMs, promptMs: ttftMs, completionMs: completeMs - ttftMs },
    };
    const beats = chat.stream
      ? streamBeats({ ...reply, timing })
      : bodyBeats(bodyText(wire, context, reply), completeMs);
    const headersMs = chat.stream ? timing.headersMs : completeMs;
    const score: Score = {
      status: 200,
      contentType: chat.stream ? 'text/event-stream; charset=utf-8' : 'application/json',
      headers: {
        ...standardHeaders(visit, headersMs + verdict.waitMs),
        ...limits,
        'x-firstword-planned-ttft-ms': (ttftMs + verdict.waitMs).toFixed(3),
        ...(chat.stream ? { 'cache-control': 'no-cache' } : {}),
      },
      beats: delayed(beats, verdict.waitMs),
    };
    const inner = wire.encoder(context);
    const encode = (beat: Beat) =>
      beat.kind === 'error' ? wire.errorFrame(beat.message, profile) : inner.encode(beat);
    return { score, encoder: { encode } };
  }

  #say(chat: ChatRequest) {
    const today = this.#options.today ?? new Date(this.#clock.wallMs()).toISOString().slice(0, 10);
    return answerAsReceptionist({ ...chat, today, seed: this.#options.seed ?? 1 });
  }

  #spoil({ score, encoder }: Performance, fault: Fault, visit: Visit, chat: ChatRequest): Performance {
    this.#stats.struck(fault.kind);
    const spoilt = applyFault(score, fault, {
      isStream: chat.stream,
      random: this.#state.faultRandom,
      errorScore: (problem, headers) => problemScore(visit, problem, headers),
    });
    return {
      score: { ...spoilt, headers: { ...spoilt.headers, 'x-firstword-fault': fault.kind } },
      encoder,
    };
  }
}

function bodyText(wire: Wire, context: ReplyContext, reply: Reply): string {
  return JSON.stringify(wire.complete(context, reply.answer, reply.reasoning, reply.reason));
}

/** Bodies of error responses are bytes already. */
const rawEncoder: BeatEncoder = { encode: () => '' };

/** Every response says that it is emulated, and after whom. */
export function emulatedHeaders(profile: Profile): Record<string, string> {
  return { 'x-firstword-emulated': profile.name };
}

function standardHeaders(visit: Visit, processingMs: number): Record<string, string> {
  const { profile, id } = visit;
  return { ...emulatedHeaders(profile), ...visit.wire.headers({ requestId: id, profile, processingMs }) };
}

/** @throws RequestProblem 401 for a missing or wrong key, where one is required */
export function checkKey(key: string | undefined, required: string | undefined): void {
  if (required === undefined || key === required) return;
  const message = key === undefined ? "You didn't provide an API key." : 'Incorrect API key provided.';
  throw new RequestProblem(401, 'unauthorized', message);
}

export function toProblem(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  return new RequestProblem(500, 'internal', 'The emulator failed on this request.');
}

function problemScore(visit: Visit, problem: RequestProblem, headers: Record<string, string> = {}): Score {
  return {
    status: problem.status,
    contentType: 'application/json',
    headers: {
      ...standardHeaders(visit, 0),
      ...headers,
    },
    beats: bodyBeats(JSON.stringify(visit.wire.errorBody(problem, visit.profile)), 0),
  };
}

/** A limit's 429. `retry-after` is in whole seconds, as everywhere. */
function limited(visit: Visit, { verdict }: Decision, limits: Record<string, string>): Score {
  const seconds = Math.ceil(verdict.waitMs / 1000);
  const when = verdict.tellsWhen ? ` Please try again in ${seconds}s.` : '';
  const problem = new RequestProblem(429, 'rate_limited', `Rate limit reached.${when}`);
  return problemScore(visit, problem, {
    ...limits,
    ...(verdict.tellsWhen ? { 'retry-after': String(seconds) } : {}),
  });
}
