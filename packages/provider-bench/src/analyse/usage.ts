import { median } from '@firstword/turn/statistics';
import type { BenchSample } from '../sample.js';
import { valuesOf, withoutUndefined } from './values.js';

/** Tokens, sizes, times and limits reported by the provider. A figure is absent where it was not reported. */
export interface UsageFigures {
  promptTokensP50?: number;
  completionTokensP50?: number;
  reasoningTokensP50?: number;
  /** Share of all prompt tokens read from the provider's cache, 0 to 1. */
  cachedShare?: number;
  /** Output rate after the first content, median over the requests. */
  tokensPerSecondP50?: number;
  bodyBytesP50?: number;
  queueP50Ms?: number;
  prefillP50Ms?: number;
  /** Lowest remaining rate limits seen during the run. */
  minRequestsRemaining?: number;
  minTokensRemaining?: number;
}

/** The cost of an arm's requests. */
export interface ArmCost {
  /** US dollars per 1,000 requests. */
  perThousandUsd: number;
  /** Requests whose cost is known. */
  priced: number;
}

/** Output rate after the first content; `undefined` where tokens were not reported or there is only one. */
export function tokensPerSecond({ tokens, phases }: BenchSample): number | undefined {
  const { completionTokens, reasoningTokens = 0 } = tokens ?? {};
  const { firstContentMs, endMs } = phases;
  if (completionTokens === undefined || firstContentMs === undefined || endMs === undefined) return undefined;
  const spokenTokens = completionTokens - reasoningTokens - 1;
  return spokenTokens > 0 && endMs > firstContentMs
    ? (1000 * spokenTokens) / (endMs - firstContentMs)
    : undefined;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const least = (values: readonly number[]) => (values.length === 0 ? undefined : Math.min(...values));

/** Usage figures of the answered requests of an arm. */
export function usageFigures(answered: readonly BenchSample[]): UsageFigures {
  const withCache = answered.filter(({ tokens }) => tokens?.cachedTokens !== undefined);
  const promptTokens = sum(valuesOf(withCache, ({ tokens }) => tokens?.promptTokens));
  const of = (value: (sample: BenchSample) => number | undefined) => median(valuesOf(answered, value));
  return withoutUndefined({
    promptTokensP50: of(({ tokens }) => tokens?.promptTokens),
    completionTokensP50: of(({ tokens }) => tokens?.completionTokens),
    reasoningTokensP50: of(({ tokens }) => tokens?.reasoningTokens),
    cachedShare:
      promptTokens > 0
        ? sum(valuesOf(withCache, ({ tokens }) => tokens?.cachedTokens)) / promptTokens
        : undefined,
    tokensPerSecondP50: of(tokensPerSecond),
    bodyBytesP50: of(({ bodyBytes }) => bodyBytes),
    queueP50Ms: of(({ providerTime }) => providerTime?.queueMs),
    prefillP50Ms: of(({ providerTime }) => providerTime?.prefillMs),
    leastRequestsLeft: least(valuesOf(answered, ({ limits }) => limits?.requests?.remaining)),
    leastTokensLeft: least(valuesOf(answered, ({ limits }) => limits?.tokens?.remaining)),
  });
}

/** The mean cost of an arm's requests; `undefined` where no cost is known. */
export function armCost(samples: readonly BenchSample[]): ArmCost | undefined {
  const priced = valuesOf(samples, ({ costUsd }) => costUsd);
  return priced.length === 0
    ? undefined
    : { perThousandUsd: (1000 * sum(priced)) / priced.length, priced: priced.length };
}
