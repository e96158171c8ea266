import { FirstwordError } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { Fault, FaultPlan, FaultRule } from './fault.js';

/** Whether a rule applies to its `count`-th matching request. Draws from `random` only if the rule has a probability. */
export function applies(rule: FaultRule, count: number, random: Random): boolean {
  const drawn = rule.probability === undefined || random.uniform() < rule.probability;
  return (
    drawn &&
    (rule.nth === undefined || rule.nth.includes(count)) &&
    (rule.every === undefined || count % rule.every === 0) &&
    count >= (rule.from ?? 1) &&
    count <= (rule.until ?? Number.POSITIVE_INFINITY)
  );
}

/** Counts requests and decides which fault, if any, applies to each. */
export class FaultSchedule {
  readonly #rules: { rule: FaultRule; random: Random; count: number }[];
  /** The generator of random fault bytes. It is separate from the rules' generators, so that neither changes the other. */
  readonly random: Random;

  /** @throws FirstwordError `bad_input` for an invalid rule */
  constructor(plan: FaultPlan, seed: number) {
    const planSeed = plan.seed ?? seed;
    this.random = seededRandom(planSeed, 'fault bytes');
    this.#rules = plan.rules.map((rule, index) => {
      checkRule(rule, index);
      return { rule, random: seededRandom(planSeed, 'fault', String(index)), count: 0 };
    });
  }

  /** Counts a request of this profile and returns the fault that applies to it, if any. */
  next(profile: string): Fault | undefined {
    let fault: Fault | undefined;
    for (const entry of this.#rules) {
      if (entry.rule.profile !== undefined && entry.rule.profile !== profile) continue;
      entry.count += 1;
      const isApplied = applies(entry.rule, entry.count, entry.random);
      if (isApplied) fault ??= entry.rule.fault;
    }
    return fault;
  }
}

function checkRule({ probability, fault }: FaultRule, index: number): void {
  const invalidRule = (problem: string) =>
    new FirstwordError('bad_input', `Fault rule ${index + 1} ${problem}`);
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw invalidRule(`has a probability of ${probability}. It must be from 0 to 1.`);
  }
  if (fault.kind === 'http-error' && !(fault.status >= 400 && fault.status <= 599)) {
    throw invalidRule(`has an HTTP status of ${fault.status}. It must be from 400 to 599.`);
  }
  if (fault.kind === 'slow-drip' && fault.bytes !== undefined && !(fault.bytes >= 1)) {
    throw invalidRule(`sends ${fault.bytes} bytes at a time. It must be at least 1.`);
  }
}
