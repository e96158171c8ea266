import {
  type Clock,
  isFirstwordError,
  systemClock,
  type TurnRecord,
  toTurnRecord,
  wallToMonotonicMs,
} from '@firstword/turn';
import type { metrics } from '@livekit/agents';
import { voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { activityParts } from '../internals/session-activity.js';
import { firstwordLlmOf } from '../llm/prepared-llm.js';
import {
  awaitsReplyToTools,
  type RealtimeResponse,
  type RealtimeTurnEnd,
} from '../realtime/realtime-turn.js';
import { isRescuePending } from '../realtime/rescue.js';
import { isDiscarded } from '../realtime/transcript-answers.js';
import { watchRepairs } from '../repair/watch-repairs.js';
import { unheardSpeech } from '../session/ask-again.js';
import type { Levers } from '../session/levers.js';
import { watchFillerSpeech } from '../tools/filler-speech.js';
import { tracedOutput } from '../transport/traced.js';
import { BargeIns } from './barge-ins.js';
import {
  type CommitContext,
  committedFacts,
  type EouMetrics,
  noSpeech,
  noteRepair,
  unheardMetrics,
} from './commit-facts.js';
import { HeardSpeech } from './heard-speech.js';
import { type HelloObserver, observeHello } from './hello-observer.js';
import { listenTo } from './listen-to.js';
import { fromLlmMetrics, noteMetrics } from './livekit-metrics.js';
import { cutAt, noWork, type OpenTurn, type TurnFacts, type TurnWork } from './observed-turn.js';
import type { ObserverOptions } from './observer-options.js';
import { hasStoppedByItself, nextSpeech, noteHeard, realtimeFacts } from './realtime-facts.js';
import { dropStray, noteAgentText, saidInstead } from './said-instead.js';
import { SessionTelemetry } from './session-telemetry.js';
import { type ObservedTool, watchToolRuns } from './tool-watch.js';
import { toObservation } from './turn-facts.js';
import { failedPart } from './turn-failure.js';
import { UnreportedTurns } from './unreported-turns.js';
import { isolated, isolatedValue } from './user-callback.js';
import { watchAnswers } from './watch-answers.js';
import { WatchedParts } from './watched-parts.js';

const { AgentSessionEventTypes: Event } = voice;

/**
 * Builds turn records from the events of an `AgentSession`. It only listens and does not change the session. With
 * Firstword's own LLM, TTS and transports every mark is exact. With others, marks come from LiveKit's metrics, and marks
 * those do not have are missing. Create it before `session.start()`.
 */
export class SessionObserver {
  readonly #options: ObserverOptions;
  readonly #onTurn: (record: TurnRecord, final: boolean) => void;
  readonly #levers: () => Readonly<Levers> | undefined;
  readonly #clock: Clock;
  readonly #callStartMs: number;
  readonly #telemetry: SessionTelemetry;
  readonly #stops: (() => void)[] = [];
  readonly #handles = new Map<string, voice.SpeechHandle>();
  #turns: number;
  #work = noWork();
  #speech = noSpeech();
  /** The committed turn whose answer has not ended. */
  #open: OpenTurn | undefined;
  readonly #heard = new HeardSpeech();
  readonly #bargeIns: BargeIns;
  readonly #hello: HelloObserver | undefined;
  readonly #parts: WatchedParts;
  readonly #unreported: UnreportedTurns;

  constructor(options: ObserverOptions) {
    assertSameCopy({ session: options.session });
    this.#options = options;
    this.#onTurn = isolated('onTurn', (record, final) => options.onTurn(record, final));
    this.#levers = isolatedValue('levers', options.levers);
    this.#turns = options.turnsBefore ?? 0;
    this.#clock = options.clock ?? systemClock;
    this.#callStartMs = options.callStartMs ?? this.#clock.nowMs();
    this.#telemetry = new SessionTelemetry(options.session);
    this.#unreported = new UnreportedTurns(options.session, this.#clock);
    const onBargeIn = () => Object.assign(this.#speech, { bargeIn: true });
    this.#bargeIns = new BargeIns({ ...options, clock: this.#clock, heard: this.#heard, onBargeIn });
    this.#parts = new WatchedParts(options.session, this.#clock, {
      onRequest: (r) => this.#work.requests.push(r),
      onPrepared: (p) => this.#work.prepared.push(p),
      onTtsTrace: (v) => this.#work.ttsTraces.push(v),
      onLlmMetrics: (m) => this.#newest().requests.push(fromLlmMetrics(m, (ms) => this.#fromWall(ms))),
      onPublished: (answer, atMs) => this.#onPublished(answer, atMs),
      onAudible: (answer, atMs) => this.#onAudible(answer, atMs),
      onSound: (answer, fromMs, toMs) => this.#bargeIns.sound(answer, fromMs, toMs),
      onPaused: (_, atMs) => this.#bargeIns.paused(atMs),
      onFinished: (answer, _playedMs, interrupted) => this.#onFinished(answer, interrupted),
      onTurnEnded: (end) => this.#onTurnEnded(end),
      onResponse: (response) => {
        if (!response.isFirstReport) this.#open?.facts.realtime?.responses.push(response);
      },
      onFirstReport: (response) => this.#onFirstReport(response),
    });
    this.#hello = observeHello(options, this.#clock, this.#callStartMs);
    this.#listen(options.session);
  }

  /**
   * Takes the caller side's report of when the first audible sample of an answer was played there (session clock, ms). A
   * time before that sample was sent is a clock error and is ignored.
   */
  callerHeard(answer: number, atMs: number): void {
    this.#hello?.callerHeard(answer, atMs);
    const open = this.#open;
    if (open?.answer !== answer || open.facts.callerHeardMs !== undefined) return;
    if (atMs < (open.facts.audibleMs ?? Number.POSITIVE_INFINITY)) return;
    open.facts.callerHeardMs = atMs;
    this.#report(open.facts, false);
  }

  /** Number of turns of the call so far. */
  get turns(): number {
    return this.#turns;
  }

  /** Whether the answer of a committed turn has not ended. */
  get isAnswering(): boolean {
    return this.#open !== undefined;
  }

  /** Completes the record of the current turn and stops listening. */
  close(): void {
    this.#endCall();
    for (const stop of this.#stops.splice(0)) stop();
    this.#hello?.close();
    this.#bargeIns.close();
    this.#parts.close();
  }

  #listen(session: voice.AgentSession): void {
    const on = listenTo(session, this.#stops);
    on(Event.UserInputTranscribed, (e) => this.#onTranscript(e));
    on(Event.EotPrediction, (e) => {
      this.#speech.isUnsureOfEnd = e.probability < e.threshold;
    });
    on(Event.SpeechCreated, (e) => this.#onSpeechCreated(e.speechHandle));
    on(Event.MetricsCollected, (e) => this.#onMetrics(e.metrics));
    on(Event.FunctionToolsExecuted, (e) => {
      const { facts } = this.#open ?? {};
      if (!facts) return;
      facts.toolCalls += e.functionCalls.length;
      if (facts.realtime) facts.realtime.toolsReturnedMs = this.#clock.nowMs();
    });
    on(Event.ConversationItemAdded, (e) => {
      if (e.item.type === 'agent_handoff') this.#parts.refresh();
      else if (this.#options.transcripts) noteAgentText(e.item, this.#open);
    });
    on(Event.AgentStateChanged, (e) => {
      // Other outputs report nothing more exact than the agent's state.
      if (e.newState === 'speaking' && !tracedOutput(session.output.audio)) {
        this.#onPublished(0, this.#fromWall(e.createdAt));
      } else if (e.oldState === 'speaking' && this.#open?.answer === 0) this.#onAudioEnded(this.#open);
    });
    on(Event.Error, ({ error }) => this.#onError(error));
    this.#stops.push(
      ...watchAnswers(session, this.#parts, {
        openTurn: () => this.#open,
        onUnended: (atMs) => this.#onTurnEnded({ reportedMs: atMs }),
        onUnreported: (atMs) => this.#openUnreported(atMs),
      }),
    );
    this.#stops.push(watchRepairs(session, (repair) => noteRepair(repair, this.#open?.facts, this.#speech)));
    this.#stops.push(watchFillerSpeech(session, () => this.#heard.expectFiller()));
    this.#stops.push(watchToolRuns(session, this.#clock, { onStart: (tool) => this.#onTool(tool) }));
    on(Event.Close, () => this.#endCall());
    this.#parts.refresh();
  }

  #onTool({ speechId, facts }: ObservedTool): void {
    const open = this.#open;
    if (open && [open.facts.speechId, open.speech?.id].includes(speechId)) open.facts.tools?.push(facts);
  }

  #onTranscript(event: voice.UserInputTranscribedEvent): void {
    const nowMs = this.#clock.nowMs();
    const { facts } = this.#open ?? {};
    this.#unreported.onWords();
    if (facts?.realtime?.end || facts?.realtime?.isEndUnreported) {
      // A realtime model reports the words of a turn when it is over.
      if (event.isFinal && this.#options.transcripts)
        facts.callerText = [facts.callerText, event.transcript].filter(Boolean).join(' ');
      return;
    }
    // Words after a commit belong to the next turn, and so do speculations on them.
    if (this.#open?.facts.work === this.#work) this.#work = noWork();
    if (!event.isFinal) {
      this.#speech.interimsMs.push(nowMs);
      return;
    }
    this.#speech.finalMs = nowMs;
    this.#speech.words = `${this.#speech.words} ${event.transcript}`.trim();
  }

  #onSpeechCreated(handle: voice.SpeechHandle): void {
    // A filler is no answer, nor anything that is said in place of one.
    if (this.#heard.isFiller(handle.id)) return;
    this.#handles.set(handle.id, handle);
    handle.addDoneCallback(() => this.#handles.delete(handle.id));
    const open = this.#open;
    if (open?.facts.realtime && !open.speech) this.#followSpeech(handle, open);
    const unheard = unheardSpeech(this.#options.session);
    if (!unheard) return;
    this.#onCommit(unheardMetrics(unheard, handle.id, this.#clock));
    if (this.#open) this.#open.facts.hasAskedAgain = true;
  }

  #onMetrics(collected: metrics.AgentMetrics): void {
    if (collected.type === 'eou_metrics') this.#onCommit(collected);
    else {
      const work = this.#newest();
      const known = [...work.requests, ...this.#work.requests];
      noteMetrics(collected, {
        work,
        known,
        session: this.#options.session,
        fromWall: (ms) => this.#fromWall(ms),
      });
    }
  }

  /** Firstword's LLM reports its failed requests itself, but not that the user's `prepare` failed before a request. */
  #onError(error: voice.ErrorEvent['error']): void {
    const failed = failedPart(error);
    if (!failed) return;
    const { part, cause } = failed;
    const isOwn = firstwordLlmOf(activityParts(this.#options.session).llm) !== undefined;
    if (part === 'llm' && isOwn && !isFirstwordError(cause, 'prepare_failed')) return;
    this.#newest().errors.push({ part, atMs: this.#clock.nowMs(), error: cause });
  }

  /** Metrics arrive late: while a turn is open, they belong to it. */
  #newest(): TurnWork {
    return this.#open?.facts.work ?? this.#work;
  }

  #onCommit(eou: EouMetrics): void {
    this.#openTurn((context) => committedFacts(eou, context), eou.speechId);
  }

  #onTurnEnded(end: RealtimeTurnEnd): void {
    this.#openTurn((context) => realtimeFacts(end, context), undefined, end);
  }

  /** The first output of a response whose turn's end was not reported. */
  #onFirstReport(response: RealtimeResponse): void {
    this.#openUnreported(response.createdMs, [...this.#handles.keys()].at(-1));
    this.#open?.facts.realtime?.responses.push(response);
  }

  #openUnreported(atMs: number, speechId?: string): void {
    if (!this.#unreported.isNewTurn(atMs)) return;
    this.#openTurn((context) => realtimeFacts({ reportedMs: atMs }, context), speechId, 'unreported');
  }

  #openTurn(
    factsOf: (context: CommitContext) => TurnFacts,
    speechId?: string,
    end?: RealtimeTurnEnd | 'unreported',
  ): void {
    // A new turn during an answer has interrupted it, even if the output has not reported that yet.
    const open = this.#open;
    if (open && !open.ended) this.#cut(open.facts);
    this.#finish();
    const { session, transport, transcripts = false } = this.#options;
    this.#telemetry.committed();
    const facts = factsOf({
      session,
      clock: this.#clock,
      callStartMs: this.#callStartMs,
      turn: ++this.#turns,
      work: this.#work,
      speech: this.#speech,
      transcripts,
      levers: this.#levers(),
      transport,
      fromWall: (wallMs) => this.#fromWall(wallMs),
    });
    facts.realtime = this.#parts.newRealtimeTurn(end);
    if (!facts.realtime) facts.tools = [];
    this.#hello?.onTurn();
    this.#speech = noSpeech();
    this.#open = { facts, ended: false };
    this.#followSpeech(this.#handles.get(speechId ?? ''), this.#open);
  }

  /**
   * Ends the turn when its speech is done. If no answer was heard and something else, such as an apology, is said in its
   * place at once, the turn ends with that.
   */
  #followSpeech(speech: voice.SpeechHandle | undefined, open: OpenTurn): void {
    open.speech = speech;
    if (speech && open.facts.realtime) open.facts.speechId ??= speech.id;
    speech?.addDoneCallback(() => {
      // What is said instead is created by callbacks of the same event.
      this.#clock.schedule(0, () => {
        if (this.#open !== open || open.speech !== speech) return;
        if (isDiscarded(speech)) {
          open.speech = undefined;
          open.facts.speechId = undefined;
          return;
        }
        const next = nextSpeech(open.facts.realtime, speech, [...this.#handles.values()]);
        if (next) return this.#followSpeech(next, open);
        const { realtime } = open.facts;
        const isMoreToCome =
          (realtime && awaitsReplyToTools(realtime)) || isRescuePending(this.#options.session);
        if (isMoreToCome && !speech.interrupted) {
          open.speech = undefined;
          return;
        }
        const instead = saidInstead(speech, open.facts, this.#handles);
        if (instead) {
          open.facts.saidInstead = instead.id;
          this.#followSpeech(instead, open);
        } else if (open.ended || open.facts.publishedMs === undefined) this.#finish();
      });
    });
  }

  #onPublished(answer: number, atMs: number): void {
    if (answer === 0) noteHeard(this.#open?.facts, atMs);
    this.#heard.published(answer, this.#options.session);
    if (!this.#open || this.#open.answer !== undefined) return;
    this.#open.answer = answer;
    this.#open.facts.publishedMs = atMs;
  }

  #onAudible(answer: number, atMs: number): void {
    noteHeard(this.#open?.facts, atMs);
    if (this.#open?.answer !== answer) return;
    this.#open.facts.audibleMs = atMs;
    this.#report(this.#open.facts, false);
  }

  #onFinished(answer: number, interrupted: boolean): void {
    this.#bargeIns.ended(this.#clock.nowMs(), interrupted);
    const open = this.#open;
    if (open?.answer !== answer || (interrupted && dropStray(open, this.#handles))) return;
    if (interrupted && this.#heard.isFillerAnswer(answer)) this.#heard.cut(this.#clock.nowMs());
    else if (interrupted && !hasStoppedByItself(open.facts)) this.#cut(open.facts);
    else open.facts.interrupted = false;
    this.#onAudioEnded(open);
  }

  /** Tools may still run, and more of the answer follow: then the turn ends with its speech. */
  #onAudioEnded(open: OpenTurn): void {
    open.ended = true;
    if (open.speech?.done() !== false) this.#finish();
  }

  /** The answer ends here: audio scheduled for later is never sent. */
  #cut(facts: TurnFacts): void {
    const nowMs = this.#clock.nowMs();
    this.#heard.cut(nowMs);
    this.#bargeIns.ended(nowMs, true);
    cutAt(facts, nowMs);
  }

  #endCall(): void {
    const open = this.#open;
    if (open && !open.ended) open.facts.isCallOver = true;
    this.#finish();
  }

  #finish(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    if (this.#work === open.facts.work) this.#work = noWork();
    this.#report(open.facts, true);
  }

  #report(facts: TurnFacts, final: boolean): void {
    facts.speech = this.#heard.since(facts.speechEndedMs ?? facts.committedMs);
    if (final) facts.interruptions = this.#bargeIns.take();
    const record = toTurnRecord(toObservation(facts, this.#options.callId, final));
    this.#onTurn(record, final);
    if (final) this.#telemetry.ended(record);
  }

  #fromWall(wallMs: number): number {
    return wallToMonotonicMs(this.#clock, wallMs);
  }
}
