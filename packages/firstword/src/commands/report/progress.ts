import { systemClock } from '@firstword/turn';
import { StatusLine } from '../../terminal/status-line.js';

/** Where nobody watches, a line of a log this often is enough to see that it lives. */
const LOG_EVERY_MS = 10_000;

/** What a report is doing: a live line for people, a line now and then for logs. Quick reports say nothing there. */
export class ReportProgress {
  readonly #status = new StatusLine();
  #loggedMs = systemClock.nowMs();

  tell(step: string, done: number | undefined): void {
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
