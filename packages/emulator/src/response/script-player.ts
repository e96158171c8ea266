import type { ServerResponse } from 'node:http';
import type { Clock } from '@firstword/turn';
import type { ResponseScript, ScriptEvent } from './response-script.js';

/** Encodes an event in one provider's wire format; an empty string where the format has no equivalent. */
export interface EventEncoder {
  encode(event: ScriptEvent): string;
}

/** How a response ended: completely written, reset by a fault, or aborted by the client. */
export type ResponseOutcome = 'finished' | 'reset' | 'aborted';

/** Timers fire up to a millisecond early, so an event this close counts as due, ms. */
const DUE_TOLERANCE_MS = 0.5;

/** Writes a script to an HTTP response at the scripted times. It cancels its timer when the client disconnects. */
export class ScriptPlayer {
  readonly #script: ResponseScript;
  readonly #encoder: EventEncoder;
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onDone: (outcome: ResponseOutcome) => void;
  #next = 0;
  #cancelTimer: (() => void) | undefined;
  #done = false;

  constructor(options: {
    script: ResponseScript;
    encoder: EventEncoder;
    response: ServerResponse;
    clock: Clock;
    /** When the request arrived, on `clock`. Event times count from here. */
    startMs: number;
    onDone: (outcome: ResponseOutcome) => void;
  }) {
    this.#script = options.script;
    this.#encoder = options.encoder;
    this.#response = options.response;
    this.#clock = options.clock;
    this.#startMs = options.startMs;
    this.#onDone = options.onDone;
  }

  /** Starts writing. `onDone` is called once, when the response ends. */
  play(): void {
    if (this.#response.destroyed) {
      this.#finish('aborted');
      return;
    }
    this.#response.once('close', () => this.#finish('aborted'));
    this.#response.on('error', () => this.#finish('aborted'));
    this.#step();
  }

  /** Writes all due events at once, then ends the response, or waits for the next event. */
  #step(): void {
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    const parts: Uint8Array[] = [];
    for (;;) {
      const event = this.#script.events[this.#next];
      if (!event || event.atMs > elapsedMs + DUE_TOLERANCE_MS) break;
      this.#next += 1;
      const stop = this.#finalStep(event);
      if (stop) {
        this.#send(parts, stop);
        return;
      }
      if (event.kind === 'headers') this.#writeHead();
      else parts.push(toBytes(event.kind === 'raw' ? event.bytes : this.#encoder.encode(event)));
    }
    this.#send(parts, () => this.#wait());
  }

  /** What to do at an event that ends the script; `undefined` for other events. */
  #finalStep(event: ScriptEvent): (() => void) | undefined {
    if (event.kind === 'comments') return () => this.#comment(event.everyMs);
    if (event.kind === 'end') return () => this.#end();
    if (event.kind === 'reset') return () => this.#reset();
    return undefined;
  }

  #wait(): void {
    const event = this.#script.events[this.#next];
    if (!event || this.#done) return;
    this.#after(event.atMs - (this.#clock.nowMs() - this.#startMs), () => this.#step());
  }

  #after(delayMs: number, fn: () => void): void {
    this.#cancelTimer = this.#clock.schedule(Math.max(0, delayMs), fn);
  }

  #writeHead(): void {
    const { status, headers, contentType } = this.#script;
    this.#response.writeHead(status, { 'content-type': contentType, ...headers });
    this.#response.flushHeaders();
  }

  /** Writes the parts in one call, waits if the client is too slow, then continues with `then`. */
  #send(parts: Uint8Array[], then: () => void): void {
    const bytes = Buffer.concat(parts);
    if (this.#script.drip) this.#drip(bytes, this.#script.drip, then);
    else if (bytes.length === 0 || this.#response.write(bytes)) then();
    else this.#response.once('drain', () => !this.#done && then());
  }

  #drip(bytes: Buffer, drip: { bytes: number; everyMs: number }, then: () => void): void {
    if (bytes.length === 0) {
      then();
      return;
    }
    this.#response.write(bytes.subarray(0, drip.bytes));
    this.#after(drip.everyMs, () => this.#drip(bytes.subarray(drip.bytes), drip, then));
  }

  #comment(everyMs: number): void {
    this.#response.write(': keep-alive\n\n');
    this.#after(everyMs, () => this.#comment(everyMs));
  }

  #end(): void {
    this.#finish('finished');
    this.#response.end();
  }

  #reset(): void {
    this.#after(RESET_DELAY_MS, () => {
      const socket = this.#response.socket;
      this.#finish('reset');
      socket?.resetAndDestroy();
    });
  }

  #finish(outcome: ResponseOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancelTimer?.();
    this.#onDone(outcome);
  }
}

/** Delay of a reset, ms: a reset discards data that the client has received but not yet read. */
const RESET_DELAY_MS = 2;

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}
