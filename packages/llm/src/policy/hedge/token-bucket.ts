/** What has been saved for requests that may turn out to be needless. */
export interface HedgeAccount {
  requests: number;
  promptTokens: number;
}

/**
 * Savings beyond this many requests are forgotten: a quiet hour must not pay for a storm. Fewer would run dry by mere
 * chance: of 1,500 requests, between 127 and 173 pass a delay that one in ten should.
 */
const MOST_SAVED = 40;

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

/**
 * Each extra request is paid in full, as far as there are savings. Failovers are never refused; what they take beyond
 * the savings is forgiven, or an hour of failovers would leave the next one without hedges.
 */
export function spend(account: HedgeAccount, request: { promptTokens: number }): HedgeAccount {
  const { requests, promptTokens } = account;
  return {
    requests: Math.max(0, requests - 1),
    promptTokens: Math.max(Math.min(promptTokens, mostOwed(request)), promptTokens - request.promptTokens),
  };
}

/** Tokens may be owed for twenty prompts: savings cannot open half full where prompts differ in size. */
const mostOwed = (request: { promptTokens: number }) => -(MOST_SAVED / 2) * request.promptTokens;

/** Whether a hedge can be paid for, in requests and in tokens. Over a session both keep to the same share. */
export function canHedge(account: HedgeAccount, request: { promptTokens: number }): boolean {
  return account.requests >= 1 && account.promptTokens - request.promptTokens >= mostOwed(request);
}

/** How full the account is, 0 to 1. */
export function fillOf(account: HedgeAccount): number {
  return Math.min(1, account.requests / MOST_SAVED);
}
