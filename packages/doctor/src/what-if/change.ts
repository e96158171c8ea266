import { FirstwordError, type TurnRecord } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import type { ReplayPlan } from './replay-plan.js';
import type { TtftSource } from './ttft.js';

/** A turn that can be replayed. */
export interface ReplayTurn {
  record: TurnRecord;
  plan: ReplayPlan;
}

/** Input of a change: all turns, and times of other providers. */
export interface ReplayContext {
  turns: readonly ReplayTurn[];
  /** @throws FirstwordError `bad_input` for a provider that nothing is known of */
  ttftOf(name: string): TtftSource;
}

/** A change with its value, prepared for these turns. */
export interface PreparedChange {
  /** `hedge to groq after 500 ms`. */
  text: string;
  assumes: string[];
  /** What the records do not contain. */
  cannotKnow: string[];
  /** Why this turn cannot be replayed with the change; `undefined` where it can. */
  missing(turn: ReplayTurn): string | undefined;
  /** Changes the plan, which is a copy. A turn that the change does not affect stays as it is. */
  apply(plan: ReplayPlan, turn: ReplayTurn, random: Random): void;
}

/** A change that `--set` can make to recorded turns. */
export interface Change {
  name: string;
  /** `hedge=PROVIDER@DELAYms`. */
  usage: string;
  /** Its effect, in one line. */
  what: string;
  /** @throws FirstwordError `bad_input` for a value that it does not accept */
  prepare(value: string | undefined, study: ReplayContext): PreparedChange;
}

/** The error for a value that a change does not accept. */
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

/** Rejects a value for a change that takes none. */
export function rejectAnyValue(change: Pick<Change, 'usage'>, value: string | undefined): void {
  if (value !== undefined && value !== 'on') throw rejectValue(change, value, 'it is on or not set');
}
