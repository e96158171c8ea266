import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated, MAX_DISCARDED, savedFromInterimMs, wasDiscarded } from './speculated.js';

/** A hook that edits the context takes at least this long, because it looks something up first. */
const MIN_LOGIC_MS = 3;

const logic = ({ parts }: EvidenceTurn): number => parts.logicMs ?? 0;

/** Finds speculative answers that are discarded because the chat context changes before the commit. */
export const speculationContext: Rule = {
  id: 'speculation-context',
  title: 'Your own code discards speculative answers',
  looksFor:
    'speculations that are discarded in turns in which `onUserTurnCompleted` worked: editing the context invalidates them',
  needs: 'Firstword’s records',
  part: 'speculation',
  examine(evidence) {
    const started = evidence.answered.filter((turn) => hasLedger(turn) && hasSpeculated(turn));
    const turns = started.filter((turn) => wasDiscarded(turn) && logic(turn) >= MIN_LOGIC_MS);
    if (turns.length < 2 || turns.length < MAX_DISCARDED * started.length) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromInterimMs(turn) : 0;
        return [most * 0.6, most, most + logic(turn)];
      },
      'the speculative answer is kept, as it is where the context is unchanged',
    );
    if (!isNoticeable(saving)) return [];
    const took = median(turns.map(logic))!;
    return [
      findingOf(this, {
        verdict: `${percent(turns.length / started.length)} of the speculative answers are discarded, each after ${ms(took)} in \`onUserTurnCompleted\`: editing the context there invalidates them.`,
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
          'speculation is lost exactly in turns where your code runs; callers who keep talking are the other possible reason',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Do not edit `chatCtx` in the hook: look things up in a tool, or add the result to the next turn',
            code: 'async onUserTurnCompleted(chatCtx, message) { /* read only */ }',
          },
          firstword: {
            text: 'Move the hook’s body to `prepare`: it then runs with the speculation and is part of it',
            code: 'new AgentSession({ stt, llm, tts, firstword: { prepare: async (chatCtx, message, { signal }) => { … } } })',
          },
        },
        check: '`speculation.kept` is 1 where `started` is not 0.',
        experiment:
          'Return from the hook at once for one call: if speculative answers are then kept, the edit was the cause.',
      }),
    ];
  },
};
