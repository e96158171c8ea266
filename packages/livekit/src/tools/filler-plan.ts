import type { UsualToolTime } from './tool-times.js';

/** A tool that takes less than this is not talked over, ms. */
export const FAST_TOOL_MS = 800;
/** From how long a tool's fastest run took, the next is not expected to be fast, ms: the fewer runs there were, the slower. */
const SURELY_SLOW_MS = [Number.POSITIVE_INFINITY, 2_000, 1_300] as const;
const SURELY_SLOW_AFTER_MORE_MS = 1_000;
/** From a tool's result to the first sound of the answer: the second request to the LLM, and the TTS, ms. */
const AFTER_TOOL_MS = 500;

/** A tool that runs. */
export interface RunningTool {
  startedMs: number;
  /** `undefined` for a tool that was never run before. */
  usual: UsualToolTime | undefined;
}

/** What is known while tools run and nothing can be heard. Times on the session's clock, ms. */
export interface ToolWait {
  tools: readonly RunningTool[];
  /** The caller's last word, or the agent's last sound if that was later. */
  silentSinceMs: number;
  /** Whether the agent has said something since the caller's last word. */
  hasSpoken: boolean;
  /** Longest silence wanted, ms. */
  limitMs: number;
}

const isSurelySlow = ({ usual }: RunningTool): boolean =>
  usual !== undefined && usual.fastestMs >= (SURELY_SLOW_MS[usual.runs] ?? SURELY_SLOW_AFTER_MORE_MS);

/**
 * When a filler is due, if the tools still run then and nothing has been heard: after the wanted silence, and not before a tool has
 * shown that it is no fast one, by the time that it has taken or by all its earlier runs. A tool that is always slow is talked over
 * from its start on, if nothing was said before it.
 */
export function toolFillerDueMs({ tools, silentSinceMs, hasSpoken, limitMs }: ToolWait): number {
  const afterSilenceMs = silentSinceMs + limitMs;
  const dues = tools.map((tool) => {
    if (!isSurelySlow(tool)) return Math.max(afterSilenceMs, tool.startedMs + FAST_TOOL_MS);
    return Math.max(hasSpoken ? afterSilenceMs : silentSinceMs, tool.startedMs);
  });
  return Math.min(...dues);
}

/** A phrase that may be said while a tool runs. */
export interface ToolPhrase {
  text: string;
  /** Duration of its audio, ms; `undefined` if it is not known. */
  durationMs: number | undefined;
}

/** What the choice of a phrase depends on. Times on the session's clock, ms. */
export interface PhraseChoice {
  phrases: readonly ToolPhrase[];
  /** Phrases said in this call, oldest first. */
  recent: readonly string[];
  /** Phrases said in this turn. */
  saidInTurn: readonly string[];
  tools: readonly RunningTool[];
  nowMs: number;
}

/**
 * The phrase to say: none twice in a turn, nor the last one of the call again. The longest that is over before the answer can be
 * there, by the tools' usual times; else the shortest, so that it delays the answer least.
 */
export function chooseToolPhrase({
  phrases,
  recent,
  saidInTurn,
  tools,
  nowMs,
}: PhraseChoice): string | undefined {
  const free = phrases.filter(({ text }) => !saidInTurn.includes(text) && text !== recent.at(-1));
  if (free.length === 0) return undefined;
  const endsMs = tools.flatMap(({ startedMs, usual }) => (usual ? [startedMs + usual.medianMs] : []));
  const roomMs = endsMs.length === 0 ? 0 : Math.max(...endsMs) + AFTER_TOOL_MS - nowMs;
  const longest = (a: ToolPhrase, b: ToolPhrase) => (b.durationMs ?? 0) - (a.durationMs ?? 0);
  const leastRecent = (a: ToolPhrase, b: ToolPhrase) =>
    recent.lastIndexOf(a.text) - recent.lastIndexOf(b.text);
  const fitting = free.filter(({ durationMs }) => durationMs !== undefined && durationMs <= roomMs);
  if (fitting.length > 0) return fitting.sort((a, b) => longest(a, b) || leastRecent(a, b))[0]!.text;
  return [...free].sort((a, b) => longest(b, a) || leastRecent(a, b))[0]!.text;
}
