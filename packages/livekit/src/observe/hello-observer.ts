import {
  type CallRecord,
  type Clock,
  type HelloMarkName,
  type TurnRecord,
  toCallRecord,
  wallToMonotonicMs,
} from '@firstword/turn';
import { getJobContext, voice } from '@livekit/agents';
import { ParticipantKind, type RemoteParticipant, RoomEvent } from '@livekit/rtc-node';
import { warmUp } from '../hello/warm-up.js';
import { jobProcessTimes } from '../internals/job-process.js';
import { activityParts } from '../internals/session-activity.js';
import type { LlmRequest } from '../llm/llm.js';
import type { RealtimeResponse } from '../realtime/realtime-turn.js';
import type { Levers } from '../session/levers.js';
import { tracedOutput } from '../transport/traced.js';
import type { TTSTrace } from '../tts/tts-trace.js';
import { listenTo } from './listen-to.js';
import type { ObserverOptions } from './observer-options.js';
import { isolated, isolatedValue } from './user-callback.js';
import { WatchedParts } from './watched-parts.js';

const { AgentSessionEventTypes: Event } = voice;

/** Options of `HelloObserver`. */
export interface HelloObserverOptions {
  session: voice.AgentSession;
  callId: string;
  clock: Clock;
  /** Origin of the marks, clock, ms. */
  callStartMs: number;
  levers?: Readonly<Levers> | (() => Readonly<Levers>);
  transport?: TurnRecord['transport'];
  onCall(record: CallRecord): void;
}

/** Observes the time to hello of a call, if anyone wants it; not of a session that takes a call over. */
export function observeHello(
  { onCall, turnsBefore = 0, ...options }: ObserverOptions,
  clock: Clock,
  callStartMs: number,
): HelloObserver | undefined {
  return onCall && turnsBefore === 0
    ? new HelloObserver({ ...options, clock, callStartMs, onCall })
    : undefined;
}

/**
 * Builds the record of a call, with its time to hello, from the events of an `AgentSession` that has not started. It only
 * listens. In LiveKit's jobs the caller's arrival is that of the first participant that is no agent; elsewhere the call begins when
 * the session starts.
 */
export class HelloObserver {
  readonly #options: HelloObserverOptions;
  readonly #onCall: (record: CallRecord) => void;
  readonly #clock: Clock;
  readonly #parts: WatchedParts;
  readonly #stops: (() => void)[] = [];
  readonly #marks: { [name in HelloMarkName]?: number } = {};
  readonly #job = getJobContext(false);
  #request: LlmRequest | undefined;
  /** The first response of a realtime model to the greeting's request. */
  #response: RealtimeResponse | undefined;
  #trace: TTSTrace | undefined;
  #transport: TurnRecord['transport'];
  #answer: number | undefined;
  #isGenerated = false;
  #hasCallerSpoken = false;
  #isReported = false;

  constructor(options: HelloObserverOptions) {
    this.#options = options;
    this.#onCall = isolated('onCall', (record) => options.onCall(record));
    this.#clock = options.clock;
    this.#transport = options.transport;
    const ignore = () => {};
    this.#parts = new WatchedParts(options.session, this.#clock, {
      onRequest: (request) => {
        if (this.#marks.greetingRequested !== undefined) this.#request ??= request;
      },
      onPrepared: ignore,
      onLlmMetrics: ignore,
      onTtsTrace: (trace) => {
        if (this.#marks.greetingRequested !== undefined) this.#trace ??= trace;
      },
      onPublished: (answer, atMs) => this.#onPublished(answer, atMs),
      onAudible: (answer, atMs) => this.#onAudible(answer, atMs),
      onSound: ignore,
      onFinished: ignore,
      onTurnEnded: ignore,
      onResponse: (response) => {
        if (this.#marks.greetingRequested !== undefined) this.#response ??= response;
      },
      onFirstReport: ignore,
    });
    this.#noteProcess();
    // The observer is created right before `session.start()`, for which LiveKit has no event.
    if (!options.session._started) this.#mark('sessionStarted');
    this.#listen();
    this.#listenToRoom();
  }

  /** A turn of the caller was committed: what is heard from now on is no greeting. */
  onTurn(): void {
    if (this.#isReported) return;
    this.#report(
      this.#marks.greetingRequested === undefined
        ? 'the caller spoke first'
        : 'the caller spoke before the greeting was heard',
    );
  }

  /** The caller's side has played the first audible sample of an answer (clock, ms). */
  callerHeard(answer: number, atMs: number): void {
    const { firstAudible = Number.POSITIVE_INFINITY, callerHeard } = this.#marks;
    if (this.#answer !== answer || callerHeard !== undefined || atMs < firstAudible) return;
    this.#marks.callerHeard = atMs;
    this.#report();
  }

  close(): void {
    if (!this.#isReported) this.#report('nothing was said');
    this.#parts.close();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #noteProcess(): void {
    const { models, prewarm } = warmUp();
    const job = this.#job ? jobProcessTimes() : undefined;
    this.#markWall('processStarted', job?.processStartedWallMs);
    this.#markWall('prewarmStarted', prewarm?.fromWallMs ?? job?.prewarmStartedWallMs);
    this.#markWall('prewarmEnded', prewarm?.toWallMs);
    this.#markWall('jobStarted', job?.jobStartedWallMs);
    // Models that were loaded before the job are not on its way.
    const isInJob = (models?.fromWallMs ?? 0) >= (job?.jobStartedWallMs ?? Number.POSITIVE_INFINITY);
    if (isInJob) this.#markWall('modelsRequested', models?.fromWallMs);
    if (isInJob) this.#markWall('modelsLoaded', models?.toWallMs);
  }

  #listen(): void {
    const on = listenTo(this.#options.session, this.#stops);
    on(Event.AgentStateChanged, ({ newState, oldState }) => {
      if (newState !== 'initializing' && oldState === 'initializing') this.#mark('sessionReady');
      if (newState === 'speaking') this.#onUntracedSpeech();
    });
    on(Event.SpeechCreated, ({ source }) => {
      if (this.#marks.greetingRequested !== undefined) return;
      // A speculation on the caller's first words is no greeting.
      if (this.#hasCallerSpoken && source !== 'say') return;
      this.#mark('greetingRequested');
      this.#isGenerated = source !== 'say';
    });
    on(Event.UserStateChanged, ({ newState }) => {
      if (newState === 'speaking') this.#hasCallerSpoken = true;
    });
    on(Event.ConversationItemAdded, ({ item }) => {
      if (item.type === 'agent_handoff') this.#parts.refresh();
    });
    on(Event.Close, () => {
      if (!this.#isReported) this.#report('nothing was said');
    });
    this.#parts.refresh();
  }

  #listenToRoom(): void {
    const room = this.#job?.room;
    if (!room) return;
    const onCaller = (participant: RemoteParticipant) => this.#onCaller(participant);
    const onConnected = () => {
      this.#mark('roomConnected');
      for (const participant of room.remoteParticipants.values()) onCaller(participant);
    };
    const onSubscribed = () => this.#mark('trackSubscribed');
    room.on(RoomEvent.ParticipantConnected, onCaller);
    room.on(RoomEvent.Connected, onConnected);
    room.on(RoomEvent.LocalTrackSubscribed, onSubscribed);
    this.#stops.push(() => {
      room.off(RoomEvent.ParticipantConnected, onCaller);
      room.off(RoomEvent.Connected, onConnected);
      room.off(RoomEvent.LocalTrackSubscribed, onSubscribed);
    });
    // The agent may have connected before; when it did is not known then.
    for (const participant of room.remoteParticipants.values()) onCaller(participant);
  }

  #onCaller({ info }: RemoteParticipant): void {
    if (this.#marks.callerArrived !== undefined || info.kind === ParticipantKind.AGENT) return;
    this.#transport ??= info.kind === ParticipantKind.SIP ? 'telephone' : 'room';
    this.#markWall('callerArrived', info.joinedAt ? Number(info.joinedAt) : this.#clock.wallMs());
  }

  /** LiveKit creates the room's output while the session starts. */
  #onUntracedSpeech(): void {
    if (!tracedOutput(this.#options.session.output.audio)) this.#mark('framePublished');
  }

  #onPublished(answer: number, atMs: number): void {
    if (this.#isReported || this.#answer !== undefined) return;
    this.#answer = answer;
    this.#mark('framePublished', atMs);
  }

  #onAudible(answer: number, atMs: number): void {
    if (this.#isReported || this.#answer !== answer) return;
    this.#mark('firstAudible', atMs);
    this.#report();
  }

  #mark(name: HelloMarkName, atMs = this.#clock.nowMs()): void {
    this.#marks[name] ??= atMs;
  }

  #markWall(name: HelloMarkName, wallMs: number | undefined): void {
    if (wallMs !== undefined) this.#mark(name, wallToMonotonicMs(this.#clock, wallMs));
  }

  /** The marks of the work for the greeting, ms since the call began. */
  #allMarks(): CallRecord['marks'] {
    const marks = { ...this.#marks };
    if (!this.#job) marks.callerArrived ??= marks.sessionStarted;
    if (this.#isGenerated && this.#response && !this.#request) {
      // LiveKit's plugins send the request in the moment in which the greeting is asked for.
      marks.llmRequested = marks.greetingRequested;
      marks.firstContent = this.#response.firstAudioMs;
    } else if (this.#isGenerated) {
      marks.llmRequested = this.#request?.trace.marks.llmRequested;
      marks.firstContent = this.#request?.trace.marks.firstContent;
    }
    // Audio from the cache comes in the moment in which it is asked for.
    marks.ttsRequested = this.#trace?.requestedMs;
    marks.ttsFirstByte = this.#trace?.firstByteMs;
    const seen = Object.entries(marks).filter(
      (entry): entry is [HelloMarkName, number] => entry[1] !== undefined,
    );
    return Object.fromEntries(seen.map(([name, ms]) => [name, ms - this.#options.callStartMs]));
  }

  #report(problem?: string): void {
    this.#isReported = true;
    const { session, callId } = this.#options;
    const { llm: model, tts } = activityParts(session);
    const marks = this.#allMarks();
    const arrivedAgoMs =
      marks.callerArrived === undefined
        ? 0
        : this.#clock.nowMs() - this.#options.callStartMs - marks.callerArrived;
    const levers = isolatedValue('levers', this.#options.levers)();
    const trace = this.#request?.trace;
    const record = toCallRecord({
      callId,
      at: new Date(this.#clock.wallMs() - arrivedAgoMs).toISOString(),
      marks,
      problem,
      ...(marks.greetingRequested === undefined ? {} : { greeting: this.#kindOfGreeting() }),
      ...(trace && this.#isGenerated
        ? { llm: { provider: trace.provider, model: trace.model, emulated: trace.emulated } }
        : model && this.#isGenerated && 'provider' in model
          ? { llm: { provider: model.provider, model: model.model } }
          : {}),
      ...(tts ? { tts: { provider: tts.provider, model: tts.model } } : {}),
      ...(this.#transport ? { transport: this.#transport } : {}),
      ...(levers ? { levers: { ...levers } } : {}),
    });
    this.#onCall(record);
  }

  #kindOfGreeting(): NonNullable<CallRecord['greeting']> {
    if (this.#isGenerated) return 'generated';
    return this.#trace?.isCached ? 'cached' : 'said';
  }
}
