import { TRIMMED_SILENCE_MS } from '../../references.js';
import { type Lever, refuseValue } from '../lever.js';
import { has, spanMs } from '../plan.js';

/** The silence that a voice begins with is cut. */
export const trim: Lever = {
  name: 'trim-silence',
  usage: 'trim-silence',
  what: 'the silence that the voice’s audio begins with is cut',
  set(value) {
    refuseValue(this, value);
    return {
      text: 'leading silence trimmed',
      assumes: [`${TRIMMED_SILENCE_MS} ms of silence are left`],
      cannotKnow: [],
      lacks: ({ plan }) =>
        has(plan, 'framePublished', 'firstAudible') ? undefined : 'no time of the first audible sample',
      pull(plan) {
        if (spanMs(plan, 'framePublished', 'firstAudible') <= TRIMMED_SILENCE_MS) return;
        plan.needs.set('firstAudible', [{ from: 'framePublished', lagMs: TRIMMED_SILENCE_MS }]);
      },
    };
  },
};
