import type { Marks } from '../marks.js';

/** How a turn can end. */
export const TURN_OUTCOMES = [
  /** The answer was heard, to its end. */
  'answered',
  /** The caller spoke again, or the call ended, before the answer was over, or before it was heard. */
  'interrupted',
  /** The model called tools, and nothing was to be said. */
  'tool_only',
  /** There was no answer: an apology was said in its place. */
  'apology',
  /** The caller's speech brought no words: the caller was asked to repeat it. */
  'asked_again',
  /** There was no answer, and nothing in its place. A filler phrase alone is no answer. */
  'failed',
  /** The answer was heard, and broke off because the LLM or the TTS failed. */
  'cut_short',
] as const;

/** One of `TURN_OUTCOMES`. */
export type TurnOutcome = (typeof TURN_OUTCOMES)[number];

/** Outcomes of turns that failed: the caller got no answer, or not all of it. */
export const FAILED_OUTCOMES: readonly TurnOutcome[] = ['apology', 'asked_again', 'failed', 'cut_short'];

/** Why a turn failed. It holds no text of a provider, which may quote a key or a prompt. */
export interface TurnFailure {
  /** The part that failed; `app` is the user's own code. */
  part: 'stt' | 'llm' | 'tts' | 'app';
  /**
   * Code of the `FirstwordError`, `no_words` (speech without a transcript), `empty_answer` (no text), `no_audio` (text without
   * sound), or `unknown`.
   */
  code: string;
  /** HTTP status, if the provider answered. */
  status?: number | undefined;
}

/** The fields of a record that show how its turn ended. */
export interface EndedTurn {
  outcome?: TurnOutcome | undefined;
  failure?: TurnFailure | undefined;
  marks: Marks;
  llm?: object | undefined;
  bridge?: { answerGapMs?: number | undefined } | undefined;
  imported?: object | undefined;
  repaired?: { part: 'half' | 'whole' } | undefined;
  toolCalls: number;
  interrupted: boolean;
}

const PART_NAMES: Record<TurnFailure['part'], string> = {
  stt: 'STT',
  llm: 'LLM',
  tts: 'TTS',
  app: 'your code',
};

const CODE_TEXTS: Readonly<Record<string, string>> = {
  aborted: 'aborted',
  auth: 'the key was refused',
  bad_request: 'the request was refused',
  bad_stream: 'the stream broke off',
  connect_failed: 'no connection',
  context_too_long: 'the context is too long',
  empty_answer: 'the answer was empty',
  model_not_found: 'there is no such model',
  no_audio: 'the answer had no sound',
  no_words: 'the speech brought no words',
  not_an_api: 'this is not the API',
  prepare_failed: '`prepare` failed',
  provider_unavailable: 'the provider is unavailable',
  rate_limited: 'the rate limit is reached',
  timeout: 'timed out',
  unknown: 'failed',
};

/** A failure as text: `LLM answered 401: the key was refused`, `TTS: no connection`. */
export function failureText({ part, code, status }: TurnFailure): string {
  const what = CODE_TEXTS[code] ?? code.replaceAll('_', ' ');
  return status === undefined
    ? `${PART_NAMES[part]}: ${what}`
    : `${PART_NAMES[part]} answered ${status}: ${what}`;
}

/** Whether a turn failed. `undefined`, an outcome that is not reported, is no failure. */
export function isFailed(outcome: TurnOutcome | undefined): boolean {
  return outcome !== undefined && FAILED_OUTCOMES.includes(outcome);
}

/**
 * Whether the LLM was asked and no part of an answer came, so that what was heard cannot be its answer. False for turns
 * with a filler phrase: their records are also shown while the answer is still being made.
 */
function hasNoContent({ llm, marks, bridge, toolCalls, interrupted, imported }: EndedTurn): boolean {
  const { llmRequested, firstDelta, firstContent, contentAfterTools } = marks;
  const content = firstContent ?? contentAfterTools ?? firstDelta;
  const isAsked = llm !== undefined && llmRequested !== undefined && !imported && !bridge;
  return isAsked && content === undefined && toolCalls === 0 && !interrupted;
}

/**
 * The outcome of a turn. For older records without `outcome`: `failed` if the LLM was asked and no content came,
 * `interrupted` if they say so, otherwise not reported.
 *
 * @returns `undefined` if it is not reported
 */
export function outcomeOf(turn: EndedTurn): TurnOutcome | undefined {
  if (turn.outcome !== undefined) return turn.outcome;
  if (hasNoContent(turn)) return 'failed';
  return turn.interrupted ? 'interrupted' : undefined;
}

const NO_ANSWER: Readonly<Partial<Record<TurnOutcome, string>>> = {
  tool_only: 'the model called a tool and said nothing',
  apology: 'an apology was said instead of an answer',
  asked_again: 'the caller was asked to repeat',
  failed: 'the turn failed',
  cut_short: 'the answer broke off',
};

/** The reason why a turn in which the caller was cut off has no gap: the answer to half a turn is not an answer. */
export const CUT_OFF_REASON = 'the caller was cut off and went on: the next turn is the whole one';

/** Why a turn has no answer, and so no felt gap, whatever was audible; `undefined` if it may have one. */
export function noAnswerReason(turn: EndedTurn): string | undefined {
  if (turn.repaired?.part === 'half') return CUT_OFF_REASON;
  const outcome = outcomeOf(turn);
  if (outcome === undefined || outcome === 'answered') return undefined;
  if (outcome === 'interrupted') {
    const isFillerOnly = turn.bridge !== undefined && turn.bridge.answerGapMs === undefined;
    return isFillerOnly ? 'the caller spoke again after the filler phrase, before the answer' : undefined;
  }
  const why = turn.failure && isFailed(outcome) ? `: ${failureText(turn.failure)}` : '';
  return `${NO_ANSWER[outcome]}${why}`;
}
