import type { EmulatedMessage } from '../../chat/chat.js';
import { estimateTokens } from '../../chat/tokens.js';
import { samplesOf } from '../../speech/audio/pcm.js';
import type { HeardWord } from '../../speech/hear/recognizer.js';
import { type Fields, isFields, stringOr } from '../../wire/fields.js';
import { CallerHearing, textOfWords } from '../core/caller-hearing.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import { OUTPUT_RATE_HZ } from '../core/plan.js';
import { RealtimeRefusal } from '../core/refusal.js';
import type { WireSession } from '../core/session.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import { LiveResponder } from './responder.js';
import { type LiveSettings, readDelegation, readSettings } from './settings.js';

/** The longest text of one append, from OpenAI's API reference, November 2026. */
const MAX_APPEND_TOKENS = 500;

/** One client's session of GPT-Live: it hears and speaks all the time, and decides itself when a turn is over. */
export class LiveSession implements WireSession {
  readonly #parts: RealtimeParts;
  readonly #channel: RealtimeChannel;
  readonly #caller: CallerHearing;
  readonly #responder: LiveResponder;
  readonly #messages: EmulatedMessage[] = [];
  #settings: LiveSettings | undefined;
  #startedMs = 0;
  #isMuted = false;
  /** Words of the caller's turn that have been sent. */
  #sentWords = 0;

  constructor({ parts, channel }: { parts: RealtimeParts; channel: RealtimeChannel }) {
    this.#parts = parts;
    this.#channel = channel;
    this.#caller = new CallerHearing({
      recognizer: parts.recognizer,
      rateHz: OUTPUT_RATE_HZ,
      handlers: {
        onSpeechStarted: () => this.#responder.interrupt(),
        onTurnEnded: (truth) => this.#endTurn(truth),
      },
    });
    // It does not say how it decides. Assumptions: soon after a complete sentence, and after 2 s at the latest.
    this.#caller.turnDetection = { type: 'semantic_vad', eagerness: 'high' };
    this.#responder = new LiveResponder({
      parts,
      channel,
      onSaid: (message) => this.#messages.push(message),
      reportUsage: () => this.#channel.send({ type: 'session.usage.updated', ...this.#usage() }),
    });
  }

  read(event: Fields): void {
    try {
      this.#dispatch(event);
    } catch (error) {
      if (!(error instanceof RealtimeRefusal)) throw error;
      this.#parts.stats.errors += 1;
      const { code, message, param } = error;
      this.#channel.send({
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code,
          message,
          param: param ?? null,
          client_event_id: stringOr(event.event_id, null),
        },
      });
    }
  }

  expire(): void {
    this.#end('expired');
  }

  close(): void {
    this.#caller.close();
  }

  #usage(): Fields {
    return {
      usage: { seconds: Math.max(0, (this.#parts.clock.nowMs() - this.#startedMs) / 1000) },
      context_window: { usage_ratio: null },
    };
  }

  #end(reason: string): void {
    this.#channel.send({ type: 'session.closed', reason, ...this.#usage() });
    this.#channel.close(1000, reason);
  }

  #dispatch(event: Fields): void {
    const type = stringOr(event.type, '');
    if (type === 'session.start') this.#start(event.session);
    else if (!this.#settings)
      throw new RealtimeRefusal('invalid_event', 'The first event must be session.start.', 'type');
    else if (type === 'session.input_audio.append') this.#hear(stringOr(event.audio, ''));
    else this.#onCommand(type, event);
  }

  #onCommand(type: string, event: Fields): void {
    const acknowledged = { client_event_id: stringOr(event.event_id, null) };
    switch (type) {
      case 'session.update':
        this.#update(event.session);
        this.#channel.send({ type: 'session.updated', ...acknowledged });
        return;
      case 'session.input_audio.mute':
      case 'session.input_audio.unmute':
        this.#isMuted = type.endsWith('.mute');
        this.#channel.send({ type: `${type}d`, ...acknowledged });
        return;
      case 'session.instructions.append':
      case 'session.thinking.append':
      case 'session.commentary.append':
        this.#onAppend(type, event);
        this.#channel.send({ type: `${type}ed`, ...acknowledged });
        return;
      case 'response.item.create':
        this.#onToolResult(event.item);
        return;
      case 'response.create':
        this.#respond({});
        return;
      case 'session.close':
        this.#end('close_requested');
        return;
      default:
        throw new RealtimeRefusal('invalid_value', `Invalid value: '${type}'.`, 'type');
    }
  }

  #start(session: unknown): void {
    if (this.#settings) throw new RealtimeRefusal('invalid_event', 'The session has been started.', 'type');
    if (!isFields(session))
      throw new RealtimeRefusal('missing_required_parameter', "Missing: 'session'.", 'session');
    this.#settings = readSettings(session);
    this.#messages.push(...this.#settings.history);
    this.#startedMs = this.#parts.clock.nowMs();
    const started = { ...session, id: this.#parts.newId('sess') };
    this.#channel.send({
      type: 'session.started',
      session: { ...started, firstword_emulated: this.#parts.profile.name },
    });
    this.#responder.open();
  }

  #update(session: unknown): void {
    const settings = this.#settings!;
    const { delegation } = isFields(session) ? session : {};
    settings.delegation = readDelegation(delegation, settings.delegation);
  }

  #hear(audio: string): void {
    const samples = samplesOf(Buffer.from(audio, 'base64'));
    this.#caller.push(this.#isMuted ? new Int16Array(samples.length) : samples);
    this.#sendWords();
  }

  /** Sends the caller's words that have not been sent. */
  #sendWords(words: readonly HeardWord[] = this.#caller.words()): void {
    for (const { text, startMs, endMs } of words.slice(this.#sentWords)) {
      const delta = this.#sentWords === 0 ? text : ` ${text}`;
      this.#sentWords += 1;
      this.#channel.send({
        type: 'session.input_transcript.delta',
        delta,
        start_ms: Math.round(startMs),
        end_ms: Math.round(endMs),
      });
    }
  }

  #endTurn(truth: Partial<RealtimeResponseTruth>): void {
    this.#parts.stats.turns += 1;
    const turnEndedMs = this.#parts.clock.nowMs();
    void this.#caller.takeWords().then((words) => {
      // An engine may find the last words only now.
      this.#sendWords(words);
      this.#sentWords = 0;
      this.#messages.push({ role: 'user', text: textOfWords(words), toolCalls: [] });
      this.#respond({ ...truth, turnEndedMs });
    });
  }

  #onAppend(type: string, { content, delegation_id: id }: Fields): void {
    const text = stringOr(content, '');
    if (estimateTokens(text) > MAX_APPEND_TOKENS) {
      const message = `The content is longer than ${MAX_APPEND_TOKENS} tokens.`;
      throw new RealtimeRefusal('string_above_max_length', message, 'content');
    }
    if (type === 'session.commentary.append' && typeof id === 'string') {
      if (!this.#responder.answerDelegation(id, text))
        throw new RealtimeRefusal('delegation_not_found', `Delegation '${id}' not found.`, 'delegation_id');
      return;
    }
    this.#messages.push({ role: 'system', text, toolCalls: [] });
    // Commentary is what the model is to speak about.
    if (type === 'session.commentary.append') this.#respond({}, true);
  }

  #onToolResult(item: unknown): void {
    if (!isFields(item) || item.type !== 'function_call_output')
      throw new RealtimeRefusal('invalid_value', "Invalid value: 'item.type'.", 'item.type');
    const id = stringOr(item.call_id, '');
    if (!this.#responder.takeCall(id))
      throw new RealtimeRefusal('invalid_value', `No tool call found for call_id '${id}'.`, 'item.call_id');
    const { output } = item;
    const text = typeof output === 'string' ? output : JSON.stringify(output ?? '');
    this.#messages.push({ role: 'tool', text, toolCalls: [], toolCallId: id });
  }

  /** @param isCommentary the client has told the voice model what to say: no work is handed over */
  #respond(truth: Partial<RealtimeResponseTruth>, isCommentary = false): void {
    const { instructions, delegation } = this.#settings!;
    const system: EmulatedMessage = { role: 'system', text: instructions, toolCalls: [] };
    this.#responder.start({
      truth,
      delegation: isCommentary ? undefined : delegation,
      question: {
        messages: [...(instructions === '' ? [] : [system]), ...this.#messages],
        tools: isCommentary ? [] : delegation.tools,
        toolChoice: isCommentary ? 'none' : delegation.toolChoice,
      },
    });
  }
}
