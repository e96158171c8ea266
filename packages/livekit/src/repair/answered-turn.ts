import { isCutOff, sameWords, wordsOf } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import type { ToolRun } from '../internals/turn-repair.js';

type ChatItem = voice.SpeechHandle['chatItems'][number];

/** How the caller spoke again after a commit. Times on the session's clock, ms. */
export interface Resumed {
  atMs: number;
  /** When the answer was paused. */
  pausedMs?: number;
  /** The sound alone has stopped the answer, before there were words. */
  hasStopped?: boolean;
  /** No words have followed, and the answer has resumed. Words may still come. */
  isOver?: boolean;
}

/** A committed turn and what has become of its answer. Times on the session's clock, ms. */
export class AnsweredTurn {
  readonly agent: voice.Agent;
  /** The words as LiveKit had committed them, before `onUserTurnCompleted`. */
  readonly words: string;
  readonly committedMs: number;
  /** The words that `onUserTurnCompleted` has left. */
  written: string;
  /** When the first part of the turn was said, Unix ms: the place of its message in the conversation. */
  createdAt: number;
  /** The agent's `onUserTurnCompleted` is running, so there is no answer yet. */
  isInHook = true;
  answer: voice.SpeechHandle | undefined;
  heardSinceMs: number | undefined;
  endedMs: number | undefined;
  resumed: Resumed | undefined;
  /** The turn has been taken back: the caller goes on with it. */
  isReopened = false;
  /** LiveKit has the words of the reopened turn again, and commits them with those that follow. */
  isPutBack = false;
  /** The caller's message, once it is in the conversation. */
  message: ChatItem | undefined;
  readonly tools: ToolRun[] = [];
  /** Resolves when the outputs of `tools` are in the conversation of a turn that was taken back. */
  kept: Promise<unknown> | undefined;

  constructor(of: { agent: voice.Agent; words: string; committedMs: number; createdAt: number }) {
    this.agent = of.agent;
    this.words = of.words;
    this.written = of.words;
    this.committedMs = of.committedMs;
    this.createdAt = of.createdAt;
  }

  /** Whether a caller who speaks from `atMs` on was cut off by the commit of this turn. */
  isCutOffAt(atMs: number): boolean {
    const { answer, isInHook, heardSinceMs, endedMs } = this;
    if (!isInHook && !answer?.allowInterruptions) return false;
    return isCutOff({
      resumedMs: atMs - this.committedMs,
      heardMs: heardSinceMs === undefined ? undefined : atMs - heardSinceMs,
      endedMs: endedMs === undefined ? undefined : atMs - endedMs,
    });
  }

  /** Whether the caller goes on with this turn, as far as is known, or is cut off if they do so now. */
  mayGoOn(nowMs: number): boolean {
    return this.resumed === undefined ? this.isCutOffAt(nowMs) : !this.resumed.isOver;
  }

  /** Whether a transcript has no words, or only repeats the last words of this turn, as a late interim does. */
  isRepeatedBy(transcript: string, language: string | undefined): boolean {
    const words = wordsOf(this.words, { language });
    const heard = wordsOf(transcript, { language });
    if (heard.length === 0) return true;
    return heard.length <= words.length && words.slice(-heard.length).join(' ') === heard.join(' ');
  }

  /** Whether a chat item is the caller's message of this turn, which is added once. */
  isMessage(item: ChatItem): boolean {
    if (this.message || item.type !== 'message' || item.role !== 'user') return false;
    return sameWords(item.textContent ?? '', this.written);
  }

  /** What was heard of this turn's answer. */
  get heard(): readonly ChatItem[] {
    const items = this.answer?.chatItems ?? [];
    return items.filter((item) => item.type === 'message' && item.role === 'assistant');
  }
}
