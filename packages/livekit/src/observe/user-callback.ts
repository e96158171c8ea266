import { log, loggerOptions } from '@livekit/agents';

/**
 * Wraps a function of the user's that only observes. LiveKit's events call it in the middle of a turn: if it threw there, the
 * agent would stay "speaking", and the answer would be missing in the history. Its first error is logged.
 *
 * @param name what the user knows it by
 */
export function isolated<Args extends unknown[]>(
  name: string,
  callback: (...args: Args) => unknown,
): (...args: Args) => void {
  let isReported = false;
  const report = (error: unknown) => {
    if (isReported) return;
    isReported = true;
    const message = `firstword: ${name} failed; the call goes on, and later failures are not logged`;
    if (loggerOptions()) log().error({ error }, message);
    else process.emitWarning(message);
  };
  return (...args) => {
    try {
      const result = callback(...args);
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
}

/** As `isolated`, for an option that is a value or a function that returns it; `undefined` where the function fails. */
export function isolatedValue<Value extends object, Args extends unknown[] = []>(
  name: string,
  given: Value | ((...args: Args) => Value | undefined) | undefined,
): (...args: Args) => Value | undefined {
  let value: Value | undefined;
  const ask = isolated(name, (...args: Args) => {
    value = typeof given === 'function' ? given(...args) : given;
  });
  return (...args) => {
    value = undefined;
    ask(...args);
    return value;
  };
}
