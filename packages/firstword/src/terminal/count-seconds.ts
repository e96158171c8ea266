import { StatusLine } from './status-line.js';

/** Runs slow work with a status line that is shown anew each second, and cleared at the end. */
export async function countSeconds<T>(
  text: (seconds: number) => string,
  work: () => Promise<T>,
): Promise<{ result: T; seconds: number }> {
  const line = new StatusLine();
  const startedMs = performance.now();
  const elapsed = () => Math.round((performance.now() - startedMs) / 1000);
  const timer = setInterval(() => line.live(text(elapsed())), 1000);
  try {
    return { result: await work(), seconds: elapsed() };
  } finally {
    clearInterval(timer);
    line.clear();
  }
}
