import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@firstword/turn';
import type { ChatRequest } from '../chat/chat.js';
import { RequestProblem } from '../chat/problem.js';
import { estimateTokens } from '../chat/tokens.js';
import type { EmulatorOptions } from '../options.js';
import { Player } from '../play/player.js';
import { bodyBeats, completeAtMs, type Score, streamBeats, timingOf } from '../play/score.js';
import { findProfile, type Profile } from '../profiles/profiles.js';
import { drawTtftMs } from '../profiles/ttft.js';
import { type Random, seededRandom } from '../random/random.js';
import { answerAsReceptionist } from '../receptionist/receptionist.js';
import type { StatsCounter } from '../stats.js';
import type { ReplyContext, Target, Wire } from '../wire/wire.js';
import { readBody } from './body.js';
import { planReply, type Reply } from './plan.js';

export const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Answers chat requests: reads one, decides what to say and when, and plays it. */
export class Answering {
  readonly #options: EmulatorOptions;
  readonly #clock: Clock;
  readonly #stats: StatsCounter;
  readonly #seed: number;
  readonly #ttftDraws = new Map<string, Random>();
  #served = 0;
  defaultProfile: Profile;

  constructor(options: {
    options: EmulatorOptions;
    defaultProfile: Profile;
    clock: Clock;
    stats: StatsCounter;
  }) {
    this.#options = options.options;
    this.#clock = options.clock;
    this.#stats = options.stats;
    this.#seed = options.options.seed ?? 1;
    this.defaultProfile = options.defaultProfile;
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
    const startMs = this.#clock.nowMs();
    this.#stats.began();
    let profile = options.pathProfile ?? this.defaultProfile;
    let score: Score;
    let encoder = rawEncoder;
    try {
      this.#checkKey(wire.readKey(request.headers, target));
      const maxBytes = this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
      const chat = wire.readRequest(await readBody(request, { maxBytes }), target);
      profile = this.#profileFor(chat, profile);
      const prepared = this.#prepare(wire, chat, profile);
      score = prepared.score;
      encoder = wire.encoder(prepared.context);
    } catch (error) {
      score = problemScore(wire, toProblem(error), profile);
    }
    if (score.status >= 400) this.#stats.refused(score.status);
    const ended = (outcome: Parameters<StatsCounter['ended']>[0]) => this.#stats.ended(outcome);
    new Player({ score, encoder, response, clock: this.#clock, startMs, onDone: ended }).play();
  }

  #checkKey(key: string | undefined): void {
    const wanted = this.#options.requireKey;
    if (wanted === undefined || key === wanted) return;
    throw new RequestProblem(
      401,
      'unauthorized',
      key === undefined ? "You didn't provide an API key." : 'Incorrect API key provided.',
    );
  }

  #profileFor(chat: ChatRequest, otherwise: Profile): Profile {
    const named = findProfile(chat.model);
    if (!named && this.#options.strict) {
      throw new RequestProblem(
        404,
        'model_not_found',
        `The model \`${chat.model}\` does not exist or you do not have access to it.`,
        'model',
      );
    }
    return named ?? otherwise;
  }

  #prepare(wire: Wire, chat: ChatRequest, profile: Profile): { score: Score; context: ReplyContext } {
    this.#served += 1;
    this.#stats.served(profile.name);
    const ttftMs = drawTtftMs(profile.ttft, this.#drawsOf(profile));
    const answer = answerAsReceptionist({
      messages: chat.messages,
      tools: chat.tools,
      toolChoice: chat.toolChoice,
      parallelTools: chat.parallelTools,
      today: this.#options.today ?? new Date(this.#clock.wallMs()).toISOString().slice(0, 10),
      seed: this.#seed,
    });
    const promptTokens = estimateTokens(chat.cacheablePrompt);
    const reply = planReply({ request: chat, profile, answer, cachedTokens: 0, promptTokens });
    const timing = timingOf(ttftMs, this.#options.tokensPerSecond ?? profile.tokensPerSecond);
    const completeMs = completeAtMs(reply.usage.completionTokens, timing);
    const context: ReplyContext = {
      id: String(this.#served),
      created: Math.floor(this.#clock.wallMs() / 1000),
      request: chat,
      profile,
      usage: reply.usage,
      providerTime: { queueMs: 0, promptMs: ttftMs, completionMs: completeMs - ttftMs },
    };
    const beats = chat.stream
      ? streamBeats({ ...reply, timing })
      : bodyBeats(bodyText(wire, context, reply), completeMs);
    const headers = {
      ...emulatedHeaders(profile),
      'x-firstword-planned-ttft-ms': ttftMs.toFixed(3),
      ...(chat.stream ? { 'cache-control': 'no-cache' } : {}),
    };
    const contentType = chat.stream ? 'text/event-stream; charset=utf-8' : 'application/json';
    return { score: { status: 200, contentType, headers, beats }, context };
  }

  #drawsOf(profile: Profile): Random {
    const known = this.#ttftDraws.get(profile.name);
    if (known) return known;
    const draws = seededRandom(this.#seed, 'ttft', profile.name);
    this.#ttftDraws.set(profile.name, draws);
    return draws;
  }
}

function bodyText(wire: Wire, context: ReplyContext, reply: Reply): string {
  return JSON.stringify(wire.complete(context, reply.answer, reply.reasoning, reply.reason));
}

const rawEncoder: ReturnType<Wire['encoder']> = {
  encode: (beat) => (beat.kind === 'raw' ? beat.bytes : ''),
};

/** Every response says that it is emulated, and after whom. */
export function emulatedHeaders(profile: Profile): Record<string, string> {
  return { 'x-firstword-emulated': profile.name };
}

function toProblem(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  return new RequestProblem(500, 'internal', 'The emulator failed on this request.');
}

function problemScore(wire: Wire, problem: RequestProblem, profile: Profile): Score {
  return {
    status: problem.status,
    contentType: 'application/json',
    headers: {
      ...emulatedHeaders(profile),
      ...(problem.kind === 'too_large' ? { connection: 'close' } : {}),
    },
    beats: bodyBeats(JSON.stringify(wire.errorBody(problem, profile)), 0),
  };
}
