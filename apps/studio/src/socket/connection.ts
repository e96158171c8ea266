import type { PageMessage, ServerMessage } from '../protocol.js';
import { type AudioFrame, decodeAudioFrame, encodeAudioFrame } from './audio-frame.js';
import { backoffMs } from './backoff.js';
import { parseServerMessage } from './server-message.js';

/** The part of `WebSocket` that is used here. */
export type SocketLike = Pick<
  WebSocket,
  'send' | 'close' | 'binaryType' | 'readyState' | 'onopen' | 'onclose' | 'onmessage'
>;

const OPEN = 1;

/** The state of the connection. `waiting`: attempt number `attempt` follows in `retryInMs`. */
export type ConnectionStatus =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'waiting'; attempt: number; retryInMs: number };

/** Callbacks of a connection. */
export interface ConnectionHandlers {
  /** The state changed. */
  onStatus(status: ConnectionStatus): void;
  /** A valid text message arrived. */
  onMessage(message: ServerMessage): void;
  /** A valid audio message arrived. */
  onAudio(frame: AudioFrame): void;
}

/** What a `StudioConnection` needs; tests inject socket, timer and random numbers. */
export interface ConnectionOptions {
  /** Creates a socket. */
  openSocket: () => SocketLike;
  handlers: ConnectionHandlers;
  /** Runs `fn` after `delayMs`; the returned function cancels it. */
  schedule: (delayMs: number, fn: () => void) => () => void;
  /** A random number, 0 to 1. */
  random: () => number;
}

/** The WebSocket to the server. It reconnects after a disconnect, with increasing delays. */
export class StudioConnection {
  readonly #options: ConnectionOptions;
  #socket: SocketLike | undefined;
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Opens the socket. While a retry is pending, it retries at once. */
  open(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#socket) return;
    this.#options.handlers.onStatus({ state: 'connecting' });
    const socket = this.#options.openSocket();
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#attempt = 0;
      this.#options.handlers.onStatus({ state: 'open' });
    };
    socket.onmessage = (event: MessageEvent<unknown>) => this.#take(event.data);
    socket.onclose = () => this.#retryLater();
  }

  /** Closes the socket without reconnecting. */
  close(): void {
    this.#cancelRetry?.();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  /** Sends a message if the socket is open; otherwise drops it, because it would be outdated after a reconnect. */
  send(message: PageMessage): void {
    this.#sendRaw(() => JSON.stringify(message));
  }

  /** Sends an audio frame if the socket is open; otherwise drops it. */
  sendAudio(frame: AudioFrame): void {
    this.#sendRaw(() => encodeAudioFrame(frame));
  }

  #sendRaw(make: () => string | ArrayBuffer): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(make());
  }

  #take(data: unknown): void {
    if (typeof data === 'string') {
      const message = parseServerMessage(data);
      if (message) this.#options.handlers.onMessage(message);
    } else if (data instanceof ArrayBuffer) {
      const frame = decodeAudioFrame(data);
      if (frame) this.#options.handlers.onAudio(frame);
    }
  }

  #retryLater(): void {
    this.#socket = undefined;
    this.#attempt++;
    const retryInMs = backoffMs(this.#attempt, this.#options.random());
    this.#options.handlers.onStatus({ state: 'waiting', attempt: this.#attempt, retryInMs });
    this.#cancelRetry = this.#options.schedule(retryInMs, () => this.open());
  }
}
