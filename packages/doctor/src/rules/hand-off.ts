import type { EvidenceTurn, RunEvent } from '../evidence.js';
import { beforeReplyMs, hasLedger, waitedMs } from '../waited.js';
import { LONGEST_SENTENCE_MS } from '../what-if/reported-marks.js';
import { eventsMs } from './machine-late.js';

/** Ignore differences below the resolution of rounded figures and audio frames. */
const NOISE_MS = 40;

/** Events that take time which no stage of a turn reports. */
const TAKING_TIME: readonly RunEvent['kind'][] = [
  'event loop blocked',
  'process not scheduled',
  'slow inference',
  'tts retried',
  'llm retried',
];

/** What the reported parts of a turn leave of the whole, ms. `undefined` where a part or the whole is not known. */
function restMs(turn: EvidenceTurn): number | undefined {
  const { ttftMs, ttsMs } = turn.parts;
  const beforeMs = beforeReplyMs(turn);
  if (hasLedger(turn) || turn.measure !== 'firstFrame' || turn.gapMs === undefined) return undefined;
  if (ttftMs === undefined || ttsMs === undefined || beforeMs === undefined || turn.toolCalls > 0)
    return undefined;
  const rest = turn.gapMs - beforeMs - ttftMs - ttsMs - eventsMs(turn, TAKING_TIME);
  return rest > NOISE_MS ? rest : 0;
}

/** An LLM that is used for speech writes at least this fast. */
const SLOWEST_TOKENS_PER_SECOND = 15;
/** In English; other scripts take up to a token for each character (docs/doctor/token-inflation.md). */
const CHARACTERS_PER_TOKEN = 4;
/** Until the first sentence has been handed over, and its words are synthesized. */
const HAND_OVER_MS = 200;

/** The longest that a first sentence of this answer can have been waited for, ms. */
function longestSentenceMs({ reply }: EvidenceTurn): number {
  if (!reply) return LONGEST_SENTENCE_MS;
  const words = Object.values(reply.wordsByScript).reduce((sum, count) => sum + count, 0);
  const isLatin = (reply.wordsByScript.Latin ?? 0) > words / 2;
  const tokens = isLatin ? reply.characters / CHARACTERS_PER_TOKEN : reply.characters;
  const wholeMs = (tokens / SLOWEST_TOKENS_PER_SECOND) * 1000;
  return Math.max(HAND_OVER_MS, wholeMs + HAND_OVER_MS);
}

/**
 * Time between the first token and the text that the TTS received. Without a ledger it is reported, or else the gap less the
 * reported parts, if that is no longer than a sentence can take: LiveKit's time to first byte begins when text reaches the TTS.
 * @returns `undefined` where it cannot be computed
 */
export function handOffMs(turn: EvidenceTurn): number | undefined {
  const { clauseMs, firstSentenceMs, ttftMs } = turn.parts;
  // The ledger's "held for the commit" ends after the commit: text that was ready would have been sent at once.
  if (hasLedger(turn)) return Math.min(waitedMs(turn, 'clause', 'held'), clauseMs ?? 0);
  if (firstSentenceMs !== undefined && ttftMs !== undefined) return Math.max(0, firstSentenceMs - ttftMs);
  const rest = restMs(turn);
  return rest === undefined || rest > longestSentenceMs(turn) ? undefined : rest;
}

/** What neither a reported part, nor a sentence, nor an event explains of the whole, ms. `undefined` where it is not known. */
export function unexplainedRestMs(turn: EvidenceTurn): number | undefined {
  const rest = restMs(turn);
  return rest === undefined ? undefined : Math.max(0, rest - (handOffMs(turn) ?? 0));
}

/** A first clause is complete after this, at 100 tokens a second or more. */
export const REACHABLE_MS = 60;

/** Whether Firstword's hand-off by clauses is on. */
export const hasClauses = ({ levers }: EvidenceTurn): boolean => levers?.clause === true;
