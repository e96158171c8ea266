import type { ServerResponse } from 'node:http';
import type { Clock } from '@firstword/turn';
import type { Beat, Score } from './score.js';

/** Turns a beat into one provider's wire format; an empty string where the format says nothing. */
export interface BeatEncoder {
  encode(beat: Beat): string;
}

/** How a response ended: as written, torn down by a fault, or left by the client. */
export type Outcome = 'finished' | 'reset' | 'aborted';

/** Timers fire up to a millisecond early; a beat this close is due. */
const DUE_SLACK_MS = 0.5;

/** Plays a score onto a response. Stops, and drops every timer, the moment the client leaves. */
export class Player {
  readonly #score: Score;
  readonly #encoder: BeatEncoder;
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onDone: (outcome: Outcome) => void;
  #next = 0;
  #cancelTimer: (() => void) | undefined;
  #done = false;

  constructor(options: {
    score: Score;
    encoder: BeatEncoder;
    response: ServerResponse;
    clock: Clock;
    /** When the request arrived, on `clock`. Beats count from here. */
    startMs: number;
    onDone: (outcome: Outcome) => void;
  }) {
    this.#score = options.score;
    this.#encoder = options.encoder;
    this.#response = options.response;
    this.#clock = options.clock;
    this.#startMs = options.startMs;
    this.#onDone = options.onDone;
  }

  play(): void {
    if (this.#response.destroyed) {
      this.#finish('aborted');
      return;
    }
    this.#response.once('close', () => this.#finish('aborted'));
    this.#response.on('error', () => this.#finish('aborted'));
    this.#step();
  }

  /** Plays every beat that is due in one write, then does what the beat after them says, or waits for it. */
  #step(): void {
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    const parts: Uint8Array[] = [];
    for (;;) {
      const beat = this.#score.beats[this.#next];
      if (!beat || beat.atMs > elapsedMs + DUE_SLACK_MS) break;
      this.#next += 1;
      const stop = this.#stopAt(beat);
      if (stop) {
        this.#send(parts, stop);
        return;
      }
      if (beat.kind === 'headers') this.#writeHead();
      else parts.push(toBytes(beat.kind === 'raw' ? beat.bytes : this.#encoder.encode(beat)));
    }
    this.#send(parts, () => this.#wait());
  }

  /** What to do at a beat after which nothing more of the score is played. */
  #stopAt(beat: Beat): (() => void) | undefined {
    if (beat.kind === 'comments') return () => this.#comment(beat.everyMs);
    if (beat.kind === 'end') return () => this.#end();
    if (beat.kind === 'reset') return () => this.#reset();
    return undefined;
  }

  #wait(): void {
    const beat = this.#score.beats[this.#next];
    if (!beat || this.#done) return;
    this.#after(beat.atMs - (this.#clock.nowMs() - this.#startMs), () => this.#step());
  }

  #after(delayMs: number, fn: () => void): void {
    this.#cancelTimer = this.#clock.schedule(Math.max(0, delayMs), fn);
  }

  #writeHead(): void {
    const { status, headers, contentType } = this.#score;
    this.#response.writeHead(status, { 'content-type': contentType, ...headers });
    this.#response.flushHeaders();
  }

  /** Writes the parts as one piece, at the client's speed, then goes on. */
  #send(parts: Uint8Array[], then: () => void): void {
    const bytes = Buffer.concat(parts);
    if (this.#score.drip) this.#dripOn(bytes, this.#score.drip, then);
    else if (bytes.length === 0 || this.#response.write(bytes)) then();
    else this.#response.once('drain', () => !this.#done && then());
  }

  #dripOn(bytes: Buffer, drip: { bytes: number; everyMs: number }, then: () => void): void {
    if (bytes.length === 0) {
      then();
      return;
    }
    this.#response.write(bytes.subarray(0, drip.bytes));
    this.#after(drip.everyMs, () => this.#dripOn(bytes.subarray(drip.bytes), drip, then));
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
    this.#after(RESET_LINGER_MS, () => {
      const socket = this.#response.socket;
      this.#finish('reset');
      socket?.resetAndDestroy();
    });
  }

  #finish(outcome: Outcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancelTimer?.();
    this.#onDone(outcome);
  }
}

/** A reset overtakes data that the client's kernel holds but its process has not read; this lets it read. */
const RESET_LINGER_MS = 2;

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}
