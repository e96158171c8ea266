import { randomUUID } from 'node:crypto';
import type { CallLevers } from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { openTurnStore, type TurnStore } from '@firstword/records';
import { AUDIO, type LeverSet, type PageMessage, type ServerMessage } from '@firstword/studio/protocol';
import { isFirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { WebSocket } from 'ws';
import { answerGapMs } from '../answer-gap.js';
import type { LlmShelf } from '../llm/shelf.js';
import { LlmSwitch } from '../llm/switch.js';
import type { VoiceParts } from '../voice-parts.js';
import { CallDoctor } from './call-doctor.js';
import { callLevers, FIRSTWORD_SET, pageSet, sameSet } from './lever-set.js';
import { audioMessage, parseMicFrame, parsePageMessage } from './messages.js';
import { type PageCall, type PageCallOptions, startMicCall, startSampleCall } from './page-call.js';
import { PageClock } from './page-clock.js';
import { TurnGroups } from './turn-groups.js';

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
  /** What answers until a page switches it. */
  levers: LeverSet;
  /** Takes a place for a call; `undefined` when this machine has its hands full. */
  takePlace(): (() => void) | undefined;
}

interface LiveCall {
  callId: string;
  call: PageCall;
  store: TurnStore;
  release: () => void;
}

function newCallId(mode: string): string {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  return `${mode}-${stamp}-${randomUUID().slice(0, 4)}`;
}

/** One page: its WebSocket, and at most one call at a time. */
export class PageSession {
  readonly #socket: WebSocket;
  readonly #studio: Studio;
  readonly #clock = new PageClock();
  #profile: string;
  #llm: LlmSwitch | undefined;
  #live: LiveCall | undefined;
  #gapsMs: number[] = [];
  readonly #groups = new TurnGroups();
  /** The levers that answer, and those that the page has asked for. */
  #inForce: LeverSet;
  #wanted: LeverSet;
  #badMessages = 0;
  /** Starting and stopping take time and must not overlap. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(socket: WebSocket, studio: Studio) {
    this.#socket = socket;
    this.#studio = studio;
    this.#profile = studio.profile;
    this.#inForce = studio.levers;
    this.#wanted = studio.levers;
    socket.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    // `ws` closes the socket itself on oversized and malformed frames; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#queue(() => this.#end());
    });
    const { version, shelf, recordsDir, levers } = studio;
    this.#send({
      type: 'hello',
      version,
      profiles: shelf.choices.map((choice) => {
        const backup = shelf.backupOf(choice.name);
        return { ...choice, ...(backup ? { backup: backup.label } : {}) };
      }),
      profile: this.#profile,
      levers,
      firstword: FIRSTWORD_SET,
      recordsDir,
    });
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
      if (++this.#badMessages >= MAX_BAD_MESSAGES) {
        this.#socket.close(1008, 'Too many messages of another protocol.');
      }
    }
  }

  #onAudio(data: Buffer): void {
    const { capturedAtMs, samples } = parseMicFrame(data);
    const nowMs = systemClock.nowMs();
    // The frame left the page when its last sample had been captured.
    this.#clock.saw(capturedAtMs + samples.length / 16, nowMs);
    this.#live?.call.mic(samples, this.#clock.toLocal(capturedAtMs) ?? nowMs);
  }

  #onPageMessage(message: PageMessage): void {
    switch (message.type) {
      case 'start':
        this.#queue(() => this.#start(message));
        break;
      case 'stop':
        this.#queue(() => this.#end());
        break;
      case 'profile':
        this.#queue(() => this.#useProfile(message.name));
        break;
      case 'levers':
        this.#queue(async () => this.#useLevers(message.levers));
        break;
      case 'clock':
        this.#clock.saw(message.atMs, systemClock.nowMs());
        break;
      case 'heard': {
        const atMs = this.#clock.toLocal(message.atMs);
        if (atMs !== undefined) this.#live?.call.heard(message.answer, atMs);
      }
    }
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error) => this.#fail(error));
  }

  async #useProfile(name: string): Promise<void> {
    try {
      const model = await this.#modelOf(name);
      this.#profile = name;
      this.#llm?.use(model);
    } finally {
      // Whatever happened, the page shows what is in force.
      this.#send({ type: 'profile', name: this.#profile });
    }
  }

  #modelOf(name: string): Promise<LanguageModel> {
    const { shelf } = this.#studio;
    return this.#inForce.backup ? shelf.getWithBackup(name) : shelf.get(name);
  }

  /** Between two turns of the call in hand; for the next call where there is none. */
  #useLevers(levers: LeverSet): void {
    this.#wanted = levers;
    if (this.#live) this.#live.call.useLevers(callLevers(levers));
    else this.#inForce = levers;
    this.#tellLevers();
  }

  /** The call has switched. */
  async #leversChanged(levers: CallLevers): Promise<void> {
    this.#inForce = pageSet(levers, this.#wanted.backup);
    this.#llm?.use(await this.#modelOf(this.#profile));
    this.#tellLevers();
  }

  #tellLevers(): void {
    const next = sameSet(this.#wanted, this.#inForce) ? {} : { next: this.#wanted };
    this.#send({ type: 'levers', inForce: this.#inForce, ...next });
  }

  async #start({ mode, profile, levers }: Extract<PageMessage, { type: 'start' }>): Promise<void> {
    await this.#end();
    if (this.#closed) return;
    const release = this.#studio.takePlace();
    if (!release) {
      this.#send({
        type: 'error',
        code: 'busy',
        message: 'Too many calls at once here. End one, then start again.',
      });
      this.#send({ type: 'session', state: 'ended', note: 'No place was free.' });
      return;
    }
    this.#send({ type: 'session', state: 'starting', mode });
    let store: TurnStore | undefined;
    try {
      if (levers) this.#wanted = levers;
      this.#inForce = this.#wanted;
      this.#tellLevers();
      if (profile !== undefined && profile !== this.#profile) await this.#useProfile(profile);
      const callId = newCallId(mode);
      store = openTurnStore({ dir: this.#studio.recordsDir, callId, onError: (error) => this.#fail(error) });
      const call = await this.#openCall(mode, callId, store);
      this.#live = { callId, call, store, release };
      this.#send({ type: 'session', state: 'live', callId, mode });
      call.over.then(
        (note) => this.#queue(() => this.#endIf(call, note)),
        (error) => {
          this.#fail(error);
          this.#queue(() => this.#endIf(call, 'The call broke off.'));
        },
      );
    } catch (error) {
      release();
      await store?.close();
      this.#fail(error);
      this.#send({ type: 'session', state: 'ended', note: 'The call could not be started.' });
    }
  }

  async #openCall(mode: 'mic' | 'sample', callId: string, store: TurnStore): Promise<PageCall> {
    const { parts, seed, transcripts } = this.#studio;
    this.#llm = new LlmSwitch(await this.#modelOf(this.#profile));
    this.#gapsMs = [];
    const doctor = new CallDoctor({
      onReport: (report) => this.#send({ type: 'doctor', report }),
      onError: (error) => this.#fail(error),
    });
    const options: PageCallOptions = {
      callId,
      parts,
      llm: this.#llm,
      seed,
      transcripts,
      levers: callLevers(this.#inForce),
      playAgent: (samples, answer) => this.#sendAudio(audioMessage(AUDIO.agent, answer, samples)),
      playSampleCaller: (samples) => this.#sendAudio(audioMessage(AUDIO.sampleCaller, 0, samples)),
      clear: () => this.#send({ type: 'clear' }),
      events: {
        onTurn: (record, final) => this.#onTurn(record, final, { store, doctor }),
        onLeversChanged: (levers) => this.#queue(() => this.#leversChanged(levers)),
        onAgentState: (state) => this.#send({ type: 'agentState', state }),
        onTranscript: (who, text, final) =>
          this.#send({ type: 'transcript', who, kind: final ? 'final' : 'interim', text }),
        onError: (source, message) => this.#send({ type: 'error', code: source, message }),
      },
    };
    return mode === 'mic' ? startMicCall(options) : startSampleCall(options);
  }

  #onTurn(seen: TurnRecord, final: boolean, to: { store: TurnStore; doctor: CallDoctor }): void {
    const levers = this.#inForce;
    const record = { ...seen, levers };
    if (final) to.store.append(record);
    // A turn that the page shows as ended can be found again, whatever happens to the studio next.
    void to.store.flushed().then(() => this.#tellTurn(record, final, to.doctor));
  }

  #tellTurn(record: TurnRecord & { levers: LeverSet }, final: boolean, doctor: CallDoctor): void {
    const { levers } = record;
    this.#send({ type: 'turn', record, final });
    if (!final) return;
    doctor.add(record, levers);
    this.#groups.add(record, levers);
    this.#send({ type: 'comparison', groups: this.#groups.summary });
    const gapMs = answerGapMs(record);
    if (gapMs !== undefined) this.#gapsMs.push(gapMs);
    const gaps = ascending(this.#gapsMs);
    const running = gaps.length === 0 ? {} : { p50Ms: percentile(gaps, 50), p95Ms: percentile(gaps, 95) };
    this.#send({ type: 'summary', turns: gaps.length, ...running });
  }

  async #endIf(call: PageCall, note: string): Promise<void> {
    if (this.#live?.call === call) await this.#end(note);
  }

  async #end(note?: string): Promise<void> {
    const live = this.#live;
    if (!live) return;
    this.#live = undefined;
    this.#llm = undefined;
    try {
      await live.call.close();
    } finally {
      await live.store.close();
      live.release();
      this.#inForce = this.#wanted;
      this.#tellLevers();
      this.#send({ type: 'session', state: 'ended', callId: live.callId, ...(note ? { note } : {}) });
    }
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#send({ type: 'error', code: isFirstwordError(error) ? error.code : 'internal', message });
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
