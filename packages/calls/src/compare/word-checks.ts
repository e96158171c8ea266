import { sameWords, type TurnRecord } from '@firstword/turn';
import type { RecordedRequest } from './llm-requests.js';

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The requests that the words heard can have come from: an answer that was cut short is the beginning of one. */
function origins(heard: string, asked: readonly RecordedRequest[]): RecordedRequest[] {
  const said = squeezed(heard);
  return said === '' ? [] : asked.filter(({ text }) => squeezed(text).startsWith(said));
}

/**
 * Whether the answer that was heard was written for other words than those that the turn was committed with: a
 * superseded speculation that got through, or an answer to the turn before. Where several requests wrote the same
 * words, one of them for the right question is enough.
 * @returns `undefined` where the record has no words, or no request wrote them (an apology, a fixed phrase)
 */
export function isWrongAnswer(
  { transcript }: TurnRecord,
  asked: readonly RecordedRequest[],
): boolean | undefined {
  if (transcript?.caller === undefined || transcript.agent === undefined) return undefined;
  const from = origins(transcript.agent, asked);
  if (from.length === 0) return undefined;
  return !from.some(({ words }) => sameWords(words, transcript.caller!));
}

/**
 * Whether the agent heard other words than were said, whichever part did it: the speech-to-text, or a commit in the
 * middle of the line that lost some.
 * @param records of the turns that the line made
 * @returns `undefined` where the words said, or those heard, are not known
 */
export function isMisheard(said: readonly string[], records: readonly TurnRecord[]): boolean | undefined {
  const heard = records.flatMap((record) => record.transcript?.caller ?? []);
  if (said.length === 0 || heard.length === 0) return undefined;
  return !sameWords(said.join(' '), heard.join(' '));
}
