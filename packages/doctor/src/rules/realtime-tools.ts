import type { SegmentName } from '@firstword/turn';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';
import { realtimeTurns, responseMs, spreadOf } from './realtime-model.js';

/** From the end of the turn to the first words before a tool, where no answer without a tool shows it, ms. */
const SPOKEN_MS = 700;

/** A tool that takes no longer, with the response after it, is no longer than a pause in speech. */
const SHORT_MS = 600;

const toolsMs = (turn: EvidenceTurn): number => waitedMs(turn, 'tools', 'afterTools');

/** Finds tools that a realtime model waits for in silence. */
export const realtimeTools: Rule = {
  id: 'realtime-tools',
  title: 'The realtime model waits for a tool in silence',
  looksFor: 'turns in which a realtime model calls a tool before it says anything',
  needs: 'Firstword’s records',
  part: 'tools',
  examine(evidence) {
    const measured = realtimeTurns(evidence.answered);
    const turns = measured.filter((turn) => toolsMs(turn) > SHORT_MS);
    if (turns.length === 0) return [];
    const others = measured.filter((turn) => toolsMs(turn) <= SHORT_MS);
    const spokenMs = others.length > 0 ? spreadOf(others, responseMs).p50Ms : SPOKEN_MS;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        if (!members.has(turn)) return 0;
        // Words before the tool need their own time, of which the call itself has taken a part.
        const most = toolsMs(turn) - Math.max(0, spokenMs - responseMs(turn));
        return [most * 0.5, most * 0.9, most];
      },
      'the model says a sentence before it calls the tool, as soon as an answer without a tool would be heard',
      ['tools', 'afterTools'],
    );
    if (!isNoticeable(saving)) return [];
    const { p50Ms } = spreadOf(turns, toolsMs);
    const { p50Ms: ownMs } = spreadOf(turns, (turn) => waitedMs(turn, 'tools'));
    return [
      findingOf(this, {
        verdict: `Callers hear nothing for ${ms(p50Ms)} more in ${turns.length} of ${measured.length} turns (${percent(turns.length / measured.length)}): ${ms(ownMs)} for the tool, the rest for the model’s second response.`,
        evidence: [evidenceLine(`tool and second response, median ${ms(p50Ms)}`, turns, toolsMs)],
        confidence: confidenceFrom(0.93, turns.length, 'both were timed'),
        saving,
        fix: sameRemedy(
          'Tell the model in its instructions to say one short sentence before it calls a tool (“Let me look that up.”); make the tool faster, or give the model what it needs beforehand',
          "new voice.Agent({ instructions: 'Before you call a tool, say one short sentence, such as: Let me look that up.' })",
        ),
        check: `The \`${'tools' satisfies SegmentName}\` segment is gone from the ledger: it is hidden behind the sentence.`,
        experiment: 'Log the tool’s own time: the rest is the model’s second response.',
      }),
    ];
  },
};
