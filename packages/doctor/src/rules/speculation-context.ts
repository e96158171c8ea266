import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated, MAX_DISCARDED, savedFromInterimMs, wasDiscarded } from './speculated.js';

/** A hook that edits the context does something first: look something up, at least for so long. */
const MIN_LOGIC_MS = 3;

const logic = ({ parts }: EvidenceTurn): number => parts.logicMs ?? 0;

/** Finds speculative answers that are discarded because the chat context changes before the commit. */
export const speculationContext: Rule = {
  id: 'speculation-context',
  title: 'Early answers are thrown away by your own code',
  looksFor:
    'speculations that are discarded in turns in which `onUserTurnCompleted` worked: an edit of the context makes them void',
  needs: 'Firstword’s records',
  part: 'early start',
  examine(evidence) {
    const started = evidence.answered.filter(hasSpeculated);
    const turns = started.filter((turn) => wasDiscarded(turn) && logic(turn) >= MIN_LOGIC_MS);
    if (turns.length < 2 || turns.length < MAX_DISCARDED * started.length) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromInterimMs(turn) : 0;
        return [most * 0.6, most, most + logic(turn)];
      },
      'the early answer is kept, as it is where the context stays as it was',
    );
    if (!isNoticeable(saving)) return [];
    const took = median(turns.map(logic))!;
    return [
      findingOf(this, {
        verdict: `${percent(turns.length / started.length)} of the early answers are thrown away, each after ${ms(took)} in \`onUserTurnCompleted\`: editing the context there makes them void.`,
        evidence: [
          evidenceLine(
            `started, not kept, and the LLM asked again after ${ms(took)} of your code`,
            turns,
            savedFromInterimMs,
          ),
        ],
        confidence: confidenceFrom(
          0.82,
          turns.length,
          'whole turns lose it just where your code runs; callers who go on talking are the other reason',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Do not edit `chatCtx` in the hook: put what you look up into a tool, or into the next turn',
            code: 'async onUserTurnCompleted(chatCtx, message) { /* read only */ }',
          },
          firstword: {
            text: 'Move the hook’s body to `prepare`: it then runs with the speculation and is part of it',
            code: 'lowLatency({ stt, llm, tts, prepare: async (chatCtx, message, { signal }) => { … } })',
          },
        },
        check: '`speculation.kept` is 1 where `started` is not 0.',
        experiment:
          'Return from the hook at once for one call: if early answers are then kept, it was the edit.',
      }),
    ];
  },
};
