import type { TurnRecord } from '@firstword/turn';
import { type Change, rejectValue } from '../change.js';
import { hasMarks, spanMs } from '../replay-plan.js';

/** Published by OpenAI: a cached prompt's time to first token is 7 % shorter at 1,000 tokens, 67 % at 150,000. */
const GAIN = { fromTokens: 1_000, fromShare: 0.07, toTokens: 150_000, toShare: 0.67 };
const MIN_CACHED_TOKENS = 1_024;
/** Providers cache whole blocks, and the caller's last words are new. */
const USUAL_SHARE = 0.9;

/** Share of the TTFT that this many cached tokens save, interpolated logarithmically between the two points. */
function gainOf(cachedTokens: number, promptTokens: number): number {
  if (cachedTokens < MIN_CACHED_TOKENS) return 0;
  const along = Math.log(cachedTokens / GAIN.fromTokens) / Math.log(GAIN.toTokens / GAIN.fromTokens);
  const share = GAIN.fromShare + Math.min(1, along) * (GAIN.toShare - GAIN.fromShare);
  return share * Math.min(1, cachedTokens / promptTokens);
}

/** Fraction of a request's recorded TTFT that remains, 0 to 1. */
function leftOf({ llm }: TurnRecord, share: number): number {
  const { promptTokens = 0, cachedTokens = 0 } = llm?.tokens ?? {};
  const couldTokens = Math.max(cachedTokens, promptTokens * share);
  return (1 - gainOf(couldTokens, promptTokens)) / (1 - gainOf(cachedTokens, promptTokens));
}

/** Prompts of which the provider has the most in its cache. */
export const cachedPrefix: Change = {
  name: 'cached-prefix',
  usage: 'cached-prefix[=SHARE]',
  what: 'SHARE of each prompt after a call’s first (default 0.9) comes from the provider’s cache',
  prepare(value) {
    const share = value === undefined || value === 'on' ? USUAL_SHARE : Number(value);
    if (!(share > 0 && share <= 1)) throw rejectValue(this, value, 'a share above 0, up to 1');
    return {
      text: `${Math.round(share * 100)} % of each prompt cached`,
      assumes: [
        'OpenAI’s published gain: 7 % of the time to first token at 1,000 cached tokens, 67 % at 150,000, along the logarithm between them',
        `prompts below ${MIN_CACHED_TOKENS} tokens, and the first of a call, are not cached`,
      ],
      cannotKnow: [
        'what your provider gains: where the cost of a broken prefix is recorded, that is used instead',
      ],
      gap: {
        missing: ({ record, plan }) => {
          if (!hasMarks(plan, 'llmRequested', 'firstContent')) return 'no time to first content';
          return record.llm?.tokens?.promptTokens === undefined
            ? 'prompt tokens were not recorded'
            : undefined;
        },
        apply(plan, { record }) {
          if (record.turn === 1) return;
          const from = hasMarks(plan, 'requestSent') ? 'requestSent' : 'llmRequested';
          const ownMs = spanMs(plan, from, 'firstContent');
          const reportedMs = record.llm?.prefixBreak?.costMs;
          const lagMs =
            reportedMs === undefined ? ownMs * leftOf(record, share) : Math.max(0, ownMs - reportedMs);
          if (lagMs < ownMs) plan.dependencies.set('firstContent', [{ from, lagMs }]);
        },
      },
    };
  },
};
