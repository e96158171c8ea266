import { TRIMMED_SILENCE_MS } from '../../references.js';
import { type Change, rejectAnyValue } from '../change.js';
import { hasMarks, spanMs } from '../replay-plan.js';

/** The silence at the beginning of the TTS's audio is cut. */
export const trim: Change = {
  name: 'trim-silence',
  usage: 'trim-silence',
  what: 'the silence that the voice’s audio begins with is cut',
  prepare(value) {
    rejectAnyValue(this, value);
    return {
      text: 'leading silence trimmed',
      assumes: [`${TRIMMED_SILENCE_MS} ms of silence are left`],
      cannotKnow: [],
      missing: ({ plan }) =>
        hasMarks(plan, 'framePublished', 'firstAudible') ? undefined : 'no time of the first audible sample',
      apply(plan) {
        if (spanMs(plan, 'framePublished', 'firstAudible') <= TRIMMED_SILENCE_MS) return;
        plan.dependencies.set('firstAudible', [{ from: 'framePublished', lagMs: TRIMMED_SILENCE_MS }]);
      },
    };
  },
};
