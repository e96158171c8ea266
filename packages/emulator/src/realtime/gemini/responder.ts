import type { EmulatedMessage } from '../../chat/chat.js';
import type { Fields } from '../../wire/fields.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import { type PlannedResponse, planResponse, speak, wordsHeard } from '../core/plan.js';
import { EventPlayer } from '../core/player.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import type { RealtimeQuestion } from '../options.js';
import { type GeminiEvent, geminiScript, geminiUsage } from './script.js';
import type { GeminiSetup } from './setup.js';

/** What is to be answered. */
export interface GeminiRequest {
  question: Omit<RealtimeQuestion, 'response'>;
  truth: Partial<RealtimeResponseTruth>;
  /** The words of the turn that is answered; `undefined` if the client asked in text. */
  heard: string | undefined;
  /** Duration of the caller's audio in the conversation, ms. */
  callerAudioMs: number;
}

interface ActiveResponse extends PlannedResponse {
  request: GeminiRequest;
  player?: EventPlayer<GeminiEvent>;
  /** Duration of the whole audio, and of what was sent of it, ms. */
  audioMs: number;
  sentAudioMs: number;
}

/** What the responses of one session need. */
export interface GeminiResponderOptions {
  parts: RealtimeParts;
  channel: RealtimeChannel;
  setup: GeminiSetup;
  send(message: Fields): void;
  /** The model has said this, as far as it was heard. */
  onSaid(message: EmulatedMessage): void;
}

/** Makes the responses of one session of Gemini Live, one at a time. */
export class GeminiResponder {
  readonly #options: GeminiResponderOptions;
  #active: ActiveResponse | undefined;
  /** What is answered next: the caller may not interrupt. */
  #next: GeminiRequest | undefined;

  constructor(options: GeminiResponderOptions) {
    this.#options = options;
  }

  start(request: GeminiRequest): void {
    if (this.#active) {
      this.#next = request;
      return;
    }
    const { parts, channel } = this.#options;
    const { question, truth } = request;
    const planned = planResponse(parts, { question, truth: { wire: 'gemini', ...truth } });
    const { kind } = planned.fault ?? {};
    if (kind === 'reset') channel.reset();
    if (kind === 'reset' || kind === 'never-created') return;
    const active = { ...planned, request, audioMs: 0, sentAudioMs: 0 };
    this.#active = active;
    void this.#run(active);
  }

  /** The caller has spoken over the answer: it stops. */
  interrupt(): void {
    const active = this.#active;
    if (!active) return;
    const { parts, send } = this.#options;
    parts.stats.cancelled += 1;
    const { firstContentMs } = active.truth;
    const playedMs = firstContentMs === undefined ? 0 : parts.clock.nowMs() - firstContentMs;
    const heardMs = Math.min(playedMs, active.sentAudioMs);
    send({ serverContent: { interrupted: true } });
    this.#finish(active, 'cancelled', wordsHeard(active.answer.text, heardMs, active.audioMs));
  }

  async #run(active: ActiveResponse): Promise<void> {
    const { parts, channel, setup } = this.#options;
    const { clock, profile } = parts;
    const { answer, startMs, fault, request } = active;
    if (fault?.kind === 'broken-frame') channel.sendRaw('{"serverContent": {"modelTurn');
    if (fault?.kind === 'rate-limited' || fault?.kind === 'server-error') {
      channel.timers.at(startMs + active.firstContentMs, () => this.#fail(active));
      return;
    }
    const audio = setup.modality === 'audio' ? await speak(parts, answer.text) : new Int16Array(0);
    if (this.#active !== active) return;
    active.audioMs = audio.length / 24;
    const { events, doneMs } = geminiScript({
      planned: active,
      modality: setup.modality,
      audio,
      audioSpeed: profile.audioSpeed,
      heard:
        setup.transcribesCaller && request.heard !== undefined
          ? { text: request.heard, atMs: profile.transcriptMs }
          : undefined,
      transcribesModel: setup.transcribesModel,
    });
    active.player = new EventPlayer({
      events,
      startMs,
      doneMs,
      clock,
      timers: channel.timers,
      onEvent: (event) => this.#play(active, event),
      onDone: () => this.#finish(active, 'completed', answer.text),
    });
    active.player.start();
  }

  /** Google closes the connection. */
  #fail(active: ActiveResponse): void {
    if (this.#active !== active) return;
    this.#active = undefined;
    active.truth.status = 'failed';
    const isLimit = active.fault?.kind === 'rate-limited';
    const reason = isLimit
      ? 'You exceeded your current quota, please check your plan and billing details.'
      : 'Internal error encountered.';
    this.#options.channel.close(1011, reason);
  }

  #play(active: ActiveResponse, { message, audioMs, isAnswer }: GeminiEvent): void {
    if (this.#active !== active) return;
    if (isAnswer) active.truth.firstContentMs ??= this.#options.parts.clock.nowMs();
    if (audioMs !== undefined) active.sentAudioMs = audioMs;
    this.#options.send(message);
  }

  #finish(active: ActiveResponse, status: 'completed' | 'cancelled', said: string): void {
    if (this.#active !== active) return;
    active.player?.stop();
    this.#active = undefined;
    active.truth.status = status;
    const { send, onSaid } = this.#options;
    const toolCalls = status === 'completed' ? active.answer.toolCalls : [];
    // The model's turn goes on with the tools' results.
    if (toolCalls.length === 0)
      send({ serverContent: { turnComplete: true }, usageMetadata: this.#usage(active) });
    if (said !== '' || toolCalls.length > 0) onSaid({ role: 'assistant', text: said, toolCalls });
    const next = this.#next;
    this.#next = undefined;
    if (next) this.start(next);
  }

  #usage({ request, answer, sentAudioMs }: ActiveResponse): Fields {
    return geminiUsage({
      promptText: request.question.messages.map(({ text }) => text).join(' '),
      callerAudioMs: request.callerAudioMs,
      answerText: answer.text,
      answerAudioMs: sentAudioMs,
    });
  }
}
