import type { voice } from '@livekit/agents';

/** So many of the newest requests count. */
const KEPT = 8;
/** From the first token to the first clause that the TTS is given, ms. */
const CLAUSE_MS = 100;

/** How long this session's answers take from the LLM request to the first audio. */
export class AnswerTime {
  readonly #ttftMs: number[] = [];
  readonly #ttfbMs: number[] = [];

  /** The slowest first token and the slowest first byte of late, ms; `undefined` before both were measured. */
  get ms(): number | undefined {
    if (this.#ttftMs.length === 0 || this.#ttfbMs.length === 0) return undefined;
    return Math.max(...this.#ttftMs) + CLAUSE_MS + Math.max(...this.#ttfbMs);
  }

  note(metrics: voice.MetricsCollectedEvent['metrics']): void {
    if (metrics.type === 'llm_metrics') add(this.#ttftMs, metrics.ttftMs);
    else if (metrics.type === 'tts_metrics') add(this.#ttfbMs, metrics.ttfbMs);
  }
}

/** LiveKit reports -1 where nothing came. */
function add(times: number[], ms: number): void {
  if (!(ms > 0)) return;
  times.push(ms);
  if (times.length > KEPT) times.shift();
}
