import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { savedFromFinalMs } from './speculated.js';

/** A smaller share of discarded answers is callers who went on talking. */
const MIN_SHARE = 0.2;

/** LiveKit's own warning in this turn. */
const isReported = ({ events }: EvidenceTurn): boolean =>
  events.some(({ kind }) => kind === 'speculation discarded');
/** The log has more requests than the answer needed, and no tool between them. */
const isAskedTwice = (turn: EvidenceTurn): boolean =>
  !hasLedger(turn) && (turn.speculation?.cancelled ?? 0) > 0 && turn.speculation?.kept === 0;

/** Finds preemptive generations that LiveKit starts and throws away, so that the LLM is asked again after the commit. */
export const speculationDiscarded: Rule = {
  id: 'speculation-discarded',
  title: 'Preemptive generation is thrown away',
  looksFor:
    'LiveKit’s warning that a preemptive generation was invalidated, or two LLM requests for one answer without a tool between them',
  needs: 'a log with the LLM’s metrics, or with LiveKit’s warnings',
  part: 'speculation',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => isReported(turn) || isAskedTwice(turn));
    if (turns.length < 2 || turns.length < MIN_SHARE * evidence.answered.length) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromFinalMs(turn) : 0;
        return [most * 0.6, most, most];
      },
      'the answer that was begun at the transcript is kept: the LLM then works during the end-of-turn delay',
    );
    if (!isNoticeable(saving)) return [];
    const warned = turns.filter(isReported).length;
    const share = percent(turns.length / evidence.answered.length);
    const why =
      warned > 0
        ? 'LiveKit warns that the transcript, the chat context, the tools or the tool choice changed in `onUserTurnCompleted`'
        : 'the LLM is asked twice for one answer, with the same prompt and no tool between';
    return [
      findingOf(this, {
        verdict: `In ${share} of the turns the preemptive generation is thrown away and the LLM is asked again: ${why}. It costs ${ms(saving.meanMs)} of the mean turn, and the tokens twice.`,
        evidence: [evidenceLine(why, turns, savedFromFinalMs)],
        confidence: confidenceFrom(
          warned > 0 ? 0.93 : turns.length > evidence.answered.length / 2 ? 0.8 : 0.45,
          turns.length,
          warned > 0
            ? 'LiveKit says so'
            : 'a tool call would have made the second prompt longer; callers who go on talking are the other reason',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Do not change the chat context, the tools or the message in `onUserTurnCompleted`: look things up in a tool, or add the result to the next turn. Where that cannot be, turn preemptive generation off and save the tokens',
            code: 'async onUserTurnCompleted(chatCtx, message) { /* read only */ }',
            python: 'async def on_user_turn_completed(self, turn_ctx, new_message): ...  # read only',
          },
          firstword: {
            text: 'Move the hook’s body to `prepare`: it runs with the speculation and is part of it',
            code: 'new AgentSession({ stt, llm, tts, firstword: { prepare: async (chatCtx, message, { signal }) => { … } } })',
          },
        },
        check: 'One `LLM metrics` line for each turn without a tool, and no warning.',
        experiment:
          'Return from the hook at once for one call: if the second request is gone, the edit was the cause.',
      }),
    ];
  },
};
