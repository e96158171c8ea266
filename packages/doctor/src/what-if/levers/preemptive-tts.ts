import { type Lever, refuseValue } from '../lever.js';
import { has } from '../plan.js';
import { gateVoice } from '../voice-gate.js';

/** The voice starts with the words, unheard, instead of waiting for the commit. */
export const preemptiveTts: Lever = {
  name: 'preemptive-tts',
  usage: 'preemptive-tts',
  what: 'the voice starts before the commit, unheard, where the words are there',
  set(value, study) {
    refuseValue(this, value);
    const gate = gateVoice(study);
    return {
      text: 'preemptive TTS',
      assumes: ['the voice takes as long before the commit as after it', gate.assumes],
      cannotKnow: ['what the voice bills for answers that are thrown away'],
      lacks: ({ plan }) =>
        has(plan, 'firstContent', 'firstClause', 'ttsRequested', 'turnCommitted')
          ? undefined
          : 'no commit, or the voice’s start was not recorded',
      pull: (plan) => gate.release(plan),
    };
  },
};
