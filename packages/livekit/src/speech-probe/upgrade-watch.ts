import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/**
 * LiveKit's classes do not tell when they open a WebSocket. Node does: a WebSocket begins as an HTTP request, and the async
 * context tells which measurement caused it.
 */
const CHANNEL = 'http.client.request.start';

const watchers = new AsyncLocalStorage<(request: ClientRequest) => void>();
let users = 0;

function onRequest(message: unknown): void {
  watchers.getStore()?.((message as { request: ClientRequest }).request);
}

/** Starts watching; the returned function ends it. Until then `whenOpened` and `whenRequested` work. */
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
  return whenRequested((request) => request.once('upgrade', onOpened), work);
}

/** Runs `work`; `onRequest` gets each HTTP request that it, or anything it started, sends. Who watches around it gets them too. */
export function whenRequested<T>(onRequest: (request: ClientRequest) => void, work: () => T): T {
  const outer = watchers.getStore();
  const both = (request: ClientRequest) => {
    outer?.(request);
    onRequest(request);
  };
  return watchers.run(both, work);
}
