import { FirstwordError } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import type { Fault, FaultPlan, FaultRule } from './fault.js';

/** Does a rule strike its `count`-th matching request? Draws from `random` only where a probability is set. */
export function strikes(rule: FaultRule, count: number, random: Random): boolean {
  const drawn = rule.probability === undefined || random.uniform() < rule.probability;
  return (
    drawn &&
    (rule.nth === undefined || rule.nth.includes(count)) &&
    (rule.every === undefined || count % rule.every === 0) &&
    count >= (rule.from ?? 1) &&
    count <= (rule.until ?? Number.POSITIVE_INFINITY)
  );
}

/** Counts requests and says which fault, if any, each one gets. */
export class FaultSchedule {
  readonly #rules: { rule: FaultRule; random: Random; count: number }[];
  /** Random bytes and the like; apart from the rules' draws, so that they never shift each other. */
  readonly random: Random;

  /** @throws FirstwordError `bad_input` for a rule that makes no sense */
  constructor(plan: FaultPlan, seed: number) {
    const planSeed = plan.seed ?? seed;
    this.random = seededRandom(planSeed, 'fault bytes');
    this.#rules = plan.rules.map((rule, index) => {
      checkRule(rule, index);
      return { rule, random: seededRandom(planSeed, 'fault', String(index)), count: 0 };
    });
  }

  next(profile: string): Fault | undefined {
    let fault: Fault | undefined;
    for (const entry of this.#rules) {
      if (entry.rule.profile !== undefined && entry.rule.profile !== profile) continue;
      entry.count += 1;
      const isStruck = strikes(entry.rule, entry.count, entry.random);
      if (isStruck) fault ??= entry.rule.fault;
    }
    return fault;
  }
}

function checkRule({ probability, fault }: FaultRule, index: number): void {
  const refuse = (problem: string) => new FirstwordError('bad_input', `Fault rule ${index + 1} ${problem}`);
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw refuse(`has a probability of ${probability}. Give a number from 0 to 1.`);
  }
  if (fault.kind === 'http-error' && !(fault.status >= 400 && fault.status <= 599)) {
    throw refuse(`has an HTTP status of ${fault.status}. Give one from 400 to 599.`);
  }
  if (fault.kind === 'slow-drip' && fault.bytes !== undefined && !(fault.bytes >= 1)) {
    throw refuse(`drips ${fault.bytes} bytes at a time. Give 1 or more.`);
  }
}
