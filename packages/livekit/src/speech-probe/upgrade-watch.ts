import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/**
 * LiveKit's classes do not tell when they open a WebSocket. Node does: a WebSocket begins as an HTTP request, and the async
 * context tells which measurement caused it.
 */
const CHANNEL = 'http.client.request.start';

const watchers = new AsyncLocalStorage<() => void>();
let users = 0;

function onRequest(message: unknown): void {
  const onOpened = watchers.getStore();
  if (onOpened) (message as { request: ClientRequest }).request.once('upgrade', onOpened);
}

/** Starts watching; the returned function ends it. Until then `whenOpened` works. */
export function watchUpgrades(): () => void {
  if (users === 0) subscribe(CHANNEL, onRequest);
  users += 1;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    users -= 1;
    if (users === 0) unsubscribe(CHANNEL, onRequest);
  };
}

/** Runs `work`; `onOpened` is called whenever a WebSocket is open that it, or anything it started, has asked for. */
export function whenOpened<T>(onOpened: () => void, work: () => T): T {
  return watchers.run(onOpened, work);
}
