import { type Clock, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';
import {
  detectEndOfTurn,
  lendWords,
  putBackWords,
  removeItem,
  watchActivity,
} from '../internals/turn-repair.js';
import { listenTo } from '../observe/listen-to.js';
import { DelayedTurnDetector } from '../session/end-of-turn.js';
import { TRANSCRIPT_WAIT_MS } from '../session/endpointing.js';
import { beforeCommit, type CommittedTurn } from '../stt/before-commit.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { AnsweredTurn, type Resumed } from './answered-turn.js';
import { addKeptTools, keepTools } from './kept-tools.js';
import { whyNotRepaired } from './repairable.js';
import { StopOnSound } from './stop-on-sound.js';
import { reportRepair } from './watch-repairs.js';

const { AgentSessionEventTypes: Event } = voice;

/** How much earlier than its report the caller's sound began, ms: the VAD needs two windows of 32 ms, and a third to rise. */
const VAD_LAG_MS = 96;

/**
 * Repairs cut-offs: when the caller goes on with a turn that the agent has committed in a pause, the agent stops at once,
 * the turn is taken back, and what follows is committed together with it.
 */
export class TurnRepair {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #sounds: StopOnSound;
  readonly #speeches = new Map<string, voice.SpeechHandle>();
  readonly #stops: (() => void)[] = [];
  #turn: AnsweredTurn | undefined;
  /** A turn that was taken back, and is to be committed again as part of a longer one. */
  #reopened: AnsweredTurn | undefined;
  /** Turns that were taken back and whose answers may still add items to the chat context. */
  #takenBack: AnsweredTurn[] = [];
  #cancelWait = () => {};

  constructor(session: voice.AgentSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#sounds = new StopOnSound(session, clock);
    this.#listen();
    this.#watchActivity();
  }

  close(): void {
    this.#sounds.cancel();
    this.#cancelWait();
    for (const stop of this.#stops.splice(0)) stop();
    this.#turn = undefined;
    this.#reopened = undefined;
  }

  #listen(): void {
    const on = listenTo(this.#session, this.#stops);
    on(Event.SpeechCreated, ({ speechHandle }) => {
      this.#speeches.set(speechHandle.id, speechHandle);
      speechHandle.addDoneCallback(() => this.#speeches.delete(speechHandle.id));
    });
    on(Event.MetricsCollected, ({ metrics }) => {
      if (metrics.type === 'eou_metrics') this.#onAnswer(metrics.speechId);
    });
    on(Event.AgentStateChanged, (event) => this.#onAgentState(event));
    on(Event.UserStateChanged, ({ newState }) => {
      this.#sounds.cancel();
      this.#cancelWait();
      if (newState === 'speaking') this.#onSpeech();
      else this.#waitForFinal();
    });
    on(Event.UserInputTranscribed, (event) => this.#onWords(event));
    on(Event.AgentFalseInterruption, ({ resumed }) => this.#onFalseInterruption(resumed));
    on(Event.ConversationItemAdded, ({ item }) => this.#onItem(item));
    this.#stops.push(beforeCommit(this.#session, (turn) => this.#onCommit(turn)));
  }

  #watchActivity(): void {
    watchActivity(this.#session, {
      onVad: (event) => this.#sounds.hear(event),
      keepsAudio: () =>
        this.#turn?.mayGoOn(this.#clock.nowMs()) === true && this.#sounds.isCallerHeard({ inWarmup: true }),
      dateOf: (text) =>
        this.#reopened && text.startsWith(this.#reopened.words) ? this.#reopened.createdAt : undefined,
      onTool: (run) => {
        const { speech } = run;
        [this.#turn, ...this.#takenBack].find((turn) => turn?.answer === speech)?.tools.push(run);
      },
      keepsTools: (speech) => this.#takenBack.some(({ answer }) => answer === speech),
    });
  }

  /** A turn is being committed; the function that it returns is called after `onUserTurnCompleted`. */
  async #onCommit({ chatCtx, message }: CommittedTurn): Promise<() => void> {
    const session = this.#session;
    this.#sounds.cancel();
    const turn = new AnsweredTurn({
      agent: session.currentAgent,
      words: message.textContent ?? '',
      committedMs: this.#clock.nowMs(),
      createdAt: this.#reopened?.createdAt ?? message.createdAt,
    });
    this.#turn = whyNotRepaired(session) === undefined ? turn : undefined;
    if (this.#reopened) await addKeptTools(this.#reopened, chatCtx, this.#clock);
    return () => {
      turn.isInHook = false;
      turn.written = message.textContent ?? '';
      // The caller has gone on meanwhile: this half gets no answer.
      if (turn.isReopened) throw new voice.StopResponse();
    };
  }

  /** LiveKit has chosen the answer to the committed turn. */
  #onAnswer(speechId: string | undefined): void {
    this.#reopened = undefined;
    const turn = this.#turn;
    const answer = this.#speeches.get(speechId ?? '');
    if (!turn || !answer) return;
    turn.answer = answer;
    answer.addDoneCallback(() => {
      turn.endedMs ??= this.#clock.nowMs();
    });
    // The caller went on during `onUserTurnCompleted`.
    if (turn.resumed && this.#session.userState === 'speaking') this.#sounds.stopNext(turn.resumed);
  }

  #onAgentState({ newState, oldState }: voice.AgentStateChangedEvent): void {
    const turn = this.#turn;
    if (!turn?.answer) return;
    const nowMs = this.#clock.nowMs();
    if (newState === 'speaking') turn.heardSinceMs ??= nowMs;
    else if (oldState === 'speaking' && turn.resumed) turn.resumed.pausedMs ??= nowMs;
  }

  #onSpeech(): void {
    const turn = this.#turn;
    // More of a continuation whose words are not known yet.
    if (!turn || (turn.resumed && !turn.resumed.isOver)) return;
    const atMs = this.#clock.nowMs() - VAD_LAG_MS;
    turn.resumed = turn.isCutOffAt(atMs) ? { atMs } : undefined;
    if (turn.resumed) this.#sounds.stop(turn.resumed);
  }

  #onFalseInterruption(resumed: boolean): void {
    const turn = this.#turn;
    if (!turn?.resumed) return;
    turn.resumed.isOver = true;
    if (resumed && turn.resumed.hasStopped) this.#sounds.onFalseStop();
    turn.resumed.hasStopped = false;
  }

  #onWords({ transcript, isFinal, language }: voice.UserInputTranscribedEvent): void {
    if (transcript.trim() === '') return;
    const turn = this.#turn;
    if (!turn) {
      this.#joinWords(isFinal);
      return;
    }
    if (!isFinal && turn.isRepeatedBy(transcript, language ?? undefined)) return;
    const { minWords = 0 } = this.#session.sessionOptions.turnHandling.interruption;
    if (transcript.trim().split(/\s+/).length < minWords) return;
    const nowMs = this.#clock.nowMs();
    // A VAD may miss the sound, and words may be final only after the commit.
    if (!turn.resumed && turn.isCutOffAt(nowMs)) turn.resumed = { atMs: nowMs };
    if (!turn.resumed || !this.#reopen(turn, turn.resumed)) return;
    this.#joinWords(isFinal);
    if (this.#session.userState !== 'speaking') this.#waitForFinal();
  }

  /** Puts the words of a turn that was taken back before the words that LiveKit is about to take. */
  #joinWords(isFinal: boolean): void {
    const reopened = this.#reopened;
    if (!reopened || reopened.isPutBack) return;
    if (isFinal) this.#putBack(reopened);
    else lendWords(this.#session, reopened.words);
  }

  #putBack(reopened: AnsweredTurn): void {
    const { words } = reopened;
    reopened.isPutBack = true;
    this.#cancelWait();
    putBackWords(this.#session, words);
    const { stt } = activityParts(this.#session);
    if (stt instanceof EagerSTT) stt.segments.putBack(words);
    const detector = activityTurnDetection(this.#session);
    if (detector instanceof DelayedTurnDetector) detector.policy.putBack(words);
  }

  /**
   * Answers the turn that was taken back again, as it was, unless a final transcript has words within a second: the words
   * of an interim alone may be withdrawn.
   */
  #waitForFinal(): void {
    const reopened = this.#reopened;
    if (!reopened || reopened.isPutBack) return;
    this.#cancelWait = this.#clock.schedule(TRANSCRIPT_WAIT_MS, () => {
      this.#putBack(reopened);
      detectEndOfTurn(this.#session);
    });
  }

  /** Takes a committed turn back: the caller goes on with it. */
  #reopen(turn: AnsweredTurn, { atMs, pausedMs = this.#clock.nowMs() }: Resumed): boolean {
    const session = this.#session;
    const { answer, agent, words } = turn;
    if (session.currentAgent !== agent || answer?.allowInterruptions === false) return false;
    this.#sounds.cancel();
    turn.isReopened = true;
    this.#turn = undefined;
    this.#sounds.onWords();
    this.#takenBack = [...this.#takenBack.filter((other) => other.answer?.done() === false), turn];
    this.#reopened = turn;
    keepTools(session, turn);
    if (turn.message) removeItem(session, agent, turn.message);
    for (const item of turn.heard) removeItem(session, agent, item);
    answer?.interrupt();
    reportRepair(session, {
      speechId: answer?.id,
      words,
      resumedMs: Math.max(0, atMs - turn.committedMs),
      stoppedMs: turn.heardSinceMs === undefined ? undefined : Math.max(0, pausedMs - atMs),
    });
    return true;
  }

  #onItem(item: voice.ConversationItemAddedEvent['item']): void {
    if (item.type === 'agent_handoff') {
      this.#turn = undefined;
      this.#reopened = undefined;
      this.#watchActivity();
      return;
    }
    for (const turn of this.#takenBack) {
      if (turn.heard.includes(item)) removeItem(this.#session, turn.agent, item);
    }
    const turn = this.#turn;
    if (turn?.isMessage(item)) {
      turn.message = item;
      turn.createdAt = item.createdAt;
    }
  }
}

/**
 * Repairs the cut-offs of a session. Call it before `session.start()`.
 *
 * @returns a function that stops it
 */
export function attachTurnRepair(session: voice.AgentSession, options: { clock?: Clock } = {}): () => void {
  assertSameCopy({ session });
  const repair = new TurnRepair(session, options.clock ?? systemClock);
  return () => repair.close();
}
