import { type Clock, FirstwordError } from '@firstword/turn';

/** What a caller got out of one request. */
export interface Heard {
  /** From the request to the first text; absent when none came. */
  firstTextMs?: number;
  text: string;
  /** `ended`: to its end. `failed`: with an error. `gave up`: the listener's patience ran out first. */
  end: 'ended' | 'failed' | 'gave up';
}

/**
 * Reads an answer as a caller would, for as long as the caller would wait.
 *
 * @param options.ask starts the request; its signal fires when the caller gives up
 * @param options.patienceMs from the request to the end of the answer, ms
 */
export async function listen(options: {
  ask: (signal: AbortSignal) => AsyncIterable<string>;
  patienceMs: number;
  clock: Clock;
}): Promise<Heard> {
  const { ask, patienceMs, clock } = options;
  const stop = new AbortController();
  const heard: Heard = { text: '', end: 'gave up' };
  const startMs = clock.nowMs();
  const read = async () => {
    for await (const text of ask(stop.signal)) {
      if (stop.signal.aborted) return;
      if (text !== '') heard.firstTextMs ??= clock.nowMs() - startMs;
      heard.text += text;
    }
  };
  let stopTimer = () => {};
  const gaveUp = new Promise<void>((resolve) => {
    stopTimer = clock.schedule(patienceMs, () => {
      stop.abort(new FirstwordError('timeout', 'the listener gave up: raise patienceMs to hear more'));
      resolve();
    });
  });
  const end = (end: Heard['end']) => () => (stop.signal.aborted ? 'gave up' : end);
  const reading = read().then(end('ended'), end('failed'));
  // An arm that does not stop when it is told to must not keep the bench waiting.
  heard.end = await Promise.race([reading, gaveUp.then(end('gave up'))]);
  stopTimer();
  return { ...heard };
}
