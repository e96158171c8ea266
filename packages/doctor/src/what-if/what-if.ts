import type { Measure } from '@firstword/records';
import { didYouMean, FirstwordError, noAnswerReason, type TurnRecord, unknownName } from '@firstword/turn';
import { PUBLISHED_TTFT, publishedAt, publishedTtft } from '../references.js';
import type { PreparedChange, ReplayContext, ReplayTurn } from './change.js';
import { WHAT_IF_CHANGES } from './changes/index.js';
import { type PercentileShift, replay, shiftsOf } from './replay.js';
import { replayPlanOf } from './replay-plan.js';
import { reportedMarks } from './reported-marks.js';
import { ownNames, ownSource, type ProviderTtft, percentilesSource, type TtftSource } from './ttft.js';

/** Options of `whatIf`. */
export interface WhatIfOptions {
  /** `hedge=groq@500ms`, `warm`. */
  set: readonly string[];
  /** The same seed gives the same draws; default 1. */
  seed?: number;
  /** Published figures of a provider or model, beyond those that the doctor knows. */
  figuresOf?: ((name: string) => ProviderTtft | undefined) | undefined;
  /** Names that `figuresOf` knows: an error for an unknown provider suggests the similar ones. */
  figureNames?: readonly string[];
}

/** The result of a what-if replay. */
export interface WhatIf {
  type: 'what-if';
  schema: 'firstword.what-if/1';
  changes: Pick<PreparedChange, 'text' | 'assumes' | 'cannotKnow'>[];
  /** The event that ends the gaps. */
  measure: Measure;
  turns: { read: number; replayed: number; changed: number };
  leftOut: { reason: string; turns: number }[];
  p50: PercentileShift;
  p95: PercentileShift;
  seed: number;
}

const bad = (message: string) => new FirstwordError('bad_input', message);
/** `98/217/2117`: p50, p95 and maximum in ms. */
const FIGURES = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/;

function givenFigures(name: string): ProviderTtft | undefined {
  const found = FIGURES.exec(name);
  if (!found) return undefined;
  const [p50Ms, p95Ms] = [Number(found[1]), Number(found[2])];
  const maxMs = found[3] === undefined ? undefined : Number(found[3]);
  if (!(p50Ms > 0 && p95Ms >= p50Ms && (maxMs ?? p95Ms) >= p95Ms))
    throw bad(`${name} is no distribution: give p50/p95/max in ms, each no smaller than the one before`);
  return { p50Ms, p95Ms, ...(maxMs === undefined ? {} : { maxMs }), source: 'as you gave them' };
}

/** The user's own times come first: they include the network and the real prompts. */
function ttftOf(name: string, turns: readonly TurnRecord[], options: WhatIfOptions): TtftSource {
  const given = givenFigures(name);
  if (given) return percentilesSource(given);
  const own = ownSource(turns, name);
  if (own) return own;
  const figures =
    options.figuresOf?.(name) ?? publishedTtft({ provider: name, model: name }) ?? publishedAt(name);
  if (figures) return percentilesSource(figures);
  const published = PUBLISHED_TTFT.flatMap((one) => [one.provider, ...one.models]);
  const names = [...ownNames(turns), ...(options.figureNames ?? []), ...published];
  throw bad(
    `nothing is known of ${name}.${didYouMean(name, names)} Give a provider or model with ten turns in your records, or figures as p50/p95/max in ms, such as 98/217/2117`,
  );
}

/**
 * A change and its value, as `--set` gives them.
 * @throws FirstwordError `bad_input` for an unknown change, with similar ones
 */
export function parseSetting(setting: string): { name: string; value: string | undefined } {
  const at = setting.indexOf('=');
  const name = (at < 0 ? setting : setting.slice(0, at)).trim();
  const names = WHAT_IF_CHANGES.map((change) => change.name);
  if (!names.includes(name)) throw unknownName('change', name, names);
  return { name, value: at < 0 ? undefined : setting.slice(at + 1).trim() };
}

/** @throws FirstwordError `bad_input` for an unknown change or an invalid value */
function changesOf(options: WhatIfOptions, study: ReplayContext): PreparedChange[] {
  if (options.set.length === 0) throw bad('no change was given: add one, such as --set warm');
  const wanted = new Map<string, string | undefined>();
  for (const setting of options.set) {
    const { name, value } = parseSetting(setting);
    if (wanted.has(name)) throw bad(`${name} is set twice: set it once`);
    wanted.set(name, value);
  }
  return WHAT_IF_CHANGES.flatMap((change) =>
    wanted.has(change.name) ? [change.prepare(wanted.get(change.name), study)] : [],
  );
}

class LeftOutTurns {
  readonly #turns = new Map<string, number>();

  add(reason: string): void {
    this.#turns.set(reason, (this.#turns.get(reason) ?? 0) + 1);
  }

  list(): WhatIf['leftOut'] {
    return [...this.#turns].map(([reason, turns]) => ({ reason, turns })).sort((a, b) => b.turns - a.turns);
  }
}

const isFirstFrame = ({ plan }: ReplayTurn): boolean => plan.end === 'framePublished';

/** The turns that have both ends of a gap, of the measure that most have: two measures have no percentile in common. */
function replayable(
  records: readonly TurnRecord[],
  leftOut: LeftOutTurns,
): { turns: ReplayTurn[]; measure: Measure } {
  const all: ReplayTurn[] = [];
  for (const record of records) {
    const plan = noAnswerReason(record) ?? replayPlanOf(reportedMarks(record));
    if (typeof plan === 'string') leftOut.add(plan);
    else all.push({ record, plan });
  }
  const frames = all.filter(isFirstFrame).length;
  const measure: Measure = frames > all.length / 2 ? 'firstFrame' : 'feltGap';
  const turns = all.filter((turn) => isFirstFrame(turn) === (measure === 'firstFrame'));
  for (const _ of all.slice(turns.length))
    leftOut.add(
      measure === 'feltGap'
        ? 'its end is the first frame, not the first audible sample'
        : 'its end is the first audible sample, not the first frame',
    );
  return { turns, measure };
}

/**
 * Replays turns with changes: with the same marks, along the same critical path, but with other times for the steps that a
 * change affects. Random times are drawn from a distribution. Turns without the marks that a change needs are left out of
 * both sides, and counted.
 * @throws FirstwordError `bad_input` for an unknown change, value or provider, or where no turn can be replayed
 */
export function whatIf(records: readonly TurnRecord[], options: WhatIfOptions): WhatIf {
  const seed = options.seed ?? 1;
  const leftOut = new LeftOutTurns();
  const { turns: all, measure } = replayable(records, leftOut);
  const changes = changesOf(options, { turns: all, ttftOf: (name) => ttftOf(name, records, options) });
  const turns = all.filter((turn) => {
    const reason = changes.map((change) => change.missing(turn)).find((lacking) => lacking !== undefined);
    if (reason !== undefined) leftOut.add(reason);
    return reason === undefined;
  });
  if (turns.length === 0) {
    const [most] = leftOut.list();
    throw bad(`none of ${records.length} turns can be replayed${most ? `: ${most.reason}` : ''}`);
  }
  const replayed = replay(turns, changes, seed);
  const [p50, p95] = shiftsOf(replayed, [50, 95], seed);
  return {
    type: 'what-if',
    schema: 'firstword.what-if/1',
    changes: changes.map(({ text, assumes, cannotKnow }) => ({ text, assumes, cannotKnow })),
    measure,
    turns: {
      read: records.length,
      replayed: turns.length,
      changed: replayed.filter(({ beforeMs, afterMs }) => afterMs.some((ms) => Math.abs(ms - beforeMs) >= 1))
        .length,
    },
    leftOut: leftOut.list(),
    p50: p50!,
    p95: p95!,
    seed,
  };
}
