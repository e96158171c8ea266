import type { ResourceUse } from '../budget/budget.js';
import type { BenchSample } from '../sample.js';

/** Requests, tokens and US dollars used by these samples, as far as reported. */
export function resourcesUsedBy(samples: readonly BenchSample[]): ResourceUse {
  const use = { requests: 0, tokens: 0, usd: 0 };
  for (const { requests, tokens, costUsd } of samples) {
    use.requests += requests;
    use.tokens += (tokens?.promptTokens ?? 0) + (tokens?.completionTokens ?? 0);
    use.usd += costUsd ?? 0;
  }
  return use;
}
