import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { handOffMs, hasClauses, REACHABLE_MS } from './hand-off.js';
import { mainScriptOf } from './main-script.js';

/** Scripts whose sentences do not end with `. ? !`. */
const OWN_STOPS = ['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Han', 'Hiragana', 'Katakana', 'Arabic'];

const words = ({ reply }: EvidenceTurn, scripts?: readonly string[]): number =>
  Object.entries(reply?.wordsByScript ?? {}).reduce(
    (sum, [name, n]) => (!scripts || scripts.includes(name) ? sum + n : sum),
    0,
  );

const isOwnScript = (turn: EvidenceTurn): boolean => words(turn, OWN_STOPS) > words(turn) / 2;
/** LiveKit finds no sentence end: it does not know the script's stops, or there is only one sentence. */
const isUncut = ({ reply }: EvidenceTurn): boolean =>
  reply !== undefined && (reply.cutsInScript > reply.cuts || reply.cuts === 0);

/** `this answer, one sentence in Devanagari,` */
function whose(turns: readonly EvidenceTurn[], { answered }: Evidence): string {
  const script = mainScriptOf(turns);
  if (turns.length > 1) return `${percent(turns.length / answered.length)} of the answers, in ${script},`;
  return `this answer, ${turns[0]!.reply!.cutsInScript === 0 ? 'one sentence ' : ''}in ${script},`;
}

/** Finds answers in scripts whose sentence ends LiveKit’s tokenizer does not know. */
export const scriptSplitter: Rule = {
  id: 'script-splitter',
  title: 'The sentence splitter does not know the script',
  looksFor: 'answers in a script with its own stops, which LiveKit sends to the TTS as one block at the end',
  needs: 'the words of the answers',
  part: 'hand-off',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => isOwnScript(turn) && isUncut(turn) && !hasClauses(turn));
    if (turns.length === 0) return [];
    const wait = median(turns.flatMap((turn) => handOffMs(turn) ?? []));
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? (handOffMs(turn) ?? 0) - REACHABLE_MS : 0),
      `a first clause ${REACHABLE_MS} ms after the first token`,
      ['clause', 'held'],
    );
    const cost =
      wait === undefined
        ? 'the cost is unknown'
        : isNoticeable(saving)
          ? `the voice gets its first text ${ms(wait)} after the first token`
          : 'here that cost next to nothing: the parts leave no more than 40 ms for it';
    return [
      findingOf(this, {
        kind: wait === undefined ? 'unknown' : 'cause',
        verdict: `LiveKit’s splitter knows only “. ? !” and hands ${whose(turns, evidence)} over as one block when the stream ends; ${cost}.`,
        evidence: [
          evidenceLine(
            'mostly in a script with its own stops, without a sentence end that LiveKit knows',
            turns,
            (turn) => handOffMs(turn) ?? 0,
          ),
        ],
        confidence: confidenceFrom(
          wait !== undefined && turns.some(hasLedger) ? 0.94 : 0.7,
          turns.length,
          'the splitter’s rule is in LiveKit’s source',
        ),
        ...(isNoticeable(saving) ? { saving } : {}),
        fix: {
          livekit: {
            text: 'Replace the danda and CJK stops by marks that LiveKit’s tokenizer knows, in `ttsNode`',
            code: `override ttsNode(text, settings) {
  async function* marked() {
    for await (const piece of text) yield piece.replace(/[।॥。]/g, '. ').replace(/！/g, '! ').replace(/？/g, '? ');
  }
  return voice.Agent.default.ttsNode(this, marked(), settings);
}`,
          },
          firstword: {
            text: 'Clauses are cut in any script',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { clause: true } } })',
          },
        },
        check: 'The first clause of a two-sentence answer reaches the TTS before the second is generated.',
        ...(wait === undefined
          ? {
              logNext: {
                text: 'Export the caller’s messages too: their `end_of_turn_delay` shows how much is left for the hand-off',
              },
            }
          : {}),
      }),
    ];
  },
};
