import type { CallOutcome } from './outcome.js';

/** Tokens of a call's requests, as far as reported: its answers and wasted speculations. */
function spent({ speculation: { answerTokens, wastedTokens } }: CallOutcome): number | undefined {
  return answerTokens === undefined ? undefined : answerTokens + (wastedTokens ?? 0);
}

/**
 * Additional tokens of an arm's calls relative to the same calls of the first arm: 0.2 is 20 % more. This includes answers
 * to cut-off sentences, which `wastedTokens` does not. Hedges of a router are not included.
 * @returns `undefined` where no call has tokens in both arms
 */
export function addedTokensShare(
  calls: readonly CallOutcome[],
  base: readonly CallOutcome[],
): number | undefined {
  const inBase = new Map(base.map((one) => [`${one.round}/${one.call}`, spent(one)]));
  let ours = 0;
  let theirs = 0;
  for (const one of calls) {
    const [mine, other] = [spent(one), inBase.get(`${one.round}/${one.call}`)];
    if (mine === undefined || other === undefined) continue;
    ours += mine;
    theirs += other;
  }
  return theirs === 0 ? undefined : ours / theirs - 1;
}
