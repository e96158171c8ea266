import type { EmulatedMessage } from '../../chat/chat.js';
import { samplesOf } from '../../speech/audio/pcm.js';
import { type Fields, isFields, stringOr } from '../../wire/fields.js';
import { CallerHearing, textOfWords } from '../core/caller-hearing.js';
import type { RealtimeChannel } from '../core/channel.js';
import type { RealtimeParts } from '../core/parts.js';
import type { WireSession } from '../core/session.js';
import type { RealtimeResponseTruth } from '../core/truth.js';
import { GeminiResponder } from './responder.js';
import { GeminiRefusal, type GeminiSetup, readSetup, readTurn } from './setup.js';

/** Sample rate of the caller's audio where the client names none, Hz. */
const INPUT_RATE_HZ = 16_000;
/** Time from `goAway` to the end of the connection, ms. An assumption. */
const GO_AWAY_MS = 1000;

/** Time to the first handle, ms. An assumption; LiveKit's plugin loses what comes together with `setupComplete`. */
const FIRST_HANDLE_MS = 100;

/** Conversations that a client may resume, by handle. Shared by all connections. */
export type ResumableSessions = Map<string, readonly EmulatedMessage[]>;

/** One client's session of Gemini Live. */
export class GeminiSession implements WireSession {
  readonly #parts: RealtimeParts;
  readonly #channel: RealtimeChannel;
  readonly #resumable: ResumableSessions;
  #setup: GeminiSetup | undefined;
  #messages: EmulatedMessage[] = [];
  #responder: GeminiResponder | undefined;
  #caller: CallerHearing | undefined;
  #callerAudioMs = 0;
  /** Tool calls whose results have not come. */
  #openCalls = new Set<string>();

  constructor(options: { parts: RealtimeParts; channel: RealtimeChannel; resumable: ResumableSessions }) {
    this.#parts = options.parts;
    this.#channel = options.channel;
    this.#resumable = options.resumable;
  }

  read(message: Fields): void {
    try {
      this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof GeminiRefusal)) throw error;
      this.#parts.stats.errors += 1;
      this.#channel.close(error.code, error.message);
    }
  }

  /** The server warns, and closes the connection a second later. A client resumes the session with its handle. */
  expire(): void {
    this.#send({ goAway: { timeLeft: `${GO_AWAY_MS / 1000}s` } });
    this.#channel.timers.later(GO_AWAY_MS, () =>
      this.#channel.close(1011, 'The session has reached its maximum duration.'),
    );
  }

  close(): void {
    this.#caller?.close();
  }

  #send(message: Fields): void {
    // Google sends its JSON in binary frames.
    this.#channel.sendRaw(Buffer.from(JSON.stringify(message)));
  }

  #dispatch(message: Fields): void {
    const { setup, realtimeInput, clientContent, toolResponse } = message;
    if (isFields(setup)) this.#start(setup);
    else if (!this.#setup) throw new GeminiRefusal('The first message must be setup.');
    else if (isFields(realtimeInput)) this.#onInput(realtimeInput);
    else if (isFields(clientContent)) this.#onContent(clientContent);
    else if (isFields(toolResponse)) this.#onToolResponse(toolResponse);
    else throw new GeminiRefusal('Request contains an invalid argument.');
  }

  #start(fields: Fields): void {
    if (this.#setup) throw new GeminiRefusal('setup must be sent once.');
    const setup = readSetup(fields);
    if (setup.handle !== undefined) {
      const resumed = this.#resumable.get(setup.handle);
      if (!resumed) throw new GeminiRefusal('BidiGenerateContent session not found.', 1008);
      this.#messages = [...resumed];
    }
    this.#setup = setup;
    this.#responder = new GeminiResponder({
      parts: this.#parts,
      channel: this.#channel,
      setup,
      send: (message) => this.#send(message),
      onSaid: (message) => this.#onSaid(message),
    });
    this.#send({ setupComplete: {} });
    this.#channel.timers.later(FIRST_HANDLE_MS, () => this.#offerHandle());
  }

  /** A handle with which the conversation so far can be resumed. It says that the session is emulated. */
  #offerHandle(): void {
    if (!this.#setup?.isResumable) return;
    const newHandle = `firstword_emulated:${this.#parts.profile.name}:${this.#parts.newId('handle')}`;
    this.#resumable.set(newHandle, [...this.#messages]);
    this.#send({ sessionResumptionUpdate: { newHandle, resumable: true } });
  }

  #onSaid(message: EmulatedMessage): void {
    this.#messages.push(message);
    for (const { id } of message.toolCalls) this.#openCalls.add(id);
    if (message.toolCalls.length === 0) this.#offerHandle();
  }

  #onInput(input: Fields): void {
    const { audio, mediaChunks, text, activityStart, activityEnd, audioStreamEnd } = input;
    const chunks = [audio, ...(Array.isArray(mediaChunks) ? mediaChunks : [])].filter(isFields);
    for (const chunk of chunks) this.#hear(chunk);
    if (typeof text === 'string') {
      this.#messages.push({ role: 'user', text, toolCalls: [] });
      this.#interrupt();
      this.#respond({});
    }
    if (isFields(activityStart)) this.#interrupt();
    // Without more audio, the turn cannot be ended by silence.
    if (isFields(activityEnd) || audioStreamEnd === true) this.#endTurn({});
  }

  #hear({ data, mimeType }: Fields): void {
    const rate = Number(/rate=(\d+)/.exec(stringOr(mimeType, ''))?.[1] ?? INPUT_RATE_HZ);
    this.#caller ??= this.#openCaller(rate);
    this.#caller.push(samplesOf(Buffer.from(stringOr(data, ''), 'base64')));
  }

  #openCaller(rateHz: number): CallerHearing {
    const caller = new CallerHearing({
      recognizer: this.#parts.recognizer,
      rateHz,
      handlers: {
        onSpeechStarted: () => {
          if (this.#setup?.turnDetection) this.#interrupt();
        },
        onTurnEnded: (truth) => this.#endTurn(truth),
      },
    });
    caller.turnDetection = this.#setup?.turnDetection ?? null;
    return caller;
  }

  /** The caller has spoken: the answer under way stops, and so do the tools. */
  #interrupt(): void {
    if (!this.#setup?.isInterruptible) return;
    this.#responder?.interrupt();
    if (this.#openCalls.size === 0) return;
    this.#send({ toolCallCancellation: { ids: [...this.#openCalls] } });
    this.#openCalls = new Set();
  }

  #endTurn(truth: Partial<RealtimeResponseTruth>): void {
    const caller = this.#caller;
    if (!caller) return;
    this.#parts.stats.turns += 1;
    caller.resetTurn();
    this.#callerAudioMs += caller.bufferedMs;
    const turnEndedMs = this.#parts.clock.nowMs();
    void caller.takeWords().then((words) => {
      const text = textOfWords(words);
      this.#messages.push({ role: 'user', text, toolCalls: [] });
      this.#respond({ ...truth, turnEndedMs }, text);
    });
  }

  #onContent({ turns, turnComplete }: Fields): void {
    const messages = (Array.isArray(turns) ? turns : [turns]).filter(isFields).map(readTurn);
    this.#messages.push(...messages.filter(({ text }) => text !== ''));
    if (turnComplete !== true) return;
    this.#interrupt();
    this.#respond({});
  }

  #onToolResponse({ functionResponses }: Fields): void {
    const list = Array.isArray(functionResponses) ? functionResponses : [functionResponses];
    for (const result of list.filter(isFields)) {
      const id = stringOr(result.id, '');
      // More is to come of this one.
      if (result.willContinue === true || !this.#openCalls.delete(id)) continue;
      const { response } = result;
      const output = isFields(response) && response.output !== undefined ? response.output : response;
      const text = typeof output === 'string' ? output : JSON.stringify(output ?? {});
      this.#messages.push({ role: 'tool', text, toolCalls: [], toolCallId: id });
      if (this.#openCalls.size === 0) this.#respond({});
    }
  }

  #respond(truth: Partial<RealtimeResponseTruth>, heard?: string): void {
    const { instructions, tools } = this.#setup!;
    const system: EmulatedMessage = { role: 'system', text: instructions, toolCalls: [] };
    this.#responder!.start({
      question: {
        messages: [...(instructions === '' ? [] : [system]), ...this.#messages],
        tools,
        toolChoice: 'auto',
      },
      truth,
      heard,
      callerAudioMs: this.#callerAudioMs,
    });
  }
}
