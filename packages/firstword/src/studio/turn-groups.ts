import { LEVERS, type LeverSet, type TurnGroup } from '@firstword/studio/protocol';
import type { TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { answerGapMs } from '../answer-gap.js';

interface Group extends Pick<TurnGroup, 'levers' | 'llm' | 'emulated'> {
  gapsMs: number[];
}

/** Who was asked first: a backup that wins answers for the same choice. */
function askedOf({ llm }: TurnRecord): string {
  if (!llm) return 'no LLM';
  const { provider, model } = llm.attempts?.find((a) => a.reason === 'primary') ?? llm;
  return `${provider} / ${model}`;
}

/** Gaps until one page's answers, apart by the levers and the LLM that answered. */
export class TurnGroups {
  readonly #groups = new Map<string, Group>();

  /** Counts a turn's final record; one without an answer counts nowhere. */
  add(record: TurnRecord, levers: LeverSet): void {
    const gapMs = answerGapMs(record);
    if (gapMs === undefined) return;
    const llm = askedOf(record);
    const key = `${LEVERS.map((name) => (levers[name] ? 1 : 0)).join('')} ${llm}`;
    const group = this.#groups.get(key) ?? { levers, llm, emulated: false, gapsMs: [] };
    group.gapsMs.push(gapMs);
    group.emulated ||= record.llm?.emulated ?? false;
    this.#groups.set(key, group);
  }

  /** In the order in which they were first met. */
  get summary(): TurnGroup[] {
    return [...this.#groups.values()].map(({ gapsMs, ...group }) => {
      const gaps = ascending(gapsMs);
      return { ...group, turns: gaps.length, p50Ms: percentile(gaps, 50), p95Ms: percentile(gaps, 95) };
    });
  }
}
