import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * LiveKit's classes tell neither when they open a WebSocket nor when it is closed. Node does: a WebSocket begins as an HTTP
 * request, and the async context tells who caused it.
 */
const CHANNEL = 'http.client.request.start';

/** What is called for the WebSockets of some work. */
export interface WebSocketWatcher {
  /** A WebSocket is asked for. */
  onRequest?: (request: ClientRequest) => void;
  /** It is open. What is returned is called when its connection ends, whoever ended it. */
  onOpened: (socket: Duplex) => (() => void) | undefined;
}

const watchers = new AsyncLocalStorage<WebSocketWatcher>();
let users = 0;

function onRequest(message: unknown): void {
  const watcher = watchers.getStore();
  if (!watcher) return;
  const { request } = message as { request: ClientRequest };
  watcher.onRequest?.(request);
  request.once('upgrade', (_response: IncomingMessage, socket: Duplex) => {
    const onClosed = watcher.onOpened(socket);
    if (onClosed) socket.once('close', onClosed);
  });
}

/** Starts watching; the returned function ends it. Until then `watchWebSockets` works. */
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

/** Runs `work`. `watcher` is called for each WebSocket that `work`, or anything that `work` started, requests. */
export function watchWebSockets<T>(watcher: WebSocketWatcher, work: () => T): T {
  return watchers.run(watcher, work);
}

/** Runs `work`; `onOpened` is called whenever a WebSocket is open that it, or anything it started, has asked for. */
export function whenOpened<T>(onOpened: () => void, work: () => T): T {
  const watcher: WebSocketWatcher = {
    onOpened: () => {
      onOpened();
      return undefined;
    },
  };
  return watchWebSockets(watcher, work);
}

/** Runs `work`; `onRequest` gets each HTTP request that it, or anything it started, sends. Who watches around it gets them too. */
export function whenRequested<T>(onRequest: (request: ClientRequest) => void, work: () => T): T {
  const outer = watchers.getStore();
  const watcher: WebSocketWatcher = {
    onRequest: (request) => {
      outer?.onRequest?.(request);
      onRequest(request);
    },
    onOpened: (socket) => outer?.onOpened(socket),
  };
  return watchWebSockets(watcher, work);
}
