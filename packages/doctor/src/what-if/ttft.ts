import type { MarkName, TurnRecord } from '@firstword/turn';
import { oneOf, type Random, standardNormal } from '@firstword/turn/statistics';

/** Percentiles of the time to the first content, ms, as published. */
export interface ProviderTtft {
  p50Ms: number;
  p95Ms: number;
  /** The published maximum: nothing slower is drawn. */
  maxMs?: number;
  /** Where they are from. */
  source: string;
}

/** A source of times to first content, to draw from. */
export interface TtftSource {
  /** `groq, 412 of your own turns`. */
  text: string;
  drawMs(random: Random): number;
}

/** Fewer turns show too little of the tail. */
const MIN_OWN = 10;
/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** The lognormal through both percentiles; values above the maximum are drawn again. */
export function percentilesSource(figures: ProviderTtft): TtftSource {
  const { p50Ms, p95Ms, maxMs = Number.POSITIVE_INFINITY, source } = figures;
  const sigma = p50Ms > 0 ? Math.log(p95Ms / p50Ms) / Z95 : 0;
  return {
    text: `p50 ${p50Ms}, p95 ${p95Ms} ms${Number.isFinite(maxMs) ? `, at most ${maxMs}` : ''} (${source})`,
    drawMs(random) {
      for (;;) {
        const ttftMs = p50Ms * Math.exp(sigma * standardNormal(random));
        if (ttftMs <= maxMs || sigma === 0) return Math.min(ttftMs, maxMs);
      }
    },
  };
}

const lower = (text: string) => text.toLowerCase();

/** The names by which `--set` may call a turn's LLM. */
const namesOf = ({ llm }: TurnRecord): string[] =>
  llm ? [llm.provider, llm.model, `${llm.provider}/${llm.model}`, ...(llm.profile ? [llm.profile] : [])] : [];

const isOf = (turn: TurnRecord, name: string): boolean => namesOf(turn).map(lower).includes(lower(name));

/** Every provider, model and profile of the turns. */
export const ownNames = (turns: readonly TurnRecord[]): string[] => [...new Set(turns.flatMap(namesOf))];

/** The winner of a race is faster than its provider: use only turns with one request. */
function ttftOf({ marks, llm, imported }: TurnRecord): number | undefined {
  if ((llm?.attempts?.length ?? 1) > 1) return undefined;
  const ms = (mark: MarkName) => marks[mark] ?? Number.NaN;
  const seenMs = ms('firstContent') - ms('llmRequested');
  return Number.isFinite(seenMs) ? Math.max(0, seenMs) : imported?.llmTtftMs;
}

/** The user's own times of a provider or model; `undefined` where too few turns have one. */
export function ownSource(turns: readonly TurnRecord[], name: string): TtftSource | undefined {
  const own = turns.filter((turn) => isOf(turn, name)).flatMap((turn) => ttftOf(turn) ?? []);
  if (own.length < MIN_OWN) return undefined;
  return { text: `${name}, ${own.length} of your own turns`, drawMs: (random) => oneOf(own, random) };
}
