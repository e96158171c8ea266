import { durationMsOf, type Lever, refuse } from '../lever.js';
import { has, spanMs } from '../plan.js';

/** A first clause of an answer at 100 tokens a second is there so long after the first token. */
const USUAL_MS = 60;

/** The voice begins with the first clause instead of the first sentence. */
export const clause: Lever = {
  name: 'clause',
  usage: 'clause[=DELAY]',
  what: 'the voice gets the first clause DELAY (60ms unless told) after the first content',
  set(value) {
    const clauseMs = value === undefined || value === 'on' ? USUAL_MS : durationMsOf(value);
    if (clauseMs === undefined) throw refuse(this, value, 'for example clause=60ms');
    return {
      text: `first clause ${clauseMs} ms after the first content`,
      assumes: [
        `a first clause is written ${clauseMs} ms after the first content, and the voice begins as fast with it as with a sentence`,
      ],
      cannotKnow: ['where your answers’ first clauses end: records hold no words'],
      lacks: ({ plan }) =>
        has(plan, 'firstContent', 'firstClause') ? undefined : 'no time of the first text given to the voice',
      pull(plan) {
        const from = has(plan, 'contentAfterTools') ? 'contentAfterTools' : 'firstContent';
        if (spanMs(plan, from, 'firstClause') <= clauseMs) return;
        const others = plan.needs.get('firstClause')!.filter((need) => need.from === 'turnCommitted');
        plan.needs.set('firstClause', [...others, { from, lagMs: clauseMs }]);
      },
    };
  },
};
