import type { PageMessage, ServerMessage } from '../protocol.js';
import { type AudioFrame, decodeAudioFrame, encodeAudioFrame } from './audio-frame.js';
import { backoffMs } from './backoff.js';
import { parseServerMessage } from './server-message.js';

/** The part of a WebSocket that is used here. */
export type SocketLike = Pick<
  WebSocket,
  'send' | 'close' | 'binaryType' | 'readyState' | 'onopen' | 'onclose' | 'onmessage'
>;

const OPEN = 1;

export type ConnectionStatus =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'waiting'; attempt: number; retryInMs: number };

export interface ConnectionHandlers {
  onStatus(status: ConnectionStatus): void;
  onMessage(message: ServerMessage): void;
  onAudio(frame: AudioFrame): void;
}

export interface ConnectionOptions {
  openSocket: () => SocketLike;
  handlers: ConnectionHandlers;
  /** Runs `fn` later; what it returns cancels that. */
  schedule: (delayMs: number, fn: () => void) => () => void;
  random: () => number;
}

/** The socket to the server: comes back by itself after a drop, waiting longer each time. */
export class Connection {
  readonly #options: ConnectionOptions;
  #socket: SocketLike | undefined;
  #attempt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Opens the socket; also the way to try again at once while waiting. */
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

  /** Closes for good. */
  close(): void {
    this.#cancelRetry?.();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  /** Sends if the socket is open; what cannot be sent now is out of date later, so it is dropped. */
  send(message: PageMessage): void {
    this.#sendRaw(() => JSON.stringify(message));
  }

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
