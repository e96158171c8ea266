import { type CallerTurn, callSummary, type MeasuredCall } from '@firstword/calls';
import { redactAll } from '@firstword/turn';
import { StatusLine } from '../../terminal/status-line.js';
import { alignmentLines, alignmentSummaryLines, estimate, ms } from './alignment-text.js';

const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;

/** Output of `firstword call`: turns as they end on stdout, or JSON lines on stdout and the rest on stderr. */
export class CallScreen {
  readonly #calls: number;
  readonly #json: boolean;
  readonly #atOnce: boolean;
  readonly #status = new StatusLine();

  constructor(options: { calls: number; concurrent: number; json: boolean }) {
    this.#calls = options.calls;
    this.#json = options.json;
    this.#atOnce = options.concurrent > 1;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(index: number, room: string): void {
    this.#status.step(`${this.#which(index)} room ${room}: waiting for an agent …`);
  }

  agent(index: number, identity: string, cameAfterMs: number): void {
    this.#status.clear();
    this.#people(`${this.#which(index)} ${identity} joined after ${seconds(cameAfterMs)}`);
  }

  turn(index: number, turn: CallerTurn): void {
    this.#status.clear();
    const gap =
      turn.gapMs === undefined ? 'no answer, even after repeating' : `answered after ${ms(turn.gapMs)}`;
    const more = [
      ...(turn.bargedIn
        ? ['the caller interrupted the agent']
        : turn.spokenOver
          ? ['the agent talked over the caller']
          : []),
      ...(turn.extraAnswers > 0 ? ['answered twice'] : []),
    ].map((what) => `, ${what}`);
    this.#people(
      `${this.#atOnce ? this.#which(index) : ' '} turn ${String(turn.turn).padStart(2)}  ${gap}${more.join('')}`,
    );
  }

  call(measured: MeasuredCall): void {
    this.#status.clear();
    if (measured.brokenOff) this.error(`${measured.id}: ${measured.brokenOff}`);
    if (this.#json) process.stdout.write(`${JSON.stringify(redactAll(measured))}\n`);
    else {
      const { helloMs, tape } = measured;
      if (helloMs !== undefined) this.#people(`  hello    ${ms(helloMs)} after the caller had joined`);
      this.#people(`  tape     ${tape}`);
    }
    for (const line of measured.alignment ? alignmentLines(measured.alignment) : []) this.#people(line);
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
      ? `Felt gap from the tapes (n ${gap.count}): p50 ${estimate(gap.p50)}, p95 ${estimate(gap.p95)}, worst ${ms(gap.maxMs)}`
      : 'No turn was answered';
    const { hello } = summary;
    const greeted = hello
      ? `\nTime to hello (n ${hello.count}): p50 ${estimate(hello.p50)}, p95 ${estimate(hello.p95)}, worst ${ms(hello.maxMs)}`
      : '';
    this.#people(
      `\n${summary.failed ? `Failed turns ${summary.failed}, by the agent's records: they are in no figure\n` : ''}${figures}${greeted}\nLost turns ${summary.lost}, answered twice ${summary.answeredTwice}, aborted calls ${summary.brokenOff}`,
    );
    for (const line of summary.alignment ? alignmentSummaryLines(summary.alignment) : []) this.#people(line);
  }

  close(): void {
    this.#status.clear();
  }

  #which(index: number): string {
    return this.#calls === 1 ? 'Call:' : `Call ${index + 1}/${this.#calls}:`;
  }

  #people(text: string): void {
    if (this.#json) process.stderr.write(`${text}\n`);
    else process.stdout.write(`${text}\n`);
  }
}
