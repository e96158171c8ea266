import { randomUUID } from 'node:crypto';
import { type Call, type PlayoutSink, startCall } from '@firstword/livekit';
import { openTurnStore, percentile, type TurnStore } from '@firstword/measure';
import { AUDIO, type PageMessage, type ServerMessage } from '@firstword/studio/protocol';
import { isFirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import type { WebSocket } from 'ws';
import type { LlmShelf } from '../llm/shelf.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../receptionist.js';
import type { VoiceParts } from '../voice-parts.js';
import { audioMessage, parseMicFrame, parsePageMessage } from './messages.js';
import { PageClock } from './page-clock.js';
import { type SampleCaller, startSampleCaller } from './sample-caller.js';

/** A page that cannot keep up with this much unsent audio is cut off, bytes. */
const MAX_BUFFERED_BYTES = 2_000_000;
/** A page that sends this many wrong messages is not our page. */
const MAX_BAD_MESSAGES = 20;

/** What every page of one studio shares. */
export interface Studio {
  version: string;
  parts: VoiceParts;
  shelf: LlmShelf;
  profile: string;
  seed: number;
  recordsDir: string;
  transcripts: boolean;
  /** Takes a place for a call; `undefined` when this machine has its hands full. */
  takePlace(): (() => void) | undefined;
}

interface LiveCall {
  call: Call;
  caller: SampleCaller | undefined;
  store: TurnStore;
  release: () => void;
}

/** One page: its WebSocket, and at most one call at a time. */
export class PageSession {
  readonly #socket: WebSocket;
  readonly #studio: Studio;
  readonly #clock = new PageClock();
  #profile: string;
  #live: LiveCall | undefined;
  #gapsMs: number[] = [];
  #badMessages = 0;
  /** Starting and stopping take time and must not overlap. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(socket: WebSocket, studio: Studio) {
    this.#socket = socket;
    this.#studio = studio;
    this.#profile = studio.profile;
    socket.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    // `ws` closes the socket itself on oversized and malformed frames; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#queue(() => this.#end('The page was closed.'));
    });
    const { version, shelf, recordsDir } = studio;
    this.#send({ type: 'hello', version, profiles: [...shelf.choices], profile: this.#profile, recordsDir });
  }

  /** Resolves when the call in hand, if any, has ended and everything is written. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue(() => this.#end('The studio was stopped.'));
    await this.#work;
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) this.#onAudio(data);
      else this.#onPageMessage(parsePageMessage(data.toString('utf8')));
    } catch (error) {
      this.#fail(error);
      if (++this.#badMessages >= MAX_BAD_MESSAGES)
        this.#socket.close(1008, 'Too many messages of another protocol.');
    }
  }

  #onAudio(data: Buffer): void {
    const { capturedAtMs, samples } = parseMicFrame(data);
    const nowMs = systemClock.nowMs();
    // The frame left the page when its last sample had been captured.
    this.#clock.saw(capturedAtMs + samples.length / 16, nowMs);
    if (!this.#live || this.#live.caller) return;
    this.#live.call.push(samples, this.#clock.toLocal(capturedAtMs) ?? nowMs);
  }

  #onPageMessage(message: PageMessage): void {
    switch (message.type) {
      case 'start':
        this.#queue(() => this.#start(message.mode, message.profile));
        break;
      case 'stop':
        this.#queue(() => this.#end());
        break;
      case 'profile':
        this.#queue(() => this.#useProfile(message.name));
        break;
      case 'clock':
        this.#clock.saw(message.atMs, systemClock.nowMs());
        break;
      case 'heard': {
        // In a sample call the caller is here, not on the page: the page only listens along.
        const atMs = this.#live?.caller ? undefined : this.#clock.toLocal(message.atMs);
        if (atMs !== undefined) this.#live?.call.heard(message.answer, atMs);
      }
    }
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error) => this.#fail(error));
  }

  async #useProfile(name: string): Promise<void> {
    const model = await this.#studio.shelf.get(name);
    this.#profile = name;
    this.#live?.call.useLlm(model);
    this.#send({ type: 'profile', name });
  }

  async #start(mode: 'mic' | 'sample', profile?: string): Promise<void> {
    await this.#end();
    if (this.#closed) return;
    const release = this.#studio.takePlace();
    if (!release) {
      this.#sendError('busy', 'Too many calls at once on this machine. End one, then start again.');
      this.#send({ type: 'session', state: 'ended', note: 'No place was free.' });
      return;
    }
    this.#send({ type: 'session', state: 'starting', mode });
    let store: TurnStore | undefined;
    try {
      if (profile !== undefined) await this.#useProfile(profile);
      const callId = `${mode}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}-${randomUUID().slice(0, 4)}`;
      store = await openTurnStore({ dir: this.#studio.recordsDir, callId });
      const call = await this.#openCall(callId, store);
      this.#live = { call, store, release, caller: undefined };
      this.#gapsMs = [];
      this.#send({ type: 'session', state: 'live', callId, mode });
      if (mode === 'sample') this.#live.caller = await this.#openSampleCaller(call);
    } catch (error) {
      if (!this.#live) {
        release();
        await store?.close();
      }
      this.#fail(error);
      await this.#end('The call could not be started.');
      this.#send({ type: 'session', state: 'ended', note: 'The call could not be started.' });
    }
  }

  async #openCall(callId: string, store: TurnStore): Promise<Call> {
    const { parts, shelf, transcripts } = this.#studio;
    return startCall({
      callId,
      stt: parts.stt,
      tts: parts.agentVoice,
      llm: await shelf.get(this.#profile),
      instructions: INSTRUCTIONS,
      greeting: GREETING,
      apology: APOLOGY,
      transcripts,
      sink: this.#sink(),
      events: {
        onTurn: (record, final) => this.#onTurn(record, final, store),
        onAgentState: (state) => this.#send({ type: 'agentState', state }),
        onTranscript: (who, text, final) =>
          this.#send({ type: 'transcript', who, kind: final ? 'final' : 'interim', text }),
        onError: (source, message) => this.#sendError(source, message),
      },
    });
  }

  #sink(): PlayoutSink {
    return {
      play: (samples, playAtMs, answer) => {
        this.#live?.caller?.heard(samples, playAtMs);
        this.#sendAudio(audioMessage(AUDIO.agent, answer, samples));
      },
      clear: () => this.#send({ type: 'clear' }),
    };
  }

  async #openSampleCaller(call: Call): Promise<SampleCaller> {
    return startSampleCaller({
      voice: this.#studio.parts.callerVoice,
      seed: this.#studio.seed,
      onFrame: (samples, atMs) => {
        call.push(samples, atMs);
        this.#sendAudio(audioMessage(AUDIO.sampleCaller, 0, samples));
      },
      onEnd: () => this.#queue(() => this.#end('The sample call is over.')),
    });
  }

  #onTurn(record: TurnRecord, final: boolean, store: TurnStore): void {
    this.#send({ type: 'turn', record, final });
    if (!final) return;
    store.append(record);
    if (record.feltGapMs !== undefined) this.#gapsMs.push(record.feltGapMs);
    const gaps = [...this.#gapsMs].sort((a, b) => a - b);
    this.#send({
      type: 'summary',
      turns: gaps.length,
      ...(gaps.length === 0 ? {} : { p50Ms: percentile(gaps, 50), p95Ms: percentile(gaps, 95) }),
    });
  }

  async #end(note?: string): Promise<void> {
    const live = this.#live;
    if (!live) return;
    this.#live = undefined;
    live.caller?.stop();
    await live.call.close();
    await live.store.close();
    live.release();
    this.#send({ type: 'session', state: 'ended', callId: live.call.callId, ...(note ? { note } : {}) });
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#sendError(isFirstwordError(error) ? error.code : 'internal', message);
  }

  #sendError(code: string, message: string): void {
    this.#send({ type: 'error', code, message });
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #sendAudio(message: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#socket.terminate();
    else this.#socket.send(message);
  }
}
