import type { EmulatedMessage } from '../../chat/chat.js';
import { estimateTokens } from '../../chat/tokens.js';
import type { Fields } from '../../wire/fields.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import { type PlannedResponse, planResponse, speak } from '../core/plan.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import type { RealtimeQuestion } from '../options.js';
import type { LiveDelegation } from './settings.js';
import { LiveVoice } from './voice.js';

/** What is to be answered. */
export interface LiveRequest {
  question: Omit<RealtimeQuestion, 'response'>;
  truth: Partial<RealtimeResponseTruth>;
  /** Who does the work; `undefined`: the voice model itself. */
  delegation: LiveDelegation | undefined;
}

/** What the answers of one session need. */
export interface LiveResponderOptions {
  parts: RealtimeParts;
  channel: RealtimeChannel;
  /** The model has said this, as far as it was heard. */
  onSaid(message: EmulatedMessage): void;
  reportUsage(): void;
}

interface Active extends PlannedResponse {
  /** Work that the client does, until it has answered. */
  delegationId?: string;
}

/** Makes the answers of one session of GPT-Live: speaks them, or hands the work over. */
export class LiveResponder {
  readonly #options: LiveResponderOptions;
  readonly #voice: LiveVoice;
  #active: Active | undefined;
  /** Tool calls of the backend whose results have not come. */
  readonly #openCalls = new Set<string>();

  constructor(options: LiveResponderOptions) {
    this.#options = options;
    const { parts, channel } = options;
    this.#voice = new LiveVoice({
      clock: parts.clock,
      timers: channel.timers,
      send: (event) => channel.send(event),
    });
  }

  /** The session has started: the output begins. */
  open(): void {
    this.#voice.start();
  }

  start({ question, truth, delegation }: LiveRequest): void {
    const { parts, channel } = this.#options;
    this.#leave();
    const isClients = delegation?.type === 'client';
    const active: Active = planResponse(parts, {
      question,
      truth: { wire: 'gpt-live', ...truth },
      // The client says what to answer.
      ...(isClients ? { answer: { text: '', toolCalls: [] } } : {}),
    });
    this.#active = active;
    const { fault, startMs, createdMs, firstContentMs } = active;
    if (fault?.kind === 'reset') channel.reset();
    if (fault?.kind === 'reset' || fault?.kind === 'never-created') this.#active = undefined;
    if (this.#active !== active) return;
    if (fault?.kind === 'broken-frame') channel.sendRaw('{"type": "session.output_transcript');
    if (fault?.kind === 'garbage') {
      channel.send({ type: 'session.unheard_of' });
      channel.send({ type: 'session.delegation.created' });
    }
    const isSilent = fault?.kind === 'silent-generation';
    if (fault?.kind === 'rate-limited' || fault?.kind === 'server-error')
      channel.timers.at(startMs + firstContentMs, () => this.#fail(active));
    else if (isClients && !isSilent) channel.timers.at(startMs + createdMs, () => this.#handOver(active));
    else if (active.answer.toolCalls.length > 0)
      channel.timers.at(startMs + firstContentMs, () => this.#callTools(active, question.messages));
    else void this.#say(active, active.answer.text, startMs + firstContentMs);
  }

  /** The caller speaks: the model stops. */
  interrupt(): void {
    this.#leave();
  }

  /**
   * The client has done the work: the voice model says the result.
   * @returns whether that work was under way
   */
  answerDelegation(id: string, text: string): boolean {
    const active = this.#active;
    if (!active || active.delegationId !== id) return false;
    delete active.delegationId;
    const { parts } = this.#options;
    active.answer.text = text;
    void this.#say(active, text, parts.clock.nowMs() + active.firstContentMs);
    return true;
  }

  /** @returns whether the backend waits for the result of this tool call */
  takeCall(id: string): boolean {
    return this.#openCalls.delete(id);
  }

  /** Leaves the answer under way. */
  #leave(): void {
    const active = this.#active;
    this.#active = undefined;
    const said = this.#voice.stop();
    if (said) this.#options.onSaid({ role: 'assistant', text: said, toolCalls: [] });
    if (!active) return;
    this.#options.parts.stats.cancelled += 1;
    active.truth.status ??= 'cancelled';
  }

  #fail(active: Active): void {
    if (this.#active !== active) return;
    this.#active = undefined;
    active.truth.status = 'failed';
    const isLimit = active.fault?.kind === 'rate-limited';
    const error = isLimit
      ? { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Rate limit reached.' }
      : { type: 'server_error', code: 'server_error', message: 'The server had an error.' };
    const more = { param: null, client_event_id: null };
    this.#options.channel.send({ type: 'error', error: { ...error, ...more } });
  }

  #finish(active: Active): void {
    if (this.#active !== active) return;
    this.#active = undefined;
    active.truth.status = 'completed';
    this.#options.reportUsage();
  }

  async #say(active: Active, text: string, atMs: number): Promise<void> {
    const { parts, channel, onSaid } = this.#options;
    const audio = await speak(parts, text);
    channel.timers.at(atMs, () => {
      if (this.#active !== active) return;
      if (text === '') {
        this.#finish(active);
        return;
      }
      const { kind } = active.fault ?? {};
      this.#voice.say({
        text,
        audio,
        isMute: kind === 'no-audio' || kind === 'silent-audio',
        stopsAfterMs: active.fault?.kind === 'audio-stops' ? (active.fault.afterMs ?? 300) : undefined,
        onBegun: () => {
          active.truth.firstContentMs = parts.clock.nowMs();
        },
        onDone: () => {
          onSaid({ role: 'assistant', text, toolCalls: [] });
          this.#finish(active);
        },
      });
    });
  }

  #handOver(active: Active): void {
    if (this.#active !== active) return;
    active.delegationId = this.#options.parts.newId('deleg');
    active.truth.delegatedMs = this.#options.parts.clock.nowMs();
    this.#options.channel.send({
      type: 'session.delegation.created',
      delegation: { id: active.delegationId, target: 'client' },
    });
  }

  /** The backend calls tools. The client sends their results, and asks for the next response. */
  #callTools(active: Active, messages: readonly EmulatedMessage[]): void {
    if (this.#active !== active) return;
    const { parts, channel, onSaid } = this.#options;
    const { text, toolCalls } = active.answer;
    const id = parts.newId('deleg');
    const response = { id: parts.newId('resp'), model: 'emulated-backend' };
    const send = (event: Fields) => channel.send({ type: 'response.event', delegation_id: id, event });
    channel.send({ type: 'session.delegation.created', delegation: { id, target: 'responses' } });
    send({ type: 'response.created', response });
    active.truth.firstContentMs ??= parts.clock.nowMs();
    for (const call of toolCalls) {
      this.#openCalls.add(call.id);
      const item = { type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments };
      send({ type: 'response.output_item.done', item: { id: parts.newId('fc'), ...item } });
    }
    const inputTokens = estimateTokens(messages.map((message) => message.text).join(' '));
    const outputTokens = estimateTokens(toolCalls.map((call) => call.name + call.arguments).join(''));
    const usage = {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    };
    send({ type: 'response.completed', response: { ...response, usage } });
    onSaid({ role: 'assistant', text, toolCalls });
    this.#finish(active);
  }
}
