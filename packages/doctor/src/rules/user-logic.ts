import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const MIN_MS = 30;
const wait = (turn: EvidenceTurn): number => waitedMs(turn, 'logic');

/** Finds user code between the end of the turn and the LLM request. */
export const userLogic: Rule = {
  id: 'user-logic',
  title: 'Your own code is on the critical path',
  looksFor: 'time in `onUserTurnCompleted` (retrieval, checks) between the end of the turn and the LLM',
  needs: 'Firstword’s records, or `on_user_turn_completed_delay`',
  part: 'logic',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => wait(turn) > MIN_MS);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [wait(turn) * 0.6, wait(turn) * 0.95, wait(turn)] : 0),
      'the work is done while the caller still speaks, or in parallel with the LLM',
      ['logic'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(wait))!;
    return [
      findingOf(this, {
        verdict: `Your own code takes ${ms(middle)} before the LLM request, in ${percent(turns.length / evidence.answered.length)} of the turns.`,
        evidence: [evidenceLine(`between the commit and the request, median ${ms(middle)}`, turns, wait)],
        confidence: confidenceFrom(0.95, turns.length, 'its start and end are recorded'),
        saving,
        fix: {
          livekit: {
            text: 'Do the look-up in a tool the model calls when it needs it, or start it on the interim transcript',
            code: 'session.on(voice.AgentSessionEventTypes.UserInputTranscribed, ({ transcript }) => cache.start(transcript));',
            python:
              '@session.on("user_input_transcribed")\ndef on_words(ev):\n    cache.start(ev.transcript)',
          },
          firstword: {
            text: 'Move the hook’s body to `prepare`: it runs with the speculation',
            code: 'new AgentSession({ stt, llm, tts, firstword: { prepare: async (chatCtx, message, { signal }) => { … } } })',
          },
        },
        check: `The \`${'your logic' satisfies SegmentName}\` segment is hidden work, and \`on_user_turn_completed_delay\` is near 0.`,
        experiment: 'Return from the hook at once for one call.',
      }),
    ];
  },
};
