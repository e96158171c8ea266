/** What has been saved for requests that may turn out to be needless. */
export interface HedgeAccount {
  requests: number;
  promptTokens: number;
}

/** Savings beyond this many requests are forgotten: a quiet hour must not pay for a storm. */
const MOST_SAVED = 20;

/** Half full: enough to hedge from the first call on. */
export function openAccount(): HedgeAccount {
  return { requests: MOST_SAVED / 2, promptTokens: 0 };
}

/** Each request adds its share of `budget` to the account. `promptTokens` is an estimate. */
export function earn(account: HedgeAccount, request: { budget: number; promptTokens: number }): HedgeAccount {
  const { budget, promptTokens } = request;
  return {
    requests: Math.min(MOST_SAVED, account.requests + budget),
    promptTokens: Math.min(MOST_SAVED * promptTokens, account.promptTokens + budget * promptTokens),
  };
}

/** Each extra request is paid in full. Failovers are never refused, and so may leave a debt. */
export function spend(account: HedgeAccount, request: { promptTokens: number }): HedgeAccount {
  return {
    requests: account.requests - 1,
    promptTokens: account.promptTokens - request.promptTokens,
  };
}

/**
 * Whether a hedge can be paid for. Tokens are allowed a debt of ten prompts, so that the first hedges of a session
 * need no savings; over a session they keep to the same share as requests.
 */
export function canHedge(account: HedgeAccount, request: { promptTokens: number }): boolean {
  return account.requests >= 1 && account.promptTokens > -(MOST_SAVED / 2) * request.promptTokens;
}

/** How full the account is, 0 to 1. */
export function fillOf(account: HedgeAccount): number {
  return Math.min(1, Math.max(0, account.requests / MOST_SAVED));
}
