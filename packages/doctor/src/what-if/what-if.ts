import type { Measure } from '@firstword/records';
import {
  CALL_SCHEMA,
  type CallRecord,
  didYouMean,
  FirstwordError,
  type TurnRecord,
  unknownName,
} from '@firstword/turn';
import { PUBLISHED_TTFT, publishedAt, publishedTtft } from '../references.js';
import type { PreparedChange, ReplayContext } from './change.js';
import { WHAT_IF_CHANGES } from './changes/index.js';
import {
  callsIn,
  gapsIn,
  type ReplayAttempt,
  type ReplayedSilence,
  replayedGaps,
  replayedHellos,
  replayedTools,
  toolTurnsIn,
} from './silences.js';
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

/** The result of a what-if replay. Only silences that a change concerns are in it. */
export interface WhatIf {
  type: 'what-if';
  schema: 'firstword.what-if/1';
  changes: Pick<PreparedChange, 'text' | 'assumes' | 'cannotKnow'>[];
  /** The felt gap, or another measure of it: `measure` is the event that ends it. */
  gap?: ReplayedSilence & { measure: Measure };
  /** The time to hello. */
  hello?: ReplayedSilence;
  /** The longest silence of turns with tools. */
  tool?: ReplayedSilence;
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

/** Names of the silences, with what they are counted in. */
const SILENCES = { gap: 'turns', hello: 'calls', tool: 'turns with tools' } as const;

/** A change that could be replayed in no silence would be reported as one without effect. */
function requireEffect(
  changes: readonly PreparedChange[],
  found: Record<keyof typeof SILENCES, ReplayAttempt>,
): void {
  for (const change of changes) {
    const concerned = (['gap', 'hello', 'tool'] as const).filter((name) => change[name]);
    if (concerned.some((name) => found[name].figures)) continue;
    const [name] = concerned;
    const { read, leftOut } = found[name!];
    if (read === 0)
      throw bad(
        `${change.text}: it concerns ${SILENCES[name!]}, and there are none in these records${name === 'hello' ? ' (firstword.call/1)' : ''}`,
      );
    const [most] = leftOut;
    throw bad(`none of ${read} ${SILENCES[name!]} can be replayed${most ? `: ${most.reason}` : ''}`);
  }
}

/**
 * Replays turns and the beginnings of calls with changes: with the same marks, along the same critical path, but with other times for
 * the steps that a change affects. Random times are drawn from a distribution. Turns and calls without the marks that a change needs
 * are left out of both sides, and counted.
 * @param records turns, and records of calls for the time to hello
 * @throws FirstwordError `bad_input` for an unknown change, value or provider, or where nothing can be replayed
 */
export function whatIf(records: readonly (TurnRecord | CallRecord)[], options: WhatIfOptions): WhatIf {
  const seed = options.seed ?? 1;
  const turns = records.filter((record): record is TurnRecord => record.schema !== CALL_SCHEMA);
  const gaps = gapsIn(turns);
  const hellos = callsIn(records.filter((record): record is CallRecord => record.schema === CALL_SCHEMA));
  const tools = toolTurnsIn(turns);
  const changes = changesOf(options, {
    turns: gaps.items,
    calls: hellos.items,
    toolNames: [...new Set(turns.flatMap(({ tools: spans = [] }) => spans.map(({ name }) => name)))],
    ttftOf: (name) => ttftOf(name, turns, options),
  });
  const found = {
    gap: replayedGaps(gaps, changes, seed),
    hello: replayedHellos(hellos, changes, seed),
    tool: replayedTools(tools, changes, seed),
  };
  requireEffect(changes, found);
  const { gap, hello, tool } = found;
  return {
    type: 'what-if',
    schema: 'firstword.what-if/1',
    changes: changes.map(({ text, assumes, cannotKnow }) => ({ text, assumes, cannotKnow })),
    ...(gap.figures ? { gap: { ...gap.figures, measure: gaps.measure } } : {}),
    ...(hello.figures ? { hello: hello.figures } : {}),
    ...(tool.figures ? { tool: tool.figures } : {}),
    seed,
  };
}
