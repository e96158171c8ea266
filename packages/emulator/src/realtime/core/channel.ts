import type { Socket } from 'node:net';
import type { Clock } from '@firstword/turn';
import type { RawData, WebSocket } from 'ws';
import { Timers } from '../../speech/timers.js';
import { type Fields, isFields } from '../../wire/fields.js';

/**
 * The server's first message comes this long after the connection is open, ms. An assumption; LiveKit 1.9.0's plugin loses messages
 * that arrive together with the response to the handshake.
 */
const OPENING_MS = 20;

/** A client's WebSocket at a distance: each message takes half of the round trip, and they stay in order. */
export class RealtimeChannel {
  readonly timers: Timers;
  readonly #socket: WebSocket;
  readonly #tcp: Socket;
  readonly #halfTripMs: number;
  /** Messages from before the server is ready. */
  #held: (() => void)[] | undefined = [];
  #events = 0;

  constructor(options: {
    socket: WebSocket;
    tcp: Socket;
    clock: Clock;
    rttMs: number;
    onEvent: (event: Fields) => void;
    onClose: () => void;
  }) {
    const { socket } = options;
    this.#socket = socket;
    this.#tcp = options.tcp;
    this.#halfTripMs = options.rttMs / 2;
    this.timers = new Timers(options.clock);
    this.timers.later(OPENING_MS, () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const work of held) this.#travel(work);
    });
    socket.on('message', (data) => {
      const event = parsed(data);
      this.#travel(() => options.onEvent(event));
    });
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      this.timers.close();
      options.onClose();
    });
  }

  /** Sends an event, with an id of its own. */
  send(event: Fields & { type: string }): void {
    this.#events += 1;
    this.sendRaw(JSON.stringify({ event_id: `event_${this.#events}`, ...event }));
  }

  /** Sends a text frame, or a binary one. */
  sendRaw(frame: string | Buffer): void {
    this.#leave(() => {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
    });
  }

  /** Closes the connection after what has been sent. */
  close(code: number, reason: string): void {
    this.#leave(() => this.#socket.close(code, reason));
  }

  /** Resets the TCP connection. */
  reset(): void {
    if ('encrypted' in this.#tcp) this.#tcp.destroy();
    else this.#tcp.resetAndDestroy();
  }

  #leave(work: () => void): void {
    if (this.#held) this.#held.push(work);
    else this.#travel(work);
  }

  #travel(work: () => void): void {
    if (this.#halfTripMs > 0) this.timers.later(this.#halfTripMs, work);
    else work();
  }
}

/** A client's event; one without fields where the frame is no JSON object. */
function parsed(data: RawData): Fields {
  try {
    const value: unknown = JSON.parse(data.toString());
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
