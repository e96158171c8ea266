import { sameWords, type TurnRecord } from '@firstword/turn';
import type { RecordedRequest } from './llm-requests.js';

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The requests that can have generated the spoken words: an interrupted answer is a prefix of one. */
function origins(spoken: string, requests: readonly RecordedRequest[]): RecordedRequest[] {
  const said = squeezed(spoken);
  return said === '' ? [] : requests.filter(({ answerText }) => squeezed(answerText).startsWith(said));
}

/**
 * Whether the spoken answer was generated for other words than the committed ones: a superseded speculation that was not
 * discarded, or an answer to the previous turn. If several requests generated the same words, one for the right question
 * is enough.
 * @returns `undefined` where the record has no transcript, or no request generated the answer (an apology, a fixed phrase)
 */
export function isWrongAnswer(
  { transcript }: TurnRecord,
  requests: readonly RecordedRequest[],
): boolean | undefined {
  if (transcript?.caller === undefined || transcript.agent === undefined) return undefined;
  const from = origins(transcript.agent, requests);
  if (from.length === 0) return undefined;
  return !from.some(({ userText }) => sameWords(userText, transcript.caller!));
}

/**
 * Whether the transcript differs from the spoken words, because of the STT or because a commit in the middle of the line
 * lost some words. Half of a repaired turn does not count: the words of the whole turn contain its words.
 * @param records records of the turns within the line
 * @returns `undefined` where the spoken words or the transcript are not known
 */
export function isMisheard(said: readonly string[], records: readonly TurnRecord[]): boolean | undefined {
  const heard = records
    .filter(({ repaired }) => repaired?.part !== 'half')
    .flatMap((record) => record.transcript?.caller ?? []);
  if (said.length === 0 || heard.length === 0) return undefined;
  return !sameWords(said.join(' '), heard.join(' '));
}
