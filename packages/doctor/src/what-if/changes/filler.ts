import { median } from '@firstword/turn/statistics';
import { type Change, durationMsOf, rejectValue } from '../change.js';

/** Default silence after which a phrase is said, ms. */
const USUAL_DELAY_MS = 800;
/** Default duration of a phrase if no turn has one, ms: "One moment, please." */
const USUAL_PHRASE_MS = 900;
const PHRASES = 2;
const LONGEST_MS = 60_000;

/** Phrases are said while tools run. */
export const filler: Change = {
  name: 'filler',
  usage: 'filler[=DELAY]',
  what: 'a phrase is said over a tool after DELAY of silence (default 800ms)',
  prepare(value, { turns }) {
    const limitMs = value === undefined || value === 'on' ? USUAL_DELAY_MS : durationMsOf(value);
    if (limitMs === undefined || !(limitMs > 0) || limitMs > LONGEST_MS)
      throw rejectValue(this, value, 'for example filler=800ms');
    const said = turns.flatMap(({ record: { speech = [] } }) =>
      speech.flatMap(({ isFiller, fromMs, toMs }) => (isFiller ? [toMs - fromMs] : [])),
    );
    const ownMs = median(said);
    const phraseMs = ownMs ?? USUAL_PHRASE_MS;
    return {
      text: `a phrase over tools after ${limitMs} ms of silence`,
      assumes: [
        `up to ${PHRASES} phrases a turn, of ${Math.round(phraseMs)} ms each (${ownMs === undefined ? 'assumed: none of your turns has one' : 'your median'})`,
        'a tool that takes less than 800 ms is not talked over, and an answer that comes during a phrase waits for its end',
      ],
      cannotKnow: ['how callers take the phrase'],
      tool: {
        missing: () => undefined,
        apply(plan) {
          plan.filler = { limitMs, phraseMs, phrases: PHRASES };
        },
      },
    };
  },
};
