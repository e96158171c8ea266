import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import type { EmulatedAnswer } from '../chat/chat.js';
import { drawTtftMs } from '../profiles/ttft.js';
import { joined, resampleLinear } from '../speech/audio/pcm.js';
import type { Voice } from '../speech/tts/voice.js';
import type { Fields } from '../wire/fields.js';
import type { RealtimeChannel } from './channel.js';
import { type RealtimeConversation, RealtimeRefusal } from './conversation.js';
import type { ResponseFault } from './faults.js';
import type { RealtimeAnswers, RealtimeQuestion } from './options.js';
import type { RealtimeProfile } from './profiles.js';
import {
  type RealtimeResponseScript,
  type ResponseEnd,
  responseScript,
  usageOf,
  WIRE_RATE_HZ,
} from './response-script.js';
import type { RealtimeResponseTruth, RealtimeStats } from './truth.js';

/** What the responses of all connections share. */
export interface RealtimeParts {
  clock: Clock;
  profile: RealtimeProfile;
  voice: Voice;
  answers: RealtimeAnswers;
  latencies: Random;
  stats: RealtimeStats;
  truths: RealtimeResponseTruth[];
  nextFault(): ResponseFault | undefined;
}

/** What is to be answered. */
export interface ResponseRequest {
  /** `response` of the client's `response.create`; empty if the turn detection asks. */
  fields: Fields;
  modality: 'audio' | 'text';
  question: Omit<RealtimeQuestion, 'response'>;
  /** Duration of the caller's audio in the conversation, ms. */
  callerAudioMs: number;
  truth?: Partial<RealtimeResponseTruth>;
}

interface ActiveResponse {
  id: string;
  fields: Fields;
  truth: RealtimeResponseTruth;
  script?: RealtimeResponseScript;
  answer?: EmulatedAnswer;
  promptText: string;
  callerAudioMs: number;
  isCreated: boolean;
  /** Duration of the audio that was sent, ms. */
  sentAudioMs: number;
  itemId?: string;
}

/** Tokens a second of a text answer. An assumption. */
const TOKENS_PER_SECOND = 80;

/** Makes the responses of one connection, one at a time. */
export class Responder {
  readonly #shared: RealtimeParts;
  readonly #channel: RealtimeChannel;
  readonly #conversation: RealtimeConversation;
  readonly #newId: (kind: string) => string;
  #active: ActiveResponse | undefined;

  constructor(parts: {
    shared: RealtimeParts;
    channel: RealtimeChannel;
    conversation: RealtimeConversation;
    newId: (kind: string) => string;
  }) {
    this.#shared = parts.shared;
    this.#channel = parts.channel;
    this.#conversation = parts.conversation;
    this.#newId = parts.newId;
  }

  /** @throws RealtimeRefusal if another response is under way */
  start(request: ResponseRequest): void {
    if (this.#active) {
      const message = `Conversation already has an active response in progress: ${this.#active.id}. Wait until the response is finished before creating a new one.`;
      throw new RealtimeRefusal('conversation_already_has_active_response', message);
    }
    const { stats, truths } = this.#shared;
    stats.responses += 1;
    const fault = this.#shared.nextFault();
    const id = this.#newId('resp');
    const truth: RealtimeResponseTruth = { id, ...request.truth, ...(fault ? { fault: fault.kind } : {}) };
    truths.push(truth);
    if (fault?.kind === 'reset') this.#channel.reset();
    if (fault?.kind === 'reset' || fault?.kind === 'never-created') return;
    const active: ActiveResponse = {
      id,
      fields: request.fields,
      truth,
      promptText: request.question.messages.map(({ text }) => text).join(' '),
      callerAudioMs: request.callerAudioMs,
      isCreated: false,
      sentAudioMs: 0,
    };
    this.#active = active;
    void this.#run(active, request, fault);
  }

  /**
   * Stops the response under way.
   * @returns whether there was one
   */
  cancel(reason: 'client_cancelled' | 'turn_detected', id?: string): boolean {
    const active = this.#active;
    if (!active || (id !== undefined && id !== active.id)) return false;
    this.#shared.stats.cancelled += 1;
    this.#finish(active, { status: 'cancelled', details: { type: 'cancelled', reason } });
    return true;
  }

  async #run(
    active: ActiveResponse,
    request: ResponseRequest,
    fault: ResponseFault | undefined,
  ): Promise<void> {
    const { profile, answers, stats, clock, latencies } = this.#shared;
    const startMs = clock.nowMs();
    const said = answers({ ...request.question, response: stats.responses });
    const answer = typeof said === 'string' ? { text: said, toolCalls: [] } : said;
    active.answer = answer;
    const firstContentMs = drawTtftMs(profile.generation, latencies);
    const { timers } = this.#channel;
    const createdMs = Math.min(profile.createdMs, firstContentMs);
    // Making the audio can take longer than that.
    if (createdMs === 0) this.#begin(active, fault);
    else timers.at(startMs + createdMs, () => this.#begin(active, fault));
    const audio = request.modality === 'audio' ? await this.#speak(answer.text) : new Int16Array(0);
    const script = responseScript({
      id: active.id,
      modality: request.modality,
      answer,
      audio,
      firstContentMs,
      audioSpeed: profile.audioSpeed,
      tokensPerSecond: TOKENS_PER_SECOND,
      fault,
      newId: this.#newId,
    });
    active.script = script;
    this.#playFrom(active, script, startMs, 0);
  }

  /** Plays the events that are due, in order, and waits for the next: timers of their own could overtake each other. */
  #playFrom(active: ActiveResponse, script: RealtimeResponseScript, startMs: number, first: number): void {
    const { events, doneMs, end } = script;
    const nowMs = this.#shared.clock.nowMs() - startMs;
    let next = first;
    for (; next < events.length && events[next]!.atMs <= nowMs; next += 1) this.#play(active, events[next]!);
    if (this.#active !== active) return;
    const dueMs = next < events.length ? events[next]!.atMs : doneMs;
    if (dueMs === undefined) return;
    if (dueMs <= nowMs) this.#finish(active, end);
    else this.#channel.timers.at(startMs + dueMs, () => this.#playFrom(active, script, startMs, next));
  }

  /** The answer's audio at the wire's rate, behind the profile's silence. */
  async #speak(text: string): Promise<Int16Array> {
    const { voice, profile } = this.#shared;
    const pieces: Int16Array[] = [
      new Int16Array(Math.round((profile.leadingSilenceMs * voice.sampleRateHz) / 1000)),
    ];
    for await (const piece of voice.synthesize(text)) pieces.push(piece);
    return resampleLinear(joined(pieces), { fromHz: voice.sampleRateHz, toHz: WIRE_RATE_HZ });
  }

  #begin(active: ActiveResponse, fault: ResponseFault | undefined): void {
    if (this.#active !== active || active.isCreated) return;
    active.isCreated = true;
    active.truth.createdMs = this.#shared.clock.nowMs();
    this.#channel.send({
      type: 'response.created',
      response: this.#resource(active, { status: 'in_progress' }),
    });
    if (fault?.kind === 'broken-frame') this.#channel.sendRaw(`{"type": "response.${active.id}`);
    if (fault?.kind === 'garbage') {
      this.#channel.send({ type: 'response.unheard_of' });
      this.#channel.send({ type: 'response.output_audio.delta' });
    }
  }

  #play(active: ActiveResponse, { event, adds, audioMs }: RealtimeResponseScript['events'][number]): void {
    if (this.#active !== active) return;
    if (!active.isCreated) this.#begin(active, undefined);
    active.truth.firstContentMs ??= this.#shared.clock.nowMs();
    this.#channel.send(event);
    if (audioMs !== undefined) active.sentAudioMs = audioMs;
    if (!adds) return;
    const text = adds.type === 'message' ? active.answer?.text : '';
    const previous = this.#conversation.add(adds, text === undefined ? {} : { text });
    if (adds.type === 'message') active.itemId = adds.id;
    this.#channel.send({ type: 'conversation.item.added', previous_item_id: previous, item: { ...adds } });
  }

  #finish(active: ActiveResponse, end: ResponseEnd): void {
    if (this.#active !== active) return;
    if (!active.isCreated) this.#begin(active, undefined);
    this.#active = undefined;
    active.truth.status = end.status;
    const { itemId, sentAudioMs } = active;
    if (itemId) this.#conversation.said(itemId, active.answer?.text ?? '', sentAudioMs);
    this.#channel.send({ type: 'response.done', response: this.#resource(active, end) });
    if (end.status === 'cancelled') return;
    this.#channel.send({ type: 'rate_limits.updated', rate_limits: [] });
  }

  #resource(active: ActiveResponse, end: { status: string; details?: Fields | undefined }): Fields {
    const { answer, script, promptText, callerAudioMs, sentAudioMs } = active;
    const isDone = end.status !== 'in_progress';
    const used = {
      promptText,
      callerAudioMs,
      answer: answer ?? { text: '', toolCalls: [] },
      answerAudioMs: sentAudioMs,
    };
    return {
      object: 'realtime.response',
      id: active.id,
      status: end.status,
      status_details: end.details ?? null,
      output: isDone ? (script?.output ?? []) : [],
      usage: isDone ? usageOf(used) : null,
      metadata: active.fields.metadata ?? null,
    };
  }
}
