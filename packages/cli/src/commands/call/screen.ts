import type { CallerTurn } from '@firstword/bench';
import type { Estimate } from '@firstword/measure';
import { StatusLine } from '../../terminal/status-line.js';
import { callSummary, type MeasuredCall } from './summary.js';

const ms = (value: number) => `${Math.round(value)} ms`;
const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;

function estimate({ valueMs, lowMs, highMs }: Estimate): string {
  if (lowMs === undefined || highMs === undefined) return ms(valueMs);
  return `${ms(valueMs)} [${Math.round(lowMs)}–${Math.round(highMs)}]`;
}

/** What `firstword call` shows: turns as they end, for people; JSON lines on stdout with progress on stderr. */
export class CallScreen {
  readonly #calls: number;
  readonly #json: boolean;
  readonly #status = new StatusLine();
  #call = 0;

  constructor(options: { calls: number; json: boolean }) {
    this.#calls = options.calls;
    this.#json = options.json;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(index: number, room: string): void {
    this.#call = index + 1;
    this.#status.step(`${this.#which()} room ${room}: waiting for an agent …`);
  }

  agent(identity: string, cameAfterMs: number): void {
    this.#status.clear();
    this.#people(`${this.#which()} ${identity} came after ${seconds(cameAfterMs)}`);
  }

  turn(turn: CallerTurn): void {
    this.#status.clear();
    const gap =
      turn.gapMs === undefined ? 'no answer, also when said again' : `answered after ${ms(turn.gapMs)}`;
    const more = [
      ...(turn.bargedIn ? ['said over the agent'] : turn.spokenOver ? ['the agent spoke over it'] : []),
      ...(turn.extraAnswers > 0 ? ['answered twice'] : []),
    ].map((what) => `, ${what}`);
    this.#people(`  turn ${String(turn.turn).padStart(2)}  ${gap}${more.join('')}`);
  }

  call(measured: MeasuredCall): void {
    this.#status.clear();
    if (measured.brokenOff) this.error(`${measured.id}: ${measured.brokenOff}`);
    if (this.#json) process.stdout.write(`${JSON.stringify(measured)}\n`);
    else this.#people(`  tape     ${measured.tape}`);
  }

  error(message: string): void {
    this.#status.clear();
    process.stderr.write(` ! ${message}\n`);
  }

  summary(calls: readonly MeasuredCall[], stopped: boolean): void {
    this.#status.clear();
    const summary = callSummary(calls, stopped);
    if (this.#json) {
      process.stdout.write(`${JSON.stringify(summary)}\n`);
      return;
    }
    const { gap } = summary;
    const figures = gap
      ? `Felt gap, from the tapes (n ${gap.count}): p50 ${estimate(gap.p50)}, p95 ${estimate(gap.p95)}, worst ${ms(gap.maxMs)}`
      : 'No turn was answered';
    this.#people(
      `\n${figures}\nLost turns ${summary.lost}, answered twice ${summary.answeredTwice}, calls broken off ${summary.brokenOff}`,
    );
  }

  close(): void {
    this.#status.clear();
  }

  #which(): string {
    return this.#calls === 1 ? 'Call:' : `Call ${this.#call}/${this.#calls}:`;
  }

  #people(text: string): void {
    if (this.#json) process.stderr.write(`${text}\n`);
    else process.stdout.write(`${text}\n`);
  }
}
