import { evidenceLine } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Finds providers that refuse because the account's quota is used up. */
export const quotaUsedUp: Rule = {
  id: 'quota-used-up',
  title: 'The provider’s quota is used up',
  looksFor: 'refusals that name a quota, credits or a balance: retries do not help',
  needs: 'a log with the refusals',
  part: 'LLM',
  examine({ events, turns }) {
    const refusals = events.filter(({ kind }) => kind === 'quota used up');
    const [last] = refusals.slice(-1);
    if (!last) return [];
    const closed = events.some(({ kind }) => kind === 'session closed');
    const after = turns.filter(
      ({ gapMs, atMs }) => gapMs !== undefined && last.atMs !== undefined && atMs > last.atMs,
    );
    const outcome = closed
      ? 'the session was closed: the call is dead'
      : after.length > 0
        ? `${after.length} turns were answered later`
        : 'no turn was answered after it';
    return [
      findingOf(this, {
        verdict: `The provider refuses because the quota of your account is used up (${refusals.length} refusals), and ${outcome}. Retries do not help.`,
        evidence: refusals.slice(0, 3).map(({ place }) => evidenceLine(`refused at ${place}`, [])),
        isBroken: true,
        confidence: { value: 0.97, why: 'the provider says so in its refusal' },
        fix: sameRemedy(
          'Add credit or raise the plan’s limit in the provider’s console, and set an alert at 80 % of it; a second provider keeps calls alive until then',
        ),
        check: 'A request with the same key answers, and the refusals are gone from the log.',
      }),
    ];
  },
};
