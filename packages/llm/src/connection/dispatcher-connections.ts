import type { Dispatcher } from 'undici';
import type { EndpointConnections, Lease, RequestConnection } from './pool.js';

/** A request that a user's dispatcher sends. The dispatcher owns the socket, so stopping the request aborts it there. */
class DispatchedRequest implements RequestConnection {
  readonly #dispatcher: Dispatcher;
  readonly #origin: URL;
  readonly #onClosed: (request: DispatchedRequest) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #destroyed = false;

  constructor(options: {
    dispatcher: Dispatcher;
    origin: URL;
    onClosed: (request: DispatchedRequest) => void;
  }) {
    this.#dispatcher = options.dispatcher;
    this.#origin = options.origin;
    this.#onClosed = options.onClosed;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#dispatcher.dispatch(
      // Requests have their own time limits, on the injected clock.
      { ...options, origin: this.#origin, headersTimeout: 0, bodyTimeout: 0 },
      {
        ...handler,
        onRequestStart: (controller, context) => {
          this.#controller = controller;
          if (this.#destroyed) this.#abort();
          else handler.onRequestStart?.(controller, context);
        },
      },
    );
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#onClosed(this);
    this.#abort();
  }

  #abort(): void {
    if (this.#controller && !this.#controller.aborted)
      this.#controller.abort(new Error('the request was cancelled'));
  }
}

/**
 * Sends every request through a dispatcher of the user's. It then decides about sockets, proxies and TLS: nothing is kept
 * warm here, and whether a connection was reused is unknown. The user closes it.
 */
export class DispatcherConnections implements EndpointConnections {
  readonly #options: { dispatcher: Dispatcher; origin: URL };
  readonly #running = new Set<DispatchedRequest>();

  constructor(options: { dispatcher: Dispatcher; origin: URL }) {
    this.#options = options;
  }

  takeIdle(): Lease {
    const connection = new DispatchedRequest({
      ...this.#options,
      onClosed: (request) => this.#running.delete(request),
    });
    this.#running.add(connection);
    return { connection };
  }

  async take(): Promise<Lease> {
    return this.takeIdle();
  }

  release(connection: RequestConnection): void {
    this.#running.delete(connection as DispatchedRequest);
  }

  rewarm(): void {}

  close(): void {
    for (const request of [...this.#running]) request.destroy();
  }
}
