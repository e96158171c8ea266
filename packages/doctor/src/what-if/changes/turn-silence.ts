import type { TurnRecord } from '@firstword/turn';
import { type Change, durationMsOf, rejectValue } from '../change.js';
import { hasMarks, spanMs } from '../replay-plan.js';

/** The shortest silence that providers take. */
const SHORTEST_MS = 100;
const LONGEST_MS = 10_000;

/** The silence that the session asked its provider for, ms. */
function askedMs({ settings }: TurnRecord): number | undefined {
  const bound = settings?.['turnDetection.bound'];
  const value = typeof bound === 'string' ? settings?.[bound] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** A realtime provider ends the turn after another silence. */
export const turnSilence: Change = {
  name: 'turn-silence',
  usage: 'turn-silence=DELAYms',
  what: 'a realtime provider ends the turn after this silence (`silence_duration_ms`)',
  prepare(value) {
    const silenceMs = value === undefined ? undefined : durationMsOf(value);
    if (silenceMs === undefined || silenceMs < SHORTEST_MS || silenceMs > LONGEST_MS)
      throw rejectValue(this, value, `give ${SHORTEST_MS} to ${LONGEST_MS} ms, such as turn-silence=400ms`);
    return {
      text: `a turn ends after ${silenceMs} ms of silence`,
      assumes: ['the provider’s own delay beyond the silence stays as it is'],
      cannotKnow: ['how many callers a shorter silence cuts off'],
      gap: {
        missing: ({ plan, record }) => {
          if (!hasMarks(plan, 'turnEndReported')) return 'no realtime provider ended the turn';
          return askedMs(record) === undefined ? 'the provider’s silence is not recorded' : undefined;
        },
        apply(plan, { record }) {
          const end = hasMarks(plan, 'turnEndAudio') ? 'turnEndAudio' : 'turnEndReported';
          const lagMs = Math.max(0, spanMs(plan, 'speechEnded', end) - askedMs(record)! + silenceMs);
          plan.dependencies.set(end, [{ from: 'speechEnded', lagMs }]);
        },
      },
    };
  },
};
