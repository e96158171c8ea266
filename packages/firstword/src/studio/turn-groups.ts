import { isFailed, outcomeOf, type TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { answerGapMs } from '../answer-gap.js';
import { LEVERS, type LeverSet, type TurnGroup } from './protocol.js';

interface Group extends Pick<TurnGroup, 'levers' | 'llm' | 'emulated'> {
  gapsMs: number[];
  failed: number;
}

/** The provider and model asked first. A turn that the backup won still counts for the primary that was chosen. */
function primaryLlmOf({ llm }: TurnRecord): string {
  if (!llm) return 'no LLM';
  const { provider, model } = llm.attempts?.find((a) => a.reason === 'primary') ?? llm;
  return `${provider} / ${model}`;
}

const keyOf = (record: TurnRecord, levers: LeverSet): string =>
  `${LEVERS.map((name) => (levers[name] ? 1 : 0)).join('')} ${primaryLlmOf(record)}`;

function figuresOf({ gapsMs, ...group }: Group): TurnGroup {
  const gaps = ascending(gapsMs);
  if (gaps.length === 0) return { ...group, turns: 0 };
  return { ...group, turns: gaps.length, p50Ms: percentile(gaps, 50), p95Ms: percentile(gaps, 95) };
}

/** Answer gaps of turns, grouped by levers and LLM. */
export class TurnGroups {
  readonly #groups = new Map<string, Group>();

  /** Adds a turn's final record. A turn without an answer counts only if it failed. */
  add(record: TurnRecord, levers: LeverSet): void {
    const gapMs = answerGapMs(record);
    const hasFailed = isFailed(outcomeOf(record));
    if (gapMs === undefined && !hasFailed) return;
    const key = keyOf(record, levers);
    const group = this.#groups.get(key) ?? {
      levers,
      llm: primaryLlmOf(record),
      emulated: false,
      gapsMs: [],
      failed: 0,
    };
    if (hasFailed) group.failed += 1;
    else if (gapMs !== undefined) group.gapsMs.push(gapMs);
    group.emulated ||= record.llm?.emulated ?? false;
    this.#groups.set(key, group);
  }

  /** The group of a turn: those with the same levers and LLM; `undefined` if none of them was answered or failed. */
  groupOf(record: TurnRecord, levers: LeverSet): TurnGroup | undefined {
    const group = this.#groups.get(keyOf(record, levers));
    return group && figuresOf(group);
  }

  /** Percentiles of each group, in the order in which the groups first occurred. */
  get summary(): TurnGroup[] {
    return [...this.#groups.values()].map(figuresOf);
  }
}
