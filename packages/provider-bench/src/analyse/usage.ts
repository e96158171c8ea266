import type { BenchSample } from '../sample.js';
import { median, valuesOf, withoutUndefined } from './values.js';

/** Sums and medians of what the provider told; each is absent where it told nothing. */
export interface UsageFigures {
  promptTokensP50?: number;
  completionTokensP50?: number;
  reasoningTokensP50?: number;
  /** Share of all prompt tokens that were found in the provider's cache. */
  cachedShare?: number;
  /** After the first content, median of the requests. */
  tokensPerSecondP50?: number;
  bodyBytesP50?: number;
  queueP50Ms?: number;
  prefillP50Ms?: number;
  /** Least that was left of the limits. */
  minRequestsRemaining?: number;
  minTokensRemaining?: number;
}

/** What the requests of an arm cost. */
export interface ArmCost {
  /** US dollars for 1,000 requests like these. */
  perThousandUsd: number;
  /** Requests whose cost is known. */
  priced: number;
}

/** After the first content; `undefined` where the provider counts no tokens, or there is but one. */
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

export function usageFigures(answered: readonly BenchSample[]): UsageFigures {
  const told = answered.filter(({ tokens }) => tokens?.cachedTokens !== undefined);
  const promptTokens = sum(valuesOf(told, ({ tokens }) => tokens?.promptTokens));
  const of = (value: (sample: BenchSample) => number | undefined) => median(valuesOf(answered, value));
  return withoutUndefined({
    promptTokensP50: of(({ tokens }) => tokens?.promptTokens),
    completionTokensP50: of(({ tokens }) => tokens?.completionTokens),
    reasoningTokensP50: of(({ tokens }) => tokens?.reasoningTokens),
    cachedShare:
      promptTokens > 0 ? sum(valuesOf(told, ({ tokens }) => tokens?.cachedTokens)) / promptTokens : undefined,
    tokensPerSecondP50: of(tokensPerSecond),
    bodyBytesP50: of(({ bodyBytes }) => bodyBytes),
    queueP50Ms: of(({ providerTime }) => providerTime?.queueMs),
    prefillP50Ms: of(({ providerTime }) => providerTime?.prefillMs),
    leastRequestsLeft: least(valuesOf(answered, ({ limits }) => limits?.requests?.remaining)),
    leastTokensLeft: least(valuesOf(answered, ({ limits }) => limits?.tokens?.remaining)),
  });
}

export function armCost(samples: readonly BenchSample[]): ArmCost | undefined {
  const priced = valuesOf(samples, ({ costUsd }) => costUsd);
  return priced.length === 0
    ? undefined
    : { perThousandUsd: (1000 * sum(priced)) / priced.length, priced: priced.length };
}
