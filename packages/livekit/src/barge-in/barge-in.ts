import { type Clock, isBackchannel, systemClock } from '@firstword/turn';
import { type stt, type VADEvent, voice } from '@livekit/agents';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { isReplyPaused, resumeReply, resumeReplyAfter, watchOverlap } from '../internals/overlap.js';
import { activeReply } from '../internals/session-activity.js';
import { pauseReply } from '../internals/turn-repair.js';
import { listenTo } from '../observe/listen-to.js';
import { CallerLevel } from '../repair/caller-level.js';
import { AskedQuestions } from './asked-questions.js';
import type { BargeInTimes } from './barge-in-times.js';
import { whyNotStopped } from './stoppable.js';

const { AgentSessionEventTypes: Event } = voice;

/** How much quieter than the caller's speech a sound may be that stops the agent, dB: an echo that is cancelled is quieter. */
const CALLER_WITHIN_DB = 20;
/** Probability of speech from which a sound stops the agent: of coughs and knocks, VADs are less sure. */
const SURE = 0.8;
/** Windows of the VAD of which one must be that sure. */
const RECENT_WINDOWS = 3;
/** How often a sound that does not stop the agent yet is looked at again, ms: a window of the VAD. */
const LOOK_AGAIN_MS = 32;
/** After this many stops in a row that no words followed, only LiveKit stops the agent: the line has an echo, or the caller a cold. */
const MAX_FALSE_STOPS = 2;
/**
 * Stops the agent at the caller's first sound. It goes on as soon as that is known to be no interruption: a short sound without
 * words, or words that only show attention.
 */
class BargeIn {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #resumeAfterMs: number | undefined;
  readonly #level = new CallerLevel();
  readonly #asked: AskedQuestions;
  readonly #stops: (() => void)[] = [];
  #stopWatching = () => {};
  #cancelLook = () => {};
  #probabilities: number[] = [];
  #falseStops = 0;
  /** The reply is paused by a sound, and what it is is not known yet. */
  #isPending = false;
  /** The words of the sound that goes on only show attention so far. */
  #isAttention = false;

  constructor(session: voice.AgentSession, options: BargeInTimes & { clock: Clock }) {
    this.#session = session;
    this.#clock = options.clock;
    this.#resumeAfterMs = options.resumeAfterMs;
    this.#asked = new AskedQuestions(session);
    const on = listenTo(session, this.#stops);
    on(Event.UserStateChanged, ({ newState }) => {
      this.#cancelLook();
      this.#isAttention = false;
      if (newState === 'speaking') this.#stop();
    });
    on(Event.AgentFalseInterruption, ({ resumed }) => this.#onFalseStop(resumed));
    on(Event.UserInputTranscribed, ({ transcript }) => this.#onWords(transcript));
    on(Event.ConversationItemAdded, ({ item }) => {
      if (item.type === 'agent_handoff') this.#watch();
    });
    this.#watch();
  }

  close(): void {
    this.#cancelLook();
    this.#stopWatching();
    this.#asked.close();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #watch(): void {
    this.#stopWatching();
    this.#stopWatching = watchOverlap(this.#session, {
      onVad: (event) => this.#hear(event),
      ignoresSound: () => this.#isAttention,
      dropsWords: (words) => this.#dropsWords(words),
    });
  }

  #hear(event: VADEvent): void {
    this.#level.hear(event, this.#session.agentState === 'speaking');
    this.#probabilities = [...this.#probabilities.slice(1 - RECENT_WINDOWS), event.probability];
  }

  get #isSure(): boolean {
    const isCaller = this.#level.isCaller(CALLER_WITHIN_DB) ?? true;
    return isCaller && (this.#probabilities.length === 0 || Math.max(...this.#probabilities) >= SURE);
  }

  /** Stops the reply, now or as soon as the sound is surely the caller's voice. */
  #stop(): void {
    const session = this.#session;
    if (session.agentState !== 'speaking' || session.userState !== 'speaking') return;
    if (this.#falseStops >= MAX_FALSE_STOPS || whyNotStopped(session) !== undefined) return;
    // The first agent may have started after this was attached.
    this.#watch();
    if (!this.#isSure) {
      this.#cancelLook = this.#clock.schedule(LOOK_AGAIN_MS, () => this.#stop());
      return;
    }
    this.#isPending = pauseReply(session, { inEchoWarmup: false });
    if (this.#isPending && this.#resumeAfterMs !== undefined) resumeReplyAfter(session, this.#resumeAfterMs);
  }

  #onFalseStop(resumed: boolean): void {
    if (this.#isPending && resumed) this.#falseStops += 1;
    this.#isPending = false;
  }

  /** Words that are more than attention: the reply stays paused until they are final. */
  #onWords(transcript: string): void {
    if (transcript.trim() === '') return;
    this.#falseStops = 0;
    this.#isAttention = false;
    const { falseInterruptionTimeout } = this.#session.sessionOptions.turnHandling.interruption;
    if (this.#isPending && falseInterruptionTimeout !== undefined)
      resumeReplyAfter(this.#session, falseInterruptionTimeout);
    this.#isPending = false;
  }

  #dropsWords({ text, language }: stt.SpeechData): boolean {
    const session = this.#session;
    const reply = activeReply(session);
    const isHeard = session.agentState === 'speaking' || isReplyPaused(session);
    if (!reply || !isHeard || whyNotStopped(session) !== undefined) return false;
    if (this.#asked.mayHaveAsked(reply) || !isBackchannel(text, { language })) return false;
    this.#isPending = false;
    this.#isAttention = session.userState === 'speaking';
    resumeReply(session);
    return true;
  }
}

/**
 * Stops the agent at once when the caller breaks in, and lets it go on after coughs and words that only show attention.
 *
 * @returns a function that stops it
 */
export function attachBargeIn(
  session: voice.AgentSession,
  options: BargeInTimes & { clock?: Clock },
): () => void {
  assertSameCopy({ session });
  const { clock = systemClock, resumeAfterMs } = options;
  const bargeIn = new BargeIn(session, { clock, resumeAfterMs });
  return () => bargeIn.close();
}
