import { AsyncResource } from 'node:async_hooks';

const outside = new AsyncResource('firstword.connections');

/**
 * Runs `work` in the async context in which this module was loaded, instead of the caller's. Node keeps the values of every
 * `AsyncLocalStorage` for as long as a socket lives that was opened with them: a warm connection would keep the call that
 * happened to open it, with all its audio.
 */
export function outsideCalls<T>(work: () => T): T {
  return outside.runInAsyncScope(work);
}
