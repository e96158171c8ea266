/** How far the answer to the half has come when the caller goes on. */
export const PHASES = ['before the first token', 'before the first audio', 'while it is heard'] as const;
/** One of `PHASES`. */
export type Phase = (typeof PHASES)[number];

/** One cut-off. */
export interface CutOff {
  /** From the commit to the caller's next sound, ms. */
  gapMs: number;
  phase: Phase;
  /** When the answer to the half has its first token and its first audio, ms after the commit; 0: before it. */
  llmMs: number;
  ttsMs: number;
}

const GAPS_MS = Array.from({ length: 14 }, (_, i) => 100 * (i + 1));
/** How much later than the caller goes on a part is that is not there then, ms. */
const LATE_MS = 600;
/** Part of the gap after which the answer that is heard begins: of 1400 ms the caller hears at most 840. */
const HEARD_FROM = 0.4;

function delays(phase: Phase, gapMs: number): Pick<CutOff, 'llmMs' | 'ttsMs'> {
  if (phase === 'before the first token') return { llmMs: gapMs + LATE_MS, ttsMs: 0 };
  if (phase === 'before the first audio') return { llmMs: 0, ttsMs: gapMs + LATE_MS };
  return { llmMs: 0, ttsMs: HEARD_FROM * gapMs };
}

/** Every gap from 100 to 1400 ms in each phase. */
export function schedule(): CutOff[] {
  return GAPS_MS.flatMap((gapMs) => PHASES.map((phase) => ({ gapMs, phase, ...delays(phase, gapMs) })));
}
