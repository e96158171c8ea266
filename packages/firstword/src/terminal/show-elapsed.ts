import { StatusLine } from './status-line.js';

/**
 * Shows a live line on a terminal while `work` runs, with how long it has taken.
 * @param textOf the line, for a number of whole seconds
 */
export async function showElapsed<T>(
  textOf: (elapsedS: number) => string,
  work: () => Promise<T>,
): Promise<{ result: T; elapsedS: number }> {
  const line = new StatusLine();
  const startedMs = performance.now();
  const elapsedS = () => Math.round((performance.now() - startedMs) / 1000);
  const timer = setInterval(() => line.live(textOf(elapsedS())), 1000);
  try {
    const result = await work();
    return { result, elapsedS: elapsedS() };
  } finally {
    clearInterval(timer);
    line.clear();
  }
}
