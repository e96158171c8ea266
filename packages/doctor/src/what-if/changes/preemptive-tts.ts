import { type Change, rejectAnyValue } from '../change.js';
import { hasMarks } from '../replay-plan.js';
import { ttsGateOf } from '../tts-gate.js';

/** The voice starts with the words, unheard, instead of waiting for the commit. */
export const preemptiveTts: Change = {
  name: 'preemptive-tts',
  usage: 'preemptive-tts',
  what: 'the voice starts before the commit, unheard, where the words are there',
  prepare(value, study) {
    rejectAnyValue(this, value);
    const gate = ttsGateOf(study);
    return {
      text: 'preemptive TTS',
      assumes: ['the voice takes as long before the commit as after it', gate.assumes],
      cannotKnow: ['what the voice bills for answers that are thrown away'],
      gap: {
        missing: ({ plan }) =>
          hasMarks(plan, 'firstContent', 'firstClause', 'ttsRequested', 'turnCommitted')
            ? undefined
            : 'no commit, or the voice’s start was not recorded',
        apply: (plan) => gate.release(plan),
      },
    };
  },
};
