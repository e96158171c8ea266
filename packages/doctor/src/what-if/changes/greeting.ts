import { plural } from '@firstword/records';
import { median } from '@firstword/turn/statistics';
import { type Change, rejectAnyValue } from '../change.js';
import { type HelloPlan, hasHelloMarks, recordedSpanMs } from '../hello-plan.js';

/** From the audio's arrival to its first frame; the track may have been waited for. */
function handOffMs(plan: HelloPlan, audio: 'greetingRequested' | 'ttsFirstByte'): number {
  const track = hasHelloMarks(plan, 'trackSubscribed')
    ? recordedSpanMs(plan, 'trackSubscribed', 'framePublished')
    : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(recordedSpanMs(plan, audio, 'framePublished'), track));
}

/** The greeting is a fixed text, and its audio comes from the cache. */
export const greeting: Change = {
  name: 'greeting',
  usage: 'greeting',
  what: 'the greeting is a fixed text, and its audio comes from the cache',
  prepare(value, { calls }) {
    rejectAnyValue(this, value);
    const cached = calls.flatMap(({ record, plan }) =>
      record.greeting === 'cached' && hasHelloMarks(plan, 'greetingRequested', 'framePublished')
        ? [handOffMs(plan, 'greetingRequested')]
        : [],
    );
    const usualMs = median(cached);
    return {
      text: 'a greeting from the cache',
      assumes: [
        usualMs === undefined
          ? 'the first frame follows the cached audio as fast as it followed the TTS’s first byte in the same call'
          : `the first frame follows the greeting’s request after the median of your ${plural(cached.length, 'call')} with a cached greeting, ${Math.round(usualMs)} ms`,
        'the audio begins with the same silence',
      ],
      cannotKnow: ['whether your greeting can be the same text in every call'],
      hello: {
        missing: ({ plan, record }) => {
          if (record.greeting === 'cached') return undefined;
          if (!hasHelloMarks(plan, 'greetingRequested', 'framePublished')) return 'no greeting was asked for';
          return usualMs === undefined && !hasHelloMarks(plan, 'ttsFirstByte')
            ? 'the time of the greeting’s audio was not recorded'
            : undefined;
        },
        apply(plan, { record }) {
          if (record.greeting === 'cached') return;
          const lagMs = usualMs ?? handOffMs(plan, 'ttsFirstByte');
          const ownMs = recordedSpanMs(plan, 'greetingRequested', 'framePublished');
          const others = plan.dependencies
            .get('framePublished')!
            .filter(({ from }) => from === 'trackSubscribed');
          plan.dependencies.set('framePublished', [
            ...others,
            { from: 'greetingRequested', lagMs: Math.min(lagMs, ownMs) },
          ]);
        },
      },
    };
  },
};
