import { type Change, durationMsOf, rejectValue } from '../change.js';
import { hasMarks, spanMs } from '../replay-plan.js';

/** A first clause of an answer at 100 tokens a second is there so long after the first token. */
const USUAL_MS = 60;

/** The voice begins with the first clause instead of the first sentence. */
export const clause: Change = {
  name: 'clause',
  usage: 'clause[=DELAY]',
  what: 'the TTS gets the first clause DELAY (default 60ms) after the first content',
  prepare(value) {
    const clauseMs = value === undefined || value === 'on' ? USUAL_MS : durationMsOf(value);
    if (clauseMs === undefined) throw rejectValue(this, value, 'for example clause=60ms');
    return {
      text: `first clause ${clauseMs} ms after the first content`,
      assumes: [
        `a first clause is written ${clauseMs} ms after the first content, and the voice begins as fast with it as with a sentence`,
      ],
      cannotKnow: ['where your answers’ first clauses end: records hold no words'],
      gap: {
        missing: ({ plan }) =>
          hasMarks(plan, 'firstContent', 'firstClause')
            ? undefined
            : 'no time of the first text given to the voice',
        apply(plan) {
          const from = hasMarks(plan, 'contentAfterTools') ? 'contentAfterTools' : 'firstContent';
          if (spanMs(plan, from, 'firstClause') <= clauseMs) return;
          const others = plan.dependencies
            .get('firstClause')!
            .filter((need) => need.from === 'turnCommitted');
          plan.dependencies.set('firstClause', [...others, { from, lagMs: clauseMs }]);
        },
      },
    };
  },
};
