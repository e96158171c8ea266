import type { voice } from '@livekit/agents';
import { activeReply } from '../internals/session-activity.js';
import type { HeardSpan } from './observed-turn.js';

/** A pause up to this length is part of speech, ms: silences are counted from 200 ms on. */
const PAUSE_MS = 200;
/** Most stretches and fillers kept: those of the current turn are the newest. */
const MOST_KEPT = 200;

interface AnswerSpan extends HeardSpan {
  answer: number;
}

/** Keeps when the agent could be heard, and which of it was a filler that a speech of its own said. Times on the session's clock, ms. */
export class HeardSpeech {
  readonly #spans: AnswerSpan[] = [];
  readonly #fillerSpeeches: string[] = [];
  readonly #fillerAnswers: number[] = [];
  #isFillerNext = false;

  /** The next speech that the session creates is a filler. */
  expectFiller(): void {
    this.#isFillerNext = true;
  }

  /** Called once for each speech that the session creates: whether it is a filler. */
  isFiller(speechId: string): boolean {
    if (!this.#isFillerNext) return false;
    this.#isFillerNext = false;
    keep(this.#fillerSpeeches, speechId);
    return true;
  }

  /** The output has begun an answer. */
  published(answer: number, session: voice.AgentSession): void {
    const speech = activeReply(session);
    if (speech && this.#fillerSpeeches.includes(speech.id)) keep(this.#fillerAnswers, answer);
  }

  /** Whether the output's answer of this number is a filler alone. */
  isFillerAnswer(answer: number): boolean {
    return this.#fillerAnswers.includes(answer);
  }

  /** A piece of sound. Pieces come in order. */
  sound(answer: number, fromMs: number, toMs: number): void {
    const last = this.#spans.at(-1);
    const isFiller = this.isFillerAnswer(answer);
    if (last && fromMs - last.toMs <= PAUSE_MS && (last.isFiller ?? false) === isFiller) {
      last.toMs = Math.max(last.toMs, toMs);
      return;
    }
    keep(this.#spans, { answer, fromMs, toMs, ...(isFiller ? { isFiller } : {}) });
  }

  /** Sound that was scheduled for later is never heard: the answer was interrupted now. */
  cut(nowMs: number): void {
    const last = this.#spans.at(-1);
    if (!last || last.toMs <= nowMs) return;
    if (last.fromMs >= nowMs) this.#spans.pop();
    else last.toMs = nowMs;
  }

  /** The end of the newest sound up to then; `undefined` if nothing was heard. */
  lastSoundMs(untilMs: number): number | undefined {
    const last = this.#spans.findLast(({ fromMs }) => fromMs <= untilMs);
    return last && Math.min(last.toMs, untilMs);
  }

  /** Whether the agent could be heard then. */
  isHeardAt(ms: number): boolean {
    return this.#spans.some(({ fromMs, toMs }) => fromMs <= ms && toMs > ms);
  }

  /** What was heard since then. */
  since(ms: number): HeardSpan[] {
    return this.#spans.flatMap(({ answer: _, ...span }) => (span.toMs > ms ? [span] : []));
  }
}

function keep<T>(values: T[], value: T): void {
  values.push(value);
  if (values.length > MOST_KEPT) values.shift();
}
