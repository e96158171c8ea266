import type { CallerTurn } from '@firstword/calls';
import { renderLedger, renderSummary } from '@firstword/records';
import type { TurnRecord } from '@firstword/turn';
import { roundMs } from '@firstword/turn/display';
import type { LlmChoice } from '../../llm/registry.js';
import { StatusLine } from '../../terminal/status-line.js';
import { styleOf } from '../../terminal/style.js';
import type { DemoSummary } from './summary.js';

const ms = (value: number | undefined) => (value === undefined ? '–' : `${roundMs(value)} ms`);

/** `812 ms from the start of the call: TTS first byte 410 ms, session start 220 ms` */
function helloText({ helloMs, segments }: NonNullable<DemoSummary['hello']>): string {
  const largest = [...segments].sort((a, b) => b.durationMs - a.durationMs).slice(0, 3);
  const parts = largest.flatMap(({ name, durationMs }) =>
    durationMs >= 1 ? [`${name} ${ms(durationMs)}`] : [],
  );
  return `${ms(helloMs)} from the start of the call${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** Output of `firstword demo`: ledgers and words on stdout, or JSON lines on stdout and progress on stderr. */
export class DemoScreen {
  readonly #turns: number;
  readonly #json: boolean;
  readonly #status = new StatusLine();
  readonly #style = styleOf(process.stdout);
  #done = 0;
  #words: string[] = [];

  constructor(options: { turns: number; json: boolean }) {
    this.#turns = options.turns;
    this.#json = options.json;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(choice: LlmChoice, { lowLatency, filler }: { lowLatency?: boolean; filler?: boolean }): void {
    this.#status.clear();
    if (this.#json) return;
    const note = choice.emulated ? 'published delays, not measured here' : 'a real provider';
    const settings = lowLatency
      ? `Firstword's levers on${filler ? ', filler phrases when an answer is late' : ''}`
      : "LiveKit's defaults (add --low-latency for Firstword's levers)";
    this.#print(`LLM    ${choice.label}, ${note}\n       ${choice.source}\nAgent  ${settings}\n`);
  }

  words(who: 'caller' | 'agent', text: string, final: boolean): void {
    const name = who === 'caller' ? 'Caller' : 'Agent ';
    if (final) this.#words.push(`${name}  ${text}`);
    this.#status.live(`[${this.#done}/${this.#turns}] ${name}  ${text}`);
  }

  agent(state: string): void {
    if (state === 'thinking') this.#status.live(`[${this.#done}/${this.#turns}] …`);
  }

  turn(record: TurnRecord): void {
    this.#status.clear();
    this.#done += 1;
    if (this.#json) {
      this.#print(JSON.stringify(record));
      if (!process.stderr.isTTY) this.#status.step(`turn ${record.turn}: ${ms(record.feltGapMs)}`);
      return;
    }
    const said = this.#words.splice(0).map((line) => ` ${line}`);
    this.#print(`${said.join('\n')}\n\n${renderLedger(record, this.#style)}`);
  }

  callerTurn(turn: CallerTurn): void {
    if (turn.outcome === 'lost')
      this.error('caller', `turn ${turn.turn} got no answer, even after repeating`);
    if (turn.extraAnswers > 0) this.error('caller', `turn ${turn.turn} was answered more than once`);
  }

  error(source: string, message: string): void {
    this.#status.clear();
    process.stderr.write(` ! ${source}: ${message}\n`);
  }

  summary(summary: DemoSummary): void {
    this.#status.clear();
    if (this.#json) {
      this.#print(JSON.stringify(summary));
      return;
    }
    const { tape, caller, eventLoop, files, fillers, hello } = summary;
    this.#print(renderSummary(summary.records, this.#style));
    if (hello) this.#print(` Time to hello ${helloText(hello)}`);
    if (fillers) {
      const { turns, answerGapP50Ms, answerGapP95Ms } = fillers;
      this.#print(
        ` A filler phrase came before ${turns} of ${summary.records.turns} answers; gap until the answers themselves: p50 ${ms(answerGapP50Ms)}, p95 ${ms(answerGapP95Ms)}`,
      );
    }
    this.#print(
      [
        ` Felt gap on the tape, measured independently: p50 ${ms(tape.feltGapP50Ms)}, p95 ${ms(tape.feltGapP95Ms)} (n ${tape.turns})`,
        ` Difference between record and tape: p95 ${ms(tape.differenceP95Ms)}`,
        ` Failed turns ${summary.records.failures.turns}, lost turns ${caller.lost}, answered twice ${caller.answeredTwice}`,
        ` Event loop delay p99 ${roundMs(eventLoop.p99Ms)} ms`,
        '',
        ` Records  ${files.records}`,
        ` Tape     ${files.tape}   (left channel the caller, right channel the agent)`,
      ].join('\n'),
    );
  }

  close(): void {
    this.#status.clear();
  }

  #print(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
