import { randomUUID } from 'node:crypto';
import type { CallLevers } from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { openTurnStore, type TurnStore } from '@firstword/records';
import { type CallRecord, isFirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import type { WebSocket } from 'ws';
import type { LlmRegistry } from '../llm/registry.js';
import { LlmSwitch } from '../llm/switch.js';
import type { SpeechEngines } from '../speech-engines.js';
import { CallDoctor } from './call-doctor.js';
import { equalLeverSets, FIRSTWORD_LEVERS, toCallLevers, toLeverSet } from './lever-set.js';
import { audioMessage, parseMicFrame, parsePageMessage } from './messages.js';
import { type PageCall, type PageCallOptions, startMicCall, startSampleCall } from './page-call.js';
import { PageClock } from './page-clock.js';
import { AUDIO, type LeverSet, type PageMessage, type ServerMessage } from './protocol.js';
import type { StudioRealtime } from './realtime.js';
import { TurnGroups } from './turn-groups.js';

/** A page with more unsent data than this is disconnected, bytes. */
const MAX_BUFFERED_BYTES = 2_000_000;
/** A page that has sent this many invalid messages is disconnected: it is not the studio's page. */
const MAX_BAD_MESSAGES = 20;

/** What all pages of one studio share. */
export interface StudioContext {
  version: string;
  speech: SpeechEngines;
  registry: LlmRegistry;
  profile: string;
  seed: number;
  recordsDir: string;
  transcripts: boolean;
  /** Levers of a new page, until it switches them. */
  levers: LeverSet;
  /** The realtime model that answers; absent where a cascade does. */
  realtime?: StudioRealtime | undefined;
  /** Reserves one of the call slots and returns its release function; `undefined` when all are taken. */
  reserveCallSlot(): (() => void) | undefined;
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

/** The headline figures: turns with other levers or another LLM than the newest turn's are not among them. */
export function summaryOf(
  groups: TurnGroups,
  newest: TurnRecord,
  levers: LeverSet,
): Extract<ServerMessage, { type: 'summary' }> {
  const group = groups.groupOf(newest, levers);
  if (!group) return { type: 'summary', levers, turns: 0, failed: 0 };
  const { levers: _, llm: __, emulated: ___, ...figures } = group;
  return { type: 'summary', levers, ...figures };
}

/** The server side of one page: its WebSocket and at most one call at a time. */
export class PageSession {
  readonly #socket: WebSocket;
  readonly #studio: StudioContext;
  readonly #clock = new PageClock();
  #profile: string;
  #llm: LlmSwitch | undefined;
  #live: LiveCall | undefined;
  /** Turns of this page, over all its calls. */
  readonly #groups = new TurnGroups();
  /** Turns of the running call. */
  #callGroups = new TurnGroups();
  /** Levers of the current turn. */
  #activeLevers: LeverSet;
  /** Levers that the page has asked for; they take effect between two turns. */
  #requestedLevers: LeverSet;
  #badMessages = 0;
  /** Starting and stopping a call take time and must not overlap, so they run one after another. */
  #pendingWork: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(socket: WebSocket, studio: StudioContext) {
    this.#socket = socket;
    this.#studio = studio;
    this.#profile = studio.profile;
    this.#activeLevers = studio.levers;
    this.#requestedLevers = studio.levers;
    socket.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    // On oversized and malformed frames `ws` closes the socket itself and emits 'close' next.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#enqueue(() => this.#end());
    });
    const { version, registry, recordsDir, levers, realtime } = studio;
    this.#send({
      type: 'hello',
      version,
      profiles: registry.choices.map((choice) => {
        const backup = registry.backupOf(choice.name);
        return { ...choice, ...(backup ? { backup: backup.label } : {}) };
      }),
      profile: this.#profile,
      levers,
      firstword: FIRSTWORD_LEVERS,
      recordsDir,
      ...(realtime ? { realtime: realtime.info } : {}),
    });
  }

  /** Ends a running call; resolves when its records are written. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#enqueue(() => this.#end('The studio was stopped.'));
    await this.#pendingWork;
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) this.#onAudio(data);
      else this.#onPageMessage(parsePageMessage(data.toString('utf8')));
    } catch (error) {
      this.#sendError(error);
      if (++this.#badMessages >= MAX_BAD_MESSAGES) {
        this.#socket.close(1008, 'Too many invalid messages.');
      }
    }
  }

  #onAudio(data: Buffer): void {
    const { capturedAtMs, samples } = parseMicFrame(data);
    const nowMs = systemClock.nowMs();
    // A frame is sent when its last sample has been captured.
    this.#clock.addSample(capturedAtMs + samples.length / 16, nowMs);
    this.#live?.call.mic(samples, this.#clock.toLocal(capturedAtMs) ?? nowMs);
  }

  #onPageMessage(message: PageMessage): void {
    switch (message.type) {
      case 'start':
        this.#enqueue(() => this.#start(message));
        break;
      case 'stop':
        this.#enqueue(() => this.#end());
        break;
      case 'profile':
        this.#enqueue(() => this.#useProfile(message.name));
        break;
      case 'levers':
        this.#enqueue(async () => this.#useLevers(message.levers));
        break;
      case 'clock':
        this.#clock.addSample(message.atMs, systemClock.nowMs());
        break;
      case 'heard': {
        const atMs = this.#clock.toLocal(message.atMs);
        if (atMs !== undefined) this.#live?.call.heard(message.answer, atMs);
      }
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#pendingWork = this.#pendingWork.then(work).catch((error) => this.#sendError(error));
  }

  async #useProfile(name: string): Promise<void> {
    try {
      const model = await this.#modelOf(name);
      this.#profile = name;
      this.#llm?.use(model);
    } finally {
      // Also after a failure: the page must show the profile that is actually used.
      this.#send({ type: 'profile', name: this.#profile });
    }
  }

  #modelOf(name: string): Promise<LanguageModel> {
    const { registry } = this.#studio;
    return this.#activeLevers.backup ? registry.getWithBackup(name) : registry.get(name);
  }

  /** Switches the levers between two turns of the running call, or for the next call. */
  #useLevers(levers: LeverSet): void {
    this.#requestedLevers = levers;
    // A call with a realtime model keeps its levers.
    if (!this.#live) this.#activeLevers = levers;
    else if (!this.#studio.realtime) this.#live.call.useLevers(toCallLevers(levers));
    this.#sendLevers();
  }

  /** The running call has switched its levers. */
  async #leversChanged(levers: CallLevers): Promise<void> {
    this.#activeLevers = toLeverSet(levers, this.#requestedLevers.backup);
    this.#llm?.use(await this.#modelOf(this.#profile));
    this.#sendLevers();
  }

  #sendLevers(): void {
    const next = equalLeverSets(this.#requestedLevers, this.#activeLevers)
      ? {}
      : { next: this.#requestedLevers };
    this.#send({ type: 'levers', inForce: this.#activeLevers, ...next });
  }

  async #start({ mode, profile, levers }: Extract<PageMessage, { type: 'start' }>): Promise<void> {
    await this.#end();
    if (this.#closed) return;
    const release = this.#studio.reserveCallSlot();
    if (!release) {
      this.#send({
        type: 'error',
        code: 'busy',
        message: 'Too many calls at the same time. End one, then start again.',
      });
      this.#send({ type: 'session', state: 'ended', note: 'All call slots were taken.' });
      return;
    }
    this.#send({ type: 'session', state: 'starting', mode });
    let store: TurnStore | undefined;
    try {
      if (levers) this.#requestedLevers = levers;
      this.#activeLevers = this.#requestedLevers;
      this.#sendLevers();
      if (profile !== undefined && profile !== this.#profile) await this.#useProfile(profile);
      const callId = newCallId(mode);
      store = openTurnStore({
        dir: this.#studio.recordsDir,
        callId,
        onError: (error) => this.#sendError(error),
      });
      const call = await this.#openCall(mode, callId, store);
      this.#live = { callId, call, store, release };
      this.#send({ type: 'session', state: 'live', callId, mode });
      call.over.then(
        (note) => this.#enqueue(() => this.#endIf(call, note)),
        (error) => {
          this.#sendError(error);
          this.#enqueue(() => this.#endIf(call, 'The call broke off.'));
        },
      );
    } catch (error) {
      release();
      await store?.close();
      this.#sendError(error);
      this.#send({ type: 'session', state: 'ended', note: 'The call could not be started.' });
    }
  }

  async #openCall(mode: 'mic' | 'sample', callId: string, store: TurnStore): Promise<PageCall> {
    const { speech, seed, transcripts, realtime } = this.#studio;
    this.#llm = new LlmSwitch(await this.#modelOf(this.#profile));
    this.#callGroups = new TurnGroups();
    const doctor = new CallDoctor({
      onReport: (report) => this.#send({ type: 'doctor', report }),
      onError: (error) => this.#sendError(error),
    });
    const options: PageCallOptions = {
      callId,
      speech,
      llm: this.#llm,
      ...(realtime ? { realtime: realtime.parts } : {}),
      seed,
      transcripts,
      levers: toCallLevers(this.#activeLevers),
      playAgent: (samples, answer) => this.#sendAudio(audioMessage(AUDIO.agent, answer, samples)),
      playSampleCaller: (samples) => this.#sendAudio(audioMessage(AUDIO.sampleCaller, 0, samples)),
      clear: () => this.#send({ type: 'clear' }),
      events: {
        onTurn: (record, final) => this.#onTurn(record, final, { store, doctor }),
        onCall: (record) => this.#onCall(record, { store, doctor }),
        onLeversChanged: (levers) => this.#enqueue(() => this.#leversChanged(levers)),
        onAgentState: (state) => this.#send({ type: 'agentState', state }),
        onTranscript: (who, text, final) =>
          this.#send({ type: 'transcript', who, kind: final ? 'final' : 'interim', text }),
        onError: (source, message) => this.#send({ type: 'error', code: source, message }),
      },
    };
    return mode === 'mic' ? startMicCall(options) : startSampleCall(options);
  }

  #onCall(record: CallRecord, { store, doctor }: { store: TurnStore; doctor: CallDoctor }): void {
    store.append(record);
    doctor.addCall(record);
    void store.flushed().then(() => this.#send({ type: 'call', record }));
  }

  #onTurn(
    observed: TurnRecord,
    final: boolean,
    { store, doctor }: { store: TurnStore; doctor: CallDoctor },
  ): void {
    const levers = this.#activeLevers;
    const record = { ...observed, levers };
    if (final) store.append(record);
    // Show a turn as ended only after its record is on disk, so that a crash cannot lose a turn that was shown.
    void store.flushed().then(() => this.#sendTurn(record, final, doctor));
  }

  #sendTurn(record: TurnRecord & { levers: LeverSet }, final: boolean, doctor: CallDoctor): void {
    const { levers } = record;
    this.#send({ type: 'turn', record, final });
    if (!final) return;
    doctor.add(record, levers);
    this.#groups.add(record, levers);
    this.#send({ type: 'comparison', groups: this.#groups.summary });
    this.#callGroups.add(record, levers);
    this.#send(summaryOf(this.#callGroups, record, levers));
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
      this.#activeLevers = this.#requestedLevers;
      this.#sendLevers();
      this.#send({ type: 'session', state: 'ended', callId: live.callId, ...(note ? { note } : {}) });
    }
  }

  #sendError(error: unknown): void {
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
