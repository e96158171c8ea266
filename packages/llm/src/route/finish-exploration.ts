import type { Book } from './book.js';
import type { Runner, RunnerEvents } from './runner.js';
import type { RouteSettings } from './settings.js';

/**
 * Lets an explorer that lost its race go on to its first content, or its deadline, and no further: cut off at the
 * winner's moment it would only tell that it was slower, never by how much, and a rested breaker would never close.
 * The returned function stops it at once.
 */
export function learnFrom(options: { runner: Runner; book: Book; settings: RouteSettings }): () => void {
  const { runner, book, settings } = options;
  const { clock, firstContentDeadlineMs } = settings;
  const stopTimer = clock.schedule(runner.startedMs + firstContentDeadlineMs - clock.nowMs(), () => {
    runner.end('stopped', clock.nowMs());
    book.lost(runner.index, { waitedMs: clock.nowMs() - runner.startedMs, fair: true });
  });
  const events: RunnerEvents = {
    onEvent(_runner, event) {
      if (event.type !== 'text' && event.type !== 'toolCall') return;
      stopTimer();
      book.heard(runner.index, runner.chat.trace);
      book.answered(runner.index, (runner.chat.trace.marks.firstContent ?? clock.nowMs()) - runner.startedMs);
      book.finished(runner.index);
      runner.end('stopped', clock.nowMs());
    },
    onEnd() {
      stopTimer();
      runner.end('empty', clock.nowMs());
      book.silent(runner.index);
    },
    onFailed(_runner, error) {
      stopTimer();
      runner.end('failed', clock.nowMs());
      book.failed(runner.index, error);
    },
  };
  runner.handOver(events);
  return () => {
    if (!runner.active) return;
    stopTimer();
    book.abandoned(runner.index, clock.nowMs() - runner.startedMs);
    runner.end('stopped', clock.nowMs());
  };
}
