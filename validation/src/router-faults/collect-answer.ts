import { type Clock, FirstwordError } from '@firstword/turn';

/** The text received for one request. */
export interface CollectedAnswer {
  /** From the request to the first text, ms; absent without any text. */
  firstTextMs?: number;
  text: string;
  /** `ended`: complete. `failed`: with an error. `timed out`: not complete within `timeoutMs`. */
  end: 'ended' | 'failed' | 'timed out';
}

/**
 * Reads an answer until its end, an error or a timeout.
 *
 * @param options.ask starts the request; its signal fires on the timeout
 * @param options.timeoutMs longest time from the request to the end of the answer, ms
 */
export async function collectAnswer(options: {
  ask: (signal: AbortSignal) => AsyncIterable<string>;
  timeoutMs: number;
  clock: Clock;
}): Promise<CollectedAnswer> {
  const { ask, timeoutMs, clock } = options;
  const stop = new AbortController();
  const answer: CollectedAnswer = { text: '', end: 'timed out' };
  const startMs = clock.nowMs();
  const read = async () => {
    for await (const text of ask(stop.signal)) {
      if (stop.signal.aborted) return;
      if (text !== '') answer.firstTextMs ??= clock.nowMs() - startMs;
      answer.text += text;
    }
  };
  let stopTimer = () => {};
  const timedOut = new Promise<void>((resolve) => {
    stopTimer = clock.schedule(timeoutMs, () => {
      stop.abort(new FirstwordError('timeout', 'the answer took too long: raise timeoutMs'));
      resolve();
    });
  });
  const end = (end: CollectedAnswer['end']) => () => (stop.signal.aborted ? 'timed out' : end);
  const reading = read().then(end('ended'), end('failed'));
  // Do not wait for `reading` after the timeout: an arm may ignore its signal.
  answer.end = await Promise.race([reading, timedOut.then(end('timed out'))]);
  stopTimer();
  return { ...answer };
}
