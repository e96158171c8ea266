import { withDefaults } from '../with-defaults.js';
import { type Acceptance, INITIAL_ACCEPTANCE, isTrusted, updatedAcceptance } from './acceptance.js';
import type { SpeculationReason } from './decision.js';
import { DEFAULT_SPECULATION, type SpeculationOptions } from './options.js';

/** Why a speculation was not started. */
export type SpeculationRefusal = 'turn limit' | 'call budget' | 'minute budget' | 'low acceptance';

/** Counts of speculations in one call so far. */
export interface SpeculationStats {
  started: number;
  kept: number;
  cancelled: number;
  /** Starts that were refused. */
  refused: number;
  /** Tokens that cancelled speculations cost. */
  wastedTokens: number;
  /** kept ÷ (kept + cancelled), 0 to 1; `undefined` before the first outcome. */
  acceptance: number | undefined;
}

const MINUTE_MS = 60_000;

/**
 * Controls and counts the speculations of one call. It refuses a start that exceeds a budget, and learns how often each
 * reason leads to a kept speculation. At most one speculation runs at a time (LiveKit allows one): another start cancels
 * it.
 */
export class Speculator {
  /** The options in force, including defaults. */
  readonly options: SpeculationOptions;
  #running: { reason: SpeculationReason } | undefined;
  readonly #acceptance = new Map<SpeculationReason, Acceptance>();
  #startedInTurn = 0;
  #waste: { atMs: number; tokens: number }[] = [];
  #counters = { started: 0, kept: 0, cancelled: 0, refused: 0, wastedTokens: 0 };

  constructor(options: Partial<SpeculationOptions> = {}) {
    this.options = withDefaults(DEFAULT_SPECULATION, options);
  }

  /** Whether a speculation is running. */
  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Counts so far. */
  get stats(): SpeculationStats {
    const { kept, cancelled } = this.#counters;
    const settled = kept + cancelled;
    return { ...this.#counters, acceptance: settled === 0 ? undefined : kept / settled };
  }

  /** Why a start would be refused now; `undefined` if it would not be. */
  refusal(reason: SpeculationReason, nowMs: number): SpeculationRefusal | undefined {
    const { options } = this;
    if (this.#startedInTurn >= options.maxPerTurn) return 'turn limit';
    if (this.#counters.wastedTokens >= options.maxWastedTokensPerCall) return 'call budget';
    if (this.#wastedSince(nowMs - MINUTE_MS) >= options.maxWastedTokensPerMinute) return 'minute budget';
    return isTrusted(this.#of(reason), options) ? undefined : 'low acceptance';
  }

  /**
   * Starts a speculation and cancels the running one, or returns why it is refused. A refusal counts as a skipped
   * opportunity.
   */
  start(reason: SpeculationReason, nowMs: number): SpeculationRefusal | undefined {
    const refusal = this.refusal(reason, nowMs);
    if (refusal) {
      this.#counters.refused++;
      const known = this.#of(reason);
      this.#acceptance.set(reason, { ...known, skipped: known.skipped + 1 });
      return refusal;
    }
    this.cancel();
    this.#acceptance.set(reason, { ...this.#of(reason), skipped: 0 });
    this.#running = { reason };
    this.#counters.started++;
    this.#startedInTurn++;
    return undefined;
  }

  /** Counts the running speculation as cancelled. Report its tokens by `addWastedTokens` when they are known. */
  cancel(): void {
    this.#settle(false);
  }

  /** The caller's turn was committed, and the running speculation was kept as its answer or not. Starts a new turn. */
  commit(kept: boolean): void {
    this.#settle(kept);
    this.#startedInTurn = 0;
  }

  /** Adds the tokens that a cancelled speculation cost. An estimate is enough. */
  addWastedTokens(tokens: number, nowMs: number): void {
    if (!(tokens > 0)) return;
    this.#counters.wastedTokens += tokens;
    this.#waste = this.#waste.filter(({ atMs }) => atMs > nowMs - MINUTE_MS);
    this.#waste.push({ atMs: nowMs, tokens });
  }

  #settle(kept: boolean): void {
    if (!this.#running) return;
    const { reason } = this.#running;
    this.#running = undefined;
    this.#acceptance.set(reason, updatedAcceptance(this.#of(reason), kept));
    if (kept) this.#counters.kept++;
    else this.#counters.cancelled++;
  }

  #of(reason: SpeculationReason): Acceptance {
    return this.#acceptance.get(reason) ?? INITIAL_ACCEPTANCE;
  }

  #wastedSince(sinceMs: number): number {
    return this.#waste.reduce((sum, { atMs, tokens }) => (atMs > sinceMs ? sum + tokens : sum), 0);
  }
}
