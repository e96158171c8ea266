import { FirstwordError, type TurnRecord } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import type { ReplayPlan } from './replay-plan.js';
import type { TtftSource } from './ttft.js';

/** A turn that can be replayed. */
export interface ReplayTurn {
  record: TurnRecord;
  plan: ReplayPlan;
}

/** What a lever may look at: all of the user's turns, and where times of other providers come from. */
export interface ReplayContext {
  turns: readonly ReplayTurn[];
  /** @throws FirstwordError `bad_input` for a provider that nothing is known of */
  ttftOf(name: string): TtftSource;
}

/** A lever set to a value, made for these turns. */
export interface PreparedChange {
  /** `hedge to groq after 500 ms`. */
  text: string;
  assumes: string[];
  /** What the records cannot tell. */
  cannotKnow: string[];
  /** Why this turn cannot be replayed with it, where it cannot. */
  missing(turn: ReplayTurn): string | undefined;
  /** Changes the plan, which is a copy. Where the lever has no hold on this turn it stays as it is. */
  apply(plan: ReplayPlan, turn: ReplayTurn, random: Random): void;
}

/** A change that `--set` can make to recorded turns. */
export interface Change {
  name: string;
  /** `hedge=PROVIDER@DELAYms`. */
  usage: string;
  /** What it does, one line. */
  what: string;
  /** @throws FirstwordError `bad_input` for a value that it does not take */
  prepare(value: string | undefined, study: ReplayContext): PreparedChange;
}

/** A value that a lever does not take. */
export function rejectValue(
  { usage }: Pick<Change, 'usage'>,
  value: string | undefined,
  why: string,
): FirstwordError {
  const given = value === undefined ? 'nothing' : `'${value}'`;
  return new FirstwordError('bad_input', `${given} does not fit ${usage}: ${why}`);
}

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/;

/** `500`, `500ms` or `0.5s` in ms; `undefined` for anything else. */
export function durationMsOf(text: string): number | undefined {
  const found = DURATION.exec(text.trim());
  return found ? Number(found[1]) * (found[2] === 's' ? 1000 : 1) : undefined;
}

/** A lever that is on or not set at all. */
export function rejectAnyValue(lever: Pick<Change, 'usage'>, value: string | undefined): void {
  if (value !== undefined && value !== 'on') throw rejectValue(lever, value, 'it is on or not set');
}
