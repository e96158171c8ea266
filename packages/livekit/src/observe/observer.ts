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
import type { RealtimeTurnEnd } from '../realtime/realtime-turn.js';
import { watchRescues } from '../realtime/rescue.js';
import { type Repair, watchRepairs } from '../repair/watch-repairs.js';
import { unheardSpeech } from '../session/ask-again.js';
import type { Levers } from '../session/levers.js';
import { watchFillerSpeech } from '../tools/filler-speech.js';
import { tracedOutput } from '../transport/traced.js';
import {
  type CommitContext,
  committedFacts,
  type EouMetrics,
  noSpeech,
  unheardMetrics,
} from './commit-facts.js';
import { HeardSpeech } from './heard-speech.js';
import { type HelloObserver, observeHello } from './hello-observer.js';
import { listenTo } from './listen-to.js';
import { noteMetrics } from './livekit-metrics.js';
import { noWork, type TurnFacts, type TurnWork } from './observed-turn.js';
import type { ObserverOptions } from './observer-options.js';
import { nextSpeech, realtimeFacts } from './realtime-facts.js';
import { SessionTelemetry } from './session-telemetry.js';
import { type ObservedTool, watchToolRuns } from './tool-watch.js';
import { toObservation } from './turn-facts.js';
import { failedPart } from './turn-failure.js';
import { outcomeOfFacts } from './turn-outcome.js';
import { isolated, isolatedValue } from './user-callback.js';
import { WatchedParts } from './watched-parts.js';

interface OpenTurn {
  facts: TurnFacts;
  /** The output's number of the answer, once it is published. */
  answer?: number;
  /** Whether the audio that was published first has ended. After it, tools may run and more of the answer may follow. */
  ended: boolean;
  /** The speech that the turn ends with: its own, or the one that was said in its place. */
  speech?: voice.SpeechHandle | undefined;
}

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
  readonly #hello: HelloObserver | undefined;
  readonly #parts: WatchedParts;

  constructor(options: ObserverOptions) {
    assertSameCopy({ session: options.session });
    this.#options = options;
    this.#onTurn = isolated('onTurn', (record, final) => options.onTurn(record, final));
    this.#levers = isolatedValue('levers', options.levers);
    this.#turns = options.turnsBefore ?? 0;
    this.#clock = options.clock ?? systemClock;
    this.#callStartMs = options.callStartMs ?? this.#clock.nowMs();
    this.#telemetry = new SessionTelemetry(options.session);
    this.#parts = new WatchedParts(options.session, this.#clock, {
      onRequest: (r) => this.#work.requests.push(r),
      onPrepared: (p) => this.#work.prepared.push(p),
      onTtsTrace: (v) => this.#work.ttsTraces.push(v),
      onPublished: (answer, atMs) => this.#onPublished(answer, atMs),
      onAudible: (answer, atMs) => this.#onAudible(answer, atMs),
      onSound: (answer, fromMs, toMs) => this.#heard.sound(answer, fromMs, toMs),
      onFinished: (answer, _playedMs, interrupted) => this.#onFinished(answer, interrupted),
      onTurnEnded: (end) => this.#openTurn((context) => realtimeFacts(end, context), undefined, end),
      onResponse: (response) => this.#open?.facts.realtime?.responses.push(response),
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
    this.#parts.close();
  }

  #listen(session: voice.AgentSession): void {
    const on = listenTo(session, this.#stops);
    on(Event.UserInputTranscribed, (e) => this.#onTranscript(e));
    on(Event.EotPrediction, (e) => {
      this.#speech.isUnsureOfEnd = e.probability < e.threshold;
    });
    on(Event.UserStateChanged, (e) => {
      if (e.newState === 'speaking' && session.agentState === 'speaking') this.#speech.bargeIn = true;
    });
    on(Event.SpeechCreated, (e) => this.#onSpeechCreated(e.speechHandle));
    on(Event.MetricsCollected, (e) => this.#onMetrics(e.metrics));
    on(Event.FunctionToolsExecuted, (e) => {
      if (this.#open) this.#open.facts.toolCalls += e.functionCalls.length;
    });
    on(Event.ConversationItemAdded, (e) => {
      if (e.item.type === 'agent_handoff') this.#parts.refresh();
      else this.#onItem(e.item);
    });
    on(Event.AgentStateChanged, (e) => {
      // Other outputs report nothing more exact than the agent's state.
      if (e.newState === 'speaking' && !tracedOutput(session.output.audio)) {
        this.#onPublished(0, this.#fromWall(e.createdAt));
      } else if (e.oldState === 'speaking' && this.#open?.answer === 0) this.#onAudioEnded(this.#open);
    });
    on(Event.Error, ({ error }) => this.#onError(error));
    this.#stops.push(watchRescues(session, (atMs) => this.#onRescue(atMs)));
    this.#stops.push(watchRepairs(session, (repair) => this.#onRepair(repair)));
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
    if (facts?.realtime?.end) {
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

  /** The newest turn was only half of one: the next commit is of the whole. */
  #onRepair({ speechId, words, resumedMs, stoppedMs }: Repair): void {
    const times = { resumedMs, ...(stoppedMs === undefined ? {} : { stoppedMs }) };
    const half = this.#open?.facts;
    if (half && half.speechId === speechId) half.repaired = { part: 'half', ...times };
    const speech = this.#speech;
    speech.repaired = { part: 'whole', ...times };
    // The caller has spoken over an answer to their own half sentence.
    speech.bargeIn = false;
    speech.words = `${words} ${speech.words}`.trim();
  }

  #onRescue(atMs: number): void {
    const open = this.#open;
    if (!open?.facts.realtime) return;
    open.facts.realtime.rescuedMs = atMs;
    // What was sent of the answer so far is silence.
    delete open.answer;
    open.facts.publishedMs = undefined;
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

  #openTurn(factsOf: (context: CommitContext) => TurnFacts, speechId?: string, end?: RealtimeTurnEnd): void {
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
        const next = nextSpeech(open.facts.realtime, speech, [...this.#handles.values()]);
        if (next) return this.#followSpeech(next, open);
        const instead = this.#saidInstead(speech, open);
        if (instead) {
          open.facts.saidInstead = instead.id;
          this.#followSpeech(instead, open);
        } else if (open.ended || open.facts.publishedMs === undefined) this.#finish();
      });
    });
  }

  /** The speech that replaces one that is done and gave no answer. */
  #saidInstead(done: voice.SpeechHandle, { facts }: OpenTurn): voice.SpeechHandle | undefined {
    const isSilent = facts.publishedMs === undefined;
    if (!isSilent && (done.interrupted || outcomeOfFacts(facts, true).outcome !== 'failed')) return undefined;
    const instead = [...this.#handles.values()].findLast((h) => h.scheduled && !h.interrupted);
    if (isSilent) facts.interrupted = done.interrupted && !instead;
    return instead;
  }

  #onPublished(answer: number, atMs: number): void {
    this.#heard.published(answer, this.#options.session);
    if (!this.#open || this.#open.answer !== undefined) return;
    this.#open.answer = answer;
    this.#open.facts.publishedMs = atMs;
  }

  #onAudible(answer: number, atMs: number): void {
    if (this.#open?.answer !== answer) return;
    this.#open.facts.audibleMs = atMs;
    this.#report(this.#open.facts, false);
  }

  #onFinished(answer: number, interrupted: boolean): void {
    const open = this.#open;
    if (open?.answer !== answer || (interrupted && this.#wasStray(open))) return;
    if (interrupted && this.#heard.isFillerAnswer(answer)) this.#heard.cut(this.#clock.nowMs());
    else if (interrupted) this.#cut(open.facts);
    else open.facts.interrupted = false;
    this.#onAudioEnded(open);
  }

  /** Tools may still run, and more of the answer follow: then the turn ends with its speech. */
  #onAudioEnded(open: OpenTurn): void {
    open.ended = true;
    if (open.speech?.done() !== false) this.#finish();
  }

  /**
   * LiveKit 1.9.0 may publish a frame or two of an answer that was discarded at the commit, and clear them at once. They were
   * not audible, and the turn's own answer still follows.
   */
  #wasStray(open: OpenTurn): boolean {
    const { facts } = open;
    const own = facts.speechId === undefined ? undefined : this.#handles.get(facts.speechId);
    if (facts.audibleMs !== undefined || !own || own.interrupted) return false;
    delete open.answer;
    facts.publishedMs = undefined;
    return true;
  }

  /** The answer ends here: audio scheduled for later is never sent. */
  #cut(facts: TurnFacts): void {
    const nowMs = this.#clock.nowMs();
    this.#heard.cut(nowMs);
    facts.interrupted = true;
    facts.cutMs = nowMs;
    if (facts.publishedMs !== undefined && facts.publishedMs > nowMs) facts.publishedMs = undefined;
    if (facts.audibleMs !== undefined && facts.audibleMs > nowMs) facts.audibleMs = undefined;
  }

  #onItem(item: { type: string; role?: string; textContent?: string | undefined }): void {
    if (item.type !== 'message' || item.role !== 'assistant' || !this.#options.transcripts) return;
    // Before that, it is the end of an earlier answer.
    if (!this.#open?.ended) return;
    const { facts } = this.#open;
    facts.agentText = [facts.agentText, item.textContent].filter(Boolean).join(' ');
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
    const record = toTurnRecord(toObservation(facts, this.#options.callId, final));
    this.#onTurn(record, final);
    if (final) this.#telemetry.ended(record);
  }

  #fromWall(wallMs: number): number {
    return wallToMonotonicMs(this.#clock, wallMs);
  }
}
