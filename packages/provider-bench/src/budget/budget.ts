import { FirstwordError } from '@firstword/turn';
import type { BenchBudget } from '../run-file.js';

/** Requests, tokens and US dollars that were used, or may be. */
export interface ResourceUse {
  requests: number;
  tokens: number;
  usd: number;
}

const NAMES = ['requests', 'tokens', 'usd'] as const;
const FORM = '--budget requests=500,tokens=200000,usd=0.50, with any of the three';

/**
 * Reads `requests=500,tokens=200000,usd=0.50`.
 * @throws FirstwordError `bad_input` for anything else, and for a limit of 0
 */
export function parseRunBudget(text: string): BenchBudget {
  const budget: BenchBudget = {};
  for (const part of text.split(',')) {
    const [, name, amount] = /^\s*(\w+)\s*=\s*\$?([\d_.]+)\s*$/.exec(part) ?? [];
    const value = Number(amount?.replaceAll('_', ''));
    const known = NAMES.find((each) => each === name);
    if (!known || !Number.isFinite(value)) {
      throw new FirstwordError('bad_input', `"${part.trim()}" is not a budget: write ${FORM}.`);
    }
    if (value <= 0) {
      throw new FirstwordError(
        'bad_input',
        `a budget of ${value} ${known} allows nothing to be measured: raise it, or leave it out.`,
      );
    }
    budget[known] = value;
  }
  return budget;
}

/** Whether a use is within the budget. */
const fits = (budget: BenchBudget, use: ResourceUse) =>
  NAMES.every((name) => budget[name] === undefined || use[name] <= budget[name] + 1e-9);

/**
 * Enforces a budget. Each request reserves its maximum use before it is sent and releases the unused part afterwards, so
 * that requests in flight cannot exceed the budget.
 */
export class BudgetTracker {
  readonly #budget: BenchBudget;
  readonly #used: ResourceUse;
  readonly #reserved: ResourceUse = { requests: 0, tokens: 0, usd: 0 };

  /** @param used by earlier parts of a run that is resumed */
  constructor(budget: BenchBudget, used: ResourceUse = { requests: 0, tokens: 0, usd: 0 }) {
    this.#budget = budget;
    this.#used = { ...used };
  }

  get used(): ResourceUse {
    return { ...this.#used };
  }

  /** Used so far, plus the maximum that the requests in flight may still use. */
  get committed(): ResourceUse {
    return sum(this.#used, this.#reserved);
  }

  /** Reserves the maximum use of a request. Returns false and reserves nothing where the budget would be exceeded. */
  reserve(most: ResourceUse): boolean {
    const total = sum(sum(this.#used, this.#reserved), most);
    if (!fits(this.#budget, total)) return false;
    add(this.#reserved, most, 1);
    return true;
  }

  /** Replaces the reservation of a request by what it actually used. */
  settle(most: ResourceUse, used: ResourceUse): void {
    add(this.#reserved, most, -1);
    add(this.#used, used, 1);
  }
}

function sum(a: ResourceUse, b: ResourceUse): ResourceUse {
  return { requests: a.requests + b.requests, tokens: a.tokens + b.tokens, usd: a.usd + b.usd };
}

function add(to: ResourceUse, use: ResourceUse, sign: 1 | -1): void {
  for (const name of NAMES) to[name] += sign * use[name];
}
