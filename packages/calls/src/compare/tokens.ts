import type { CallOutcome } from './outcome.js';

/** Tokens that a call's requests cost, as far as its records tell: its answers, and speculations thrown away. */
function spent({ speculation: { answerTokens, wastedTokens } }: CallOutcome): number | undefined {
  return answerTokens === undefined ? undefined : answerTokens + (wastedTokens ?? 0);
}

/**
 * How much more an arm's calls cost than the same calls of the first arm, as a share: 0.2 is a fifth more. An agent that
 * answers half a sentence pays for that answer, too; its own waste does not show it. A router's hedges are not in it.
 * @returns `undefined` where no call is known in both
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
