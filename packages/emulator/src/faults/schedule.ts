import { FirstwordError } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { Fault, FaultPlan, FaultRule, RuleConditions } from './fault.js';

/** Whether a rule applies to its `count`-th matching request. Draws from `random` only if the rule has a probability. */
export function applies(rule: RuleConditions, count: number, random: Random): boolean {
  const drawn = rule.probability === undefined || random.uniform() < rule.probability;
  return (
    drawn &&
    (rule.nth === undefined || rule.nth.includes(count)) &&
    (rule.every === undefined || count % rule.every === 0) &&
    count >= (rule.from ?? 1) &&
    count <= (rule.until ?? Number.POSITIVE_INFINITY)
  );
}

/** A rule of a schedule: a fault, its conditions, and the one scope that it counts, if not all. */
export interface ScheduledRule<F> extends RuleConditions {
  fault: F;
  scope: string | undefined;
}

/** Counts the events of each rule's scope and decides which fault, if any, applies to each event. */
export class RuleSchedule<F> {
  readonly #rules: { rule: ScheduledRule<F>; random: Random; count: number }[];

  /** @throws FirstwordError `bad_input` for a probability that is none */
  constructor(rules: readonly ScheduledRule<F>[], seed: number) {
    this.#rules = rules.map((rule, index) => {
      const { probability } = rule;
      if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
        throw invalidRule(index, `has a probability of ${probability}. It must be from 0 to 1.`);
      }
      return { rule, random: seededRandom(seed, 'fault', String(index)), count: 0 };
    });
  }

  /** Counts an event of this scope and returns the fault that applies to it, if any. */
  next(scope: string): F | undefined {
    let fault: F | undefined;
    for (const entry of this.#rules) {
      if (entry.rule.scope !== undefined && entry.rule.scope !== scope) continue;
      entry.count += 1;
      const isApplied = applies(entry.rule, entry.count, entry.random);
      if (isApplied) fault ??= entry.rule.fault;
    }
    return fault;
  }
}

/** The error of an invalid rule; `index` counts from 0. */
export function invalidRule(index: number, problem: string): FirstwordError {
  return new FirstwordError('bad_input', `Fault rule ${index + 1} ${problem}`);
}

/** Counts requests and decides which fault, if any, applies to each. */
export class FaultSchedule {
  readonly #schedule: RuleSchedule<Fault>;
  /** The generator of random fault bytes. It is separate from the rules' generators, so that neither changes the other. */
  readonly random: Random;

  /** @throws FirstwordError `bad_input` for an invalid rule */
  constructor(plan: FaultPlan, seed: number) {
    const planSeed = plan.seed ?? seed;
    this.random = seededRandom(planSeed, 'fault bytes');
    plan.rules.forEach(checkRule);
    this.#schedule = new RuleSchedule(
      plan.rules.map((rule) => ({ ...rule, scope: rule.profile })),
      planSeed,
    );
  }

  /** Counts a request of this profile and returns the fault that applies to it, if any. */
  next(profile: string): Fault | undefined {
    return this.#schedule.next(profile);
  }
}

function checkRule({ fault }: FaultRule, index: number): void {
  if (fault.kind === 'http-error' && !(fault.status >= 400 && fault.status <= 599)) {
    throw invalidRule(index, `has an HTTP status of ${fault.status}. It must be from 400 to 599.`);
  }
  if (fault.kind === 'slow-drip' && fault.bytes !== undefined && !(fault.bytes >= 1)) {
    throw invalidRule(index, `sends ${fault.bytes} bytes at a time. It must be at least 1.`);
  }
}
