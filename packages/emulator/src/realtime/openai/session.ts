import { samplesOf } from '../../speech/audio/pcm.js';
import { type Fields, isFields, numberOr, stringOr } from '../../wire/fields.js';
import { CallerHearing, textOfWords } from '../core/caller-hearing.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import { OUTPUT_RATE_HZ } from '../core/plan.js';
import { RealtimeRefusal } from '../core/refusal.js';
import type { WireSession } from '../core/session.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import { RealtimeConversation, type RealtimeItem, readItem } from './conversation.js';
import type { OpenAIDialect } from './dialect.js';
import { Responder } from './responder.js';
import { SessionSettings } from './settings.js';

/** OpenAI closes sessions after an hour. */
const MAX_SESSION_MS = 3_600_000;
/** A client's commit needs this much audio, ms. */
const MIN_COMMIT_MS = 100;
const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

/** What a session is opened with. */
export interface OpenAISessionOptions {
  parts: RealtimeParts;
  dialect: OpenAIDialect;
  channel: RealtimeChannel;
  model: string;
}

/** One client's session of OpenAI's realtime API: reads its events, hears its audio, and answers. */
export class OpenAISession implements WireSession {
  readonly #parts: RealtimeParts;
  readonly #dialect: OpenAIDialect;
  readonly #channel: RealtimeChannel;
  readonly #settings: SessionSettings;
  readonly #conversation = new RealtimeConversation();
  readonly #responder: Responder;
  readonly #caller: CallerHearing;
  #callerAudioMs = 0;
  /** Id of the item that the caller's turn will be. */
  #turnItemId: string | undefined;
  /** The caller's last turn, which goes on if its answer is abandoned. */
  #lastTurn = { id: '', text: '' };
  /** The words of the turn that goes on. */
  #wordsBefore: string | undefined;
  #streamedText = '';

  constructor({ parts, dialect, channel, model }: OpenAISessionOptions) {
    this.#parts = parts;
    this.#dialect = dialect;
    this.#channel = channel;
    this.#settings = new SessionSettings({
      dialect,
      id: parts.newId('sess'),
      model,
      emulated: parts.profile.name,
      expiresAt: Math.floor((parts.clock.wallMs() + MAX_SESSION_MS) / 1000),
    });
    this.#responder = new Responder({ parts, dialect, channel, conversation: this.#conversation });
    this.#caller = new CallerHearing({
      recognizer: parts.recognizer,
      rateHz: OUTPUT_RATE_HZ,
      handlers: {
        onSpeechStarted: (audioStartMs) => this.#onSpeechStarted(audioStartMs),
        onTurnEnded: (truth) => this.#onTurnEnded(truth),
      },
    });
    this.#caller.turnDetection = this.#settings.turnDetection;
    if (dialect.announcesConversation) {
      const conversation = { id: parts.newId('conv'), object: 'realtime.conversation' };
      channel.send({ type: 'conversation.created', conversation });
    }
    channel.send({ type: 'session.created', session: this.#settings.fields });
  }

  /** Reads one event of the client. Errors are answered. */
  read(event: Fields): void {
    try {
      this.#dispatch(event);
    } catch (error) {
      if (!(error instanceof RealtimeRefusal)) throw error;
      this.#refuse(error, stringOr(event.event_id, null));
    }
  }

  /** The session has reached its maximum duration. */
  expire(): void {
    const message = 'Your session hit the maximum duration of 60 minutes.';
    this.#channel.send({ type: 'error', error: errorFields('session_expired', message, null) });
    this.#channel.close(1001, 'session expired');
  }

  close(): void {
    this.#caller.close();
  }

  #refuse({ code, message, param }: RealtimeRefusal, eventId: string | null): void {
    this.#parts.stats.errors += 1;
    this.#channel.send({
      type: 'error',
      error: { ...errorFields(code, message, eventId), param: param ?? null },
    });
  }

  #dispatch(event: Fields): void {
    switch (event.type) {
      case 'session.update':
        this.#settings.update(event.session);
        this.#caller.turnDetection = this.#settings.turnDetection;
        this.#channel.send({ type: 'session.updated', session: this.#settings.fields });
        return;
      case 'input_audio_buffer.append':
        this.#hear(stringOr(event.audio, ''));
        return;
      case 'input_audio_buffer.commit':
        this.#onCommit();
        return;
      case 'input_audio_buffer.clear':
        this.#caller.resetTurn();
        void this.#caller.takeWords();
        this.#channel.send({ type: 'input_audio_buffer.cleared' });
        return;
      case 'conversation.item.create':
        this.#createItem(event);
        return;
      case 'conversation.item.delete':
        this.#conversation.delete(stringOr(event.item_id, ''));
        this.#channel.send({ type: 'conversation.item.deleted', item_id: event.item_id });
        return;
      case 'conversation.item.truncate': {
        const { item_id, content_index, audio_end_ms } = event;
        this.#conversation.truncate(stringOr(item_id, ''), numberOr(audio_end_ms, Number.NaN));
        this.#channel.send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
        return;
      }
      case 'response.create':
        this.#respond(isFields(event.response) ? event.response : {});
        return;
      case 'response.cancel':
        if (!this.#responder.cancel('client_cancelled', stringOr(event.response_id, undefined)))
          throw new RealtimeRefusal(
            'response_cancel_not_active',
            'Cancellation failed: no active response found',
          );
        return;
      default:
        throw new RealtimeRefusal('invalid_value', `Invalid value: '${String(event.type)}'.`, 'type');
    }
  }

  #createItem(event: Fields): void {
    const item = readItem(event.item, () => this.#parts.newId('item'));
    const previous = this.#conversation.add(item, { after: stringOr(event.previous_item_id, null) });
    this.#channel.send({ type: 'conversation.item.added', previous_item_id: previous, item: { ...item } });
    this.#channel.send({ type: 'conversation.item.done', previous_item_id: previous, item: { ...item } });
  }

  #hear(audio: string): void {
    this.#caller.push(samplesOf(Buffer.from(audio, 'base64')));
    if (!this.#dialect.streamsTranscripts || !this.#settings.transcribes || !this.#turnItemId) return;
    const text = this.#wordsWith(this.#caller.heard());
    if (text === '' || text === this.#streamedText) return;
    this.#streamedText = text;
    const at = { item_id: this.#turnItemId, content_index: 0, transcript: text };
    if (this.#settings.transcriptionModel === 'grok-transcribe')
      this.#channel.send({ type: `${TRANSCRIPTION}.updated`, ...at });
    else this.#channel.send({ type: `${TRANSCRIPTION}.completed`, ...at, status: 'in_progress' });
  }

  /** The words of a turn that may have begun before its answer was abandoned. */
  #wordsWith(text: string): string {
    return [this.#wordsBefore ?? '', text].filter((part) => part !== '').join(' ');
  }

  #onSpeechStarted(audioStartMs: number): void {
    const setting = this.#settings.turnDetection;
    if (setting && this.#dialect.abandonsResponses && this.#responder.abandon()) {
      this.#turnItemId = this.#lastTurn.id;
      this.#wordsBefore = this.#lastTurn.text;
    }
    this.#turnItemId ??= this.#parts.newId('item');
    if (!setting) return;
    this.#channel.send({
      type: 'input_audio_buffer.speech_started',
      ...(this.#dialect.reportsPositions ? { audio_start_ms: Math.round(audioStartMs) } : {}),
      item_id: this.#turnItemId,
    });
    if (setting.interrupt_response !== false) this.#responder.cancel('turn_detected');
  }

  #onTurnEnded(truth: { turnEndAudioMs: number; speechEndAudioMs?: number }): void {
    this.#turnItemId ??= this.#parts.newId('item');
    this.#channel.send({
      type: 'input_audio_buffer.speech_stopped',
      ...(this.#dialect.reportsPositions ? { audio_end_ms: Math.round(truth.turnEndAudioMs) } : {}),
      item_id: this.#turnItemId,
    });
    const turnEndedMs = this.#parts.clock.nowMs();
    const answered = this.#settings.turnDetection?.create_response !== false;
    void this.#commit().then(() => {
      // A response that was asked for at the same time is answered instead.
      if (answered) this.#tryToRespond({ ...truth, turnEndedMs });
    });
  }

  #onCommit(): void {
    const { bufferedMs } = this.#caller;
    if (bufferedMs < MIN_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`;
      throw new RealtimeRefusal('input_audio_buffer_commit_empty', message);
    }
    this.#caller.resetTurn();
    void this.#commit();
  }

  /** Makes the buffered audio a message of the caller, or more of the one that goes on. Resolves when its words are understood. */
  async #commit(): Promise<void> {
    const id = this.#turnItemId ?? this.#parts.newId('item');
    const isGoingOn = this.#wordsBefore !== undefined;
    const wordsBefore = this.#wordsBefore ?? '';
    this.#turnItemId = undefined;
    this.#wordsBefore = undefined;
    this.#streamedText = '';
    this.#parts.stats.turns += 1;
    const audioMs = this.#caller.bufferedMs;
    this.#callerAudioMs += audioMs;
    const previous = isGoingOn ? null : this.#addTurn(id);
    this.#channel.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: previous });
    if (!isGoingOn) this.#announce(id, previous);
    const said = textOfWords(await this.#caller.takeWords());
    const text = [wordsBefore, said].filter((part) => part !== '').join(' ');
    this.#lastTurn = { id, text };
    this.#conversation.said(id, text);
    if (this.#settings.transcribes) this.#transcribe(id, text, audioMs);
  }

  #addTurn(id: string): string | null {
    return this.#conversation.add(turnItem(id));
  }

  #announce(id: string, previous: string | null): void {
    const at = { previous_item_id: previous, item: turnItem(id) };
    this.#channel.send({ type: 'conversation.item.added', ...at });
    this.#channel.send({ type: 'conversation.item.done', ...at });
  }

  #transcribe(id: string, text: string, audioMs: number): void {
    const at = { item_id: id, content_index: 0 };
    const { transcriptMs } = this.#parts.profile;
    const report = () => {
      if (this.#dialect.streamsTranscripts) {
        this.#channel.send({
          type: `${TRANSCRIPTION}.completed`,
          ...at,
          transcript: text,
          status: 'completed',
        });
        return;
      }
      if (text !== '') this.#channel.send({ type: `${TRANSCRIPTION}.delta`, ...at, delta: text });
      const usage = { type: 'duration', seconds: Math.ceil(audioMs / 1000) };
      this.#channel.send({ type: `${TRANSCRIPTION}.completed`, ...at, transcript: text, usage });
    };
    // xAI's comes before the answer: the caller's last words are whole before it.
    if (transcriptMs === 0 && this.#dialect.streamsTranscripts) report();
    else this.#channel.timers.later(transcriptMs, report);
  }

  #tryToRespond(truth: Partial<RealtimeResponseTruth>): void {
    try {
      this.#respond({}, truth);
    } catch (error) {
      if (!(error instanceof RealtimeRefusal)) throw error;
      this.#refuse(error, null);
    }
  }

  #respond(fields: Fields, truth: Partial<RealtimeResponseTruth> = {}): void {
    const instructions = stringOr(fields.instructions, this.#settings.instructions);
    const system = { role: 'system' as const, text: instructions, toolCalls: [] };
    this.#responder.start({
      fields,
      truth,
      modality: this.#settings.modality(fields),
      callerAudioMs: this.#callerAudioMs,
      question: {
        messages: [...(instructions === '' ? [] : [system]), ...this.#conversation.messages()],
        tools: this.#settings.tools(fields),
        toolChoice: this.#settings.toolChoice(fields),
      },
    });
  }
}

function turnItem(id: string): RealtimeItem {
  const content: Fields[] = [{ type: 'input_audio', transcript: null }];
  return { id, type: 'message', role: 'user', status: 'completed', content };
}

/** The `error` of an error event. */
export function errorFields(code: string, message: string, eventId: string | null): Fields {
  return { type: 'invalid_request_error', code, message, param: null, event_id: eventId };
}
