import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { LLM_STAGES } from '../waited.js';
import { findingOf } from './finding-of.js';

/** How long a router should wait for a provider that answers in 100 to 600 ms before it asks another. */
const REACHABLE_MS = 400;

/** How long the turn waited for the first provider before the one that answered was asked. */
function waitedFor({ llm }: EvidenceTurn): number | undefined {
  const attempts = llm?.attempts ?? [];
  const winner = attempts.find(({ outcome }) => outcome === 'won');
  if (!winner || (winner.reason !== 'failover' && winner.reason !== 'replace')) return undefined;
  return winner.startedMs - Math.min(...attempts.map(({ startedMs }) => startedMs));
}

/** Finds failovers that wait too long for a provider that has failed. */
export const slowFailover: Rule = {
  id: 'slow-failover',
  title: 'The failover came late',
  looksFor: 'answers from a second provider that was asked only after waiting for the first',
  needs: 'Firstword’s records',
  part: 'LLM',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => (waitedFor(turn) ?? 0) > REACHABLE_MS);
    const saving = savingOn(
      evidence,
      (turn) => (waitedFor(turn) ?? 0) - REACHABLE_MS,
      `the second provider is asked after ${REACHABLE_MS} ms`,
      [...LLM_STAGES, 'failover'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const wait = median(turns.map((turn) => waitedFor(turn)!))!;
    const failed = turns[0]!.llm!.attempts!.find(({ outcome }) => outcome !== 'won')!;
    const why = failed.error === undefined ? 'was silent' : `failed (${failed.error})`;
    return [
      findingOf(this, {
        verdict: `In ${turns.length} turns the first provider ${why}, and another was asked only after ${ms(wait)}.`,
        evidence: [
          evidenceLine(
            `${failed.provider} ${failed.model} ${why}; the winner began ${ms(wait)} later`,
            turns,
            (turn) => waitedFor(turn)!,
          ),
        ],
        confidence: confidenceFrom(0.94, turns.length, 'every attempt was timed'),
        saving,
        fix: {
          livekit: {
            text: 'FallbackAdapter reacts to errors only, not to silence: give its attempts a short timeout',
            code: 'new llm.FallbackAdapter({ llms: [a, b], attemptTimeout: 1.5, maxRetryPerLLM: 0 })',
            python: 'llm.FallbackAdapter([a, b], attempt_timeout=1.5, max_retry_per_llm=0)',
          },
          firstword: {
            text: 'Hedge at your usual time to first token instead of at the deadline, and keep the circuit breaker on',
            code: 'router({ models: [a, b], hedge: { budget: 0.1 } })',
          },
        },
        check: 'No winning attempt with reason `failover` starts later than 400 ms.',
      }),
    ];
  },
};
