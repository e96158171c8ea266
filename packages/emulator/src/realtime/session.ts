import { HEARING_RATE_HZ, joined, resampleLinear, samplesOf } from '../speech/audio/pcm.js';
import type { Recognizer, RecognizerStream } from '../speech/hear/recognizer.js';
import { type Fields, isFields, numberOr, stringOr } from '../wire/fields.js';
import type { RealtimeChannel } from './channel.js';
import { RealtimeConversation, type RealtimeItem, RealtimeRefusal, readItem } from './conversation.js';
import { type RealtimeParts, Responder } from './responder.js';
import { WIRE_RATE_HZ } from './response-script.js';
import { SessionSettings } from './settings.js';
import type { RealtimeResponseTruth } from './truth.js';
import { RealtimeTurnDetection } from './turn-detection.js';

/** OpenAI closes sessions after an hour. */
const MAX_SESSION_MS = 3_600_000;
/** The wire's rate is to that of the recognizer as 3 to 2: whole groups of samples are resampled, so that none is lost. */
const GROUP_SAMPLES = 3;
/** A client's commit needs this much audio, ms. */
const MIN_COMMIT_MS = 100;

/** One client's session: reads its events, hears its audio, and answers. */
export class RealtimeSession {
  readonly #shared: RealtimeParts;
  readonly #channel: RealtimeChannel;
  readonly #settings: SessionSettings;
  readonly #conversation = new RealtimeConversation();
  readonly #responder: Responder;
  readonly #turns: RealtimeTurnDetection;
  readonly #words: RecognizerStream;
  readonly #newId: (kind: string) => string;
  #rest = new Int16Array(0);
  #bufferedMs = 0;
  #callerAudioMs = 0;
  #speechEndAudioMs: number | undefined;
  /** Id of the item that the caller's turn will be. */
  #turnItemId: string | undefined;

  constructor(parts: {
    shared: RealtimeParts;
    channel: RealtimeChannel;
    recognizer: Recognizer;
    model: string;
    newId: (kind: string) => string;
  }) {
    const { shared, channel, newId } = parts;
    this.#shared = shared;
    this.#channel = channel;
    this.#newId = newId;
    this.#words = parts.recognizer.openStream();
    this.#settings = new SessionSettings({
      id: newId('sess'),
      model: parts.model,
      emulated: shared.profile.name,
      expiresAt: Math.floor((shared.clock.wallMs() + MAX_SESSION_MS) / 1000),
    });
    this.#responder = new Responder({ shared, channel, conversation: this.#conversation, newId });
    this.#turns = new RealtimeTurnDetection({
      onSpeechStarted: (audioStartMs) => this.#onSpeechStarted(audioStartMs),
      onSpeechPaused: (atMs) => {
        this.#speechEndAudioMs = atMs;
        this.#words.speechPaused(atMs);
      },
      onSpeechResumed: (atMs) => this.#words.speechStarted(atMs),
      onTurnEnded: (audioEndMs) => this.#onTurnEnded(audioEndMs),
      heard: () =>
        this.#words
          .heard()
          .map(({ text }) => text)
          .join(' '),
    });
    this.#turns.setting = this.#settings.turnDetection;
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
    this.#words.close();
  }

  #refuse({ code, message, param }: RealtimeRefusal, eventId: string | null): void {
    this.#shared.stats.errors += 1;
    this.#channel.send({
      type: 'error',
      error: { ...errorFields(code, message, eventId), param: param ?? null },
    });
  }

  #dispatch(event: Fields): void {
    switch (event.type) {
      case 'session.update':
        this.#settings.update(event.session);
        this.#turns.setting = this.#settings.turnDetection;
        this.#channel.send({ type: 'session.updated', session: this.#settings.fields });
        return;
      case 'input_audio_buffer.append':
        this.#hear(stringOr(event.audio, ''));
        return;
      case 'input_audio_buffer.commit':
        this.#onCommit();
        return;
      case 'input_audio_buffer.clear':
        this.#bufferedMs = 0;
        this.#turns.reset();
        void this.#words.endSegment();
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
    const item = readItem(event.item, () => this.#newId('item'));
    const previous = this.#conversation.add(item, { after: stringOr(event.previous_item_id, null) });
    this.#channel.send({ type: 'conversation.item.added', previous_item_id: previous, item: { ...item } });
    this.#channel.send({ type: 'conversation.item.done', previous_item_id: previous, item: { ...item } });
  }

  #hear(audio: string): void {
    const heard = joined([this.#rest, samplesOf(Buffer.from(audio, 'base64'))]);
    const whole = heard.length - (heard.length % GROUP_SAMPLES);
    this.#rest = heard.slice(whole);
    this.#bufferedMs += (whole * 1000) / WIRE_RATE_HZ;
    const samples = resampleLinear(heard.subarray(0, whole), { fromHz: WIRE_RATE_HZ, toHz: HEARING_RATE_HZ });
    this.#words.push(samples);
    this.#turns.push(samples);
  }

  #onSpeechStarted(audioStartMs: number): void {
    this.#turnItemId ??= this.#newId('item');
    if (!this.#settings.turnDetection) return;
    this.#channel.send({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: Math.round(audioStartMs),
      item_id: this.#turnItemId,
    });
    if (this.#settings.turnDetection.interrupt_response !== false) this.#responder.cancel('turn_detected');
  }

  #onTurnEnded(audioEndMs: number): void {
    const id = this.#turnItemId ?? this.#newId('item');
    this.#channel.send({
      type: 'input_audio_buffer.speech_stopped',
      audio_end_ms: Math.round(audioEndMs),
      item_id: id,
    });
    const truth: Partial<RealtimeResponseTruth> = {
      turnEndAudioMs: audioEndMs,
      turnEndedMs: this.#shared.clock.nowMs(),
      ...(this.#speechEndAudioMs === undefined ? {} : { speechEndAudioMs: this.#speechEndAudioMs }),
    };
    const answered = this.#settings.turnDetection?.create_response !== false;
    void this.#commit().then(() => {
      // A response that was asked for at the same time is answered instead.
      if (answered) this.#tryToRespond(truth);
    });
  }

  #onCommit(): void {
    if (this.#bufferedMs < MIN_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${this.#bufferedMs.toFixed(2)}ms of audio.`;
      throw new RealtimeRefusal('input_audio_buffer_commit_empty', message);
    }
    this.#turns.reset();
    void this.#commit();
  }

  /** Makes the buffered audio a message of the caller. Resolves when its words are understood. */
  async #commit(): Promise<void> {
    const id = this.#turnItemId ?? this.#newId('item');
    this.#turnItemId = undefined;
    this.#shared.stats.turns += 1;
    const audioMs = this.#bufferedMs;
    this.#callerAudioMs += audioMs;
    this.#bufferedMs = 0;
    const content: Fields[] = [{ type: 'input_audio', transcript: null }];
    const item: RealtimeItem = { id, type: 'message', role: 'user', status: 'completed', content };
    const previous = this.#conversation.add(item);
    this.#channel.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: previous });
    this.#channel.send({ type: 'conversation.item.added', previous_item_id: previous, item });
    this.#channel.send({ type: 'conversation.item.done', previous_item_id: previous, item });
    const words = await this.#words.endSegment();
    const text = words.map((word) => word.text).join(' ');
    this.#conversation.said(id, text);
    if (this.#settings.transcribes) this.#transcribe(id, text, audioMs);
  }

  #transcribe(id: string, text: string, audioMs: number): void {
    const at = { item_id: id, content_index: 0 };
    const type = 'conversation.item.input_audio_transcription';
    this.#channel.timers.later(this.#shared.profile.transcriptMs, () => {
      if (text !== '') this.#channel.send({ type: `${type}.delta`, ...at, delta: text });
      const usage = { type: 'duration', seconds: Math.ceil(audioMs / 1000) };
      this.#channel.send({ type: `${type}.completed`, ...at, transcript: text, usage });
    });
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

/** The `error` of an error event. */
export function errorFields(code: string, message: string, eventId: string | null): Fields {
  return { type: 'invalid_request_error', code, message, param: null, event_id: eventId };
}
