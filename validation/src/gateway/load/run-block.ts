import type { AskOnce } from './first-content.js';
import type { LoadBlock, LoadResult } from './messages.js';

/** The streams of a block start spread over this time, ms: callers do not all speak in the same moment. */
const SPREAD_MS = 300;
const MAX_FAILURES = 3;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the streams of one block; each asks again as soon as its answer has ended. */
export async function runBlock(ask: AskOnce, block: LoadBlock): Promise<LoadResult> {
  const { streams, perStream, limitMs, firstQuestion } = block;
  const result: LoadResult = { timesMs: [], elapsedMs: 0, answered: 0, failed: 0, failures: [] };
  const startMs = performance.now();
  let next = firstQuestion;
  const stream = async (index: number) => {
    await sleep(streams === 1 ? 0 : (index * SPREAD_MS) / streams);
    for (let turn = 0; turn <= perStream && performance.now() - startMs < limitMs; turn += 1) {
      const question = `Call ${next}: at what time do you open?`;
      next += 1;
      try {
        const timeMs = await ask(question);
        result.answered += 1;
        if (turn > 0) result.timesMs.push(timeMs);
      } catch (error) {
        result.failed += 1;
        const { message } = error as Error;
        if (result.failures.length < MAX_FAILURES && !result.failures.includes(message))
          result.failures.push(message);
      }
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, index) => stream(index)));
  result.elapsedMs = performance.now() - startMs;
  return result;
}
