import { systemClock } from '@firstword/turn';
import { StatusLine } from '../../terminal/status-line.js';

/** Without a terminal, progress is logged at most this often, ms. */
const LOG_EVERY_MS = 10_000;

/** Progress of a command that reads records: a live line on a terminal, otherwise a line every 10 s. */
export class ReportProgress {
  readonly #status = new StatusLine();
  #loggedMs = systemClock.nowMs();

  /** Shows a step and the share of it that is done, 0 to 1. */
  show(step: string, done: number | undefined): void {
    const text = done === undefined ? step : `${step} ${Math.round(done * 100)} %`;
    this.#status.live(text);
    if (systemClock.nowMs() - this.#loggedMs < LOG_EVERY_MS) return;
    this.#loggedMs = systemClock.nowMs();
    if (!process.stderr.isTTY) this.#status.step(text);
  }

  clear(): void {
    this.#status.clear();
  }
}
