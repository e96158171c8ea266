import type { EmulatedAnswer } from '../../chat/chat.js';
import type { Fields } from '../../wire/fields.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import { type PlannedResponse, planResponse, speak } from '../core/plan.js';
import { EventPlayer } from '../core/player.js';
import { RealtimeRefusal } from '../core/refusal.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import type { RealtimeQuestion } from '../options.js';
import type { RealtimeConversation } from './conversation.js';
import type { OpenAIDialect } from './dialect.js';
import {
  type RealtimeResponseScript,
  type ResponseEnd,
  responseScript,
  type TimedEvent,
  usageOf,
} from './response-script.js';

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

interface ActiveResponse extends PlannedResponse {
  fields: Fields;
  promptText: string;
  callerAudioMs: number;
  isCreated: boolean;
  script?: RealtimeResponseScript;
  player?: EventPlayer<TimedEvent>;
  /** Duration of the audio that was sent, ms. */
  sentAudioMs: number;
  itemId?: string;
}

/** Makes the responses of one connection, one at a time. */
export class Responder {
  readonly #parts: RealtimeParts;
  readonly #dialect: OpenAIDialect;
  readonly #channel: RealtimeChannel;
  readonly #conversation: RealtimeConversation;
  #active: ActiveResponse | undefined;
  /** An abandoned response's item, which was never announced: the next item says that it follows it. */
  #abandonedItemId: string | undefined;

  constructor(options: {
    parts: RealtimeParts;
    dialect: OpenAIDialect;
    channel: RealtimeChannel;
    conversation: RealtimeConversation;
  }) {
    this.#parts = options.parts;
    this.#dialect = options.dialect;
    this.#channel = options.channel;
    this.#conversation = options.conversation;
  }

  /** @throws RealtimeRefusal if another response is under way */
  start(request: ResponseRequest): void {
    if (this.#active) {
      const message = `Conversation already has an active response in progress: ${this.#active.id}. Wait until the response is finished before creating a new one.`;
      throw new RealtimeRefusal('conversation_already_has_active_response', message);
    }
    const { question, truth } = request;
    const planned = planResponse(this.#parts, { question, truth: { wire: this.#dialect.wire, ...truth } });
    const { kind } = planned.fault ?? {};
    if (kind === 'reset') this.#channel.reset();
    if (kind === 'reset' || kind === 'never-created') return;
    const active: ActiveResponse = {
      ...planned,
      fields: request.fields,
      promptText: question.messages.map(({ text }) => text).join(' '),
      callerAudioMs: request.callerAudioMs,
      isCreated: false,
      sentAudioMs: 0,
    };
    this.#active = active;
    void this.#run(active, request.modality);
  }

  /**
   * Stops the response under way.
   * @returns whether there was one
   */
  cancel(reason: 'client_cancelled' | 'turn_detected', id?: string): boolean {
    const active = this.#active;
    if (!active || (id !== undefined && id !== active.id)) return false;
    this.#parts.stats.cancelled += 1;
    this.#finish(active, { status: 'cancelled', details: { type: 'cancelled', reason } });
    return true;
  }

  /**
   * Drops the active response if it has no output yet. For the client the response never ends: it gets no event about it.
   * @returns whether there was one
   */
  abandon(): boolean {
    const active = this.#active;
    if (!active || active.truth.firstContentMs !== undefined) return false;
    this.#parts.stats.cancelled += 1;
    active.player?.stop();
    this.#active = undefined;
    this.#abandonedItemId = this.#parts.newId('item');
    return true;
  }

  async #run(active: ActiveResponse, modality: 'audio' | 'text'): Promise<void> {
    const { profile, clock } = this.#parts;
    const { startMs, createdMs, firstContentMs, answer, fault } = active;
    const { timers } = this.#channel;
    // Making the audio can take longer than that.
    if (createdMs === 0) this.#begin(active);
    else timers.at(startMs + createdMs, () => this.#begin(active));
    const audio = modality === 'audio' ? await speak(this.#parts, answer.text) : new Int16Array(0);
    const script = responseScript({
      id: active.id,
      modality,
      answer,
      audio,
      firstContentMs,
      audioSpeed: profile.audioSpeed,
      fault,
      newId: this.#parts.newId,
    });
    active.script = script;
    if (this.#active !== active) return;
    active.player = new EventPlayer({
      events: script.events,
      startMs,
      doneMs: script.doneMs,
      clock,
      timers,
      onEvent: (event) => this.#play(active, event),
      onDone: () => this.#finish(active, script.end),
    });
    active.player.start();
  }

  #begin(active: ActiveResponse): void {
    if (this.#active !== active || active.isCreated) return;
    active.isCreated = true;
    active.truth.createdMs = this.#parts.clock.nowMs();
    this.#channel.send({
      type: 'response.created',
      response: this.#resource(active, { status: 'in_progress' }),
    });
    const { kind } = active.fault ?? {};
    if (kind === 'broken-frame') this.#channel.sendRaw(`{"type": "response.${active.id}`);
    if (kind === 'garbage') {
      this.#channel.send({ type: 'response.unheard_of' });
      this.#channel.send({ type: 'response.output_audio.delta' });
    }
  }

  #play(active: ActiveResponse, { event, adds, audioMs }: TimedEvent): void {
    if (this.#active !== active) return;
    this.#begin(active);
    active.truth.firstContentMs ??= this.#parts.clock.nowMs();
    this.#channel.send(event);
    if (audioMs !== undefined) active.sentAudioMs = audioMs;
    if (!adds) return;
    const text = adds.type === 'message' ? active.answer.text : undefined;
    const added = this.#conversation.add(adds, text === undefined ? {} : { text });
    const previous = this.#abandonedItemId ?? added;
    this.#abandonedItemId = undefined;
    if (adds.type === 'message') active.itemId = adds.id;
    this.#channel.send({ type: 'conversation.item.added', previous_item_id: previous, item: { ...adds } });
  }

  #finish(active: ActiveResponse, end: ResponseEnd): void {
    if (this.#active !== active) return;
    this.#begin(active);
    active.player?.stop();
    this.#active = undefined;
    active.truth.status = end.status;
    const { itemId, sentAudioMs } = active;
    if (itemId) this.#conversation.said(itemId, active.answer.text, sentAudioMs);
    this.#channel.send({ type: 'response.done', response: this.#resource(active, end) });
    if (end.status === 'cancelled' || this.#dialect.wire !== 'openai') return;
    this.#channel.send({ type: 'rate_limits.updated', rate_limits: [] });
  }

  #resource(active: ActiveResponse, end: { status: string; details?: Fields | undefined }): Fields {
    const { answer, script, promptText, callerAudioMs, sentAudioMs } = active;
    const isDone = end.status !== 'in_progress';
    const used: EmulatedAnswer = script ? answer : { text: '', toolCalls: [] };
    const usage = usageOf({ promptText, callerAudioMs, answer: used, answerAudioMs: sentAudioMs });
    return {
      object: 'realtime.response',
      id: active.id,
      status: end.status,
      status_details: end.details ?? null,
      output: isDone ? (script?.output ?? []) : [],
      usage: isDone ? usage : null,
      metadata: active.fields.metadata ?? null,
    };
  }
}
