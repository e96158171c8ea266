import {
  type Arm,
  type CallOutcome,
  type CompareCall,
  type ComparisonReport,
  renderComparison,
} from '@firstword/bench';
import { systemClock } from '@firstword/turn';
import type { LlmChoice } from '../../llm/shelf.js';
import { StatusLine } from '../../terminal/status-line.js';
import { timeLeft } from './eta.js';

/** What a comparison comes to, as JSON has it. */
export interface ComparisonSummary extends ComparisonReport {
  type: 'comparison';
  llm: LlmChoice;
  seed: number;
  rounds: number;
  /** The signal ended it early: some calls are missing. */
  stopped: boolean;
  /** Every line of every call. */
  calls: CallOutcome[];
}

/** What a comparison shows: a line a call while it runs, then the tables or one JSON object. */
export class CompareScreen {
  readonly #json: boolean;
  readonly #status = new StatusLine();
  readonly #startedMs = systemClock.nowMs();

  constructor(options: { json: boolean }) {
    this.#json = options.json;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(choice: LlmChoice, arms: readonly Arm[]): void {
    this.#status.clear();
    if (this.#json) return;
    const note = choice.emulated ? 'delays as published, not measured here' : 'a real provider';
    process.stdout.write(
      `LLM: ${choice.label}, ${note}\n     ${choice.source}\nArms: ${arms.map((arm) => arm.name).join(', ')}\n\n`,
    );
  }

  call(planned: { index: number; count: number; arm: string; round: number; call: CompareCall }): void {
    const { index, count, arm, round, call } = planned;
    const left = timeLeft(index, count, systemClock.nowMs() - this.#startedMs);
    const place = call.snrDb === undefined ? call.voice : `${call.voice}, ${call.snrDb} dB above noise`;
    const when = round === 0 ? 'warm-up' : `round ${round}`;
    this.step(`[${index + 1}/${count}] ${when}, ${arm}: "${call.id}" by ${place} – ${left}`);
  }

  outcome(outcome: CallOutcome): void {
    for (const error of outcome.errors) {
      this.#status.clear();
      process.stderr.write(` ! ${outcome.arm}, "${outcome.call}": ${error}\n`);
    }
  }

  summary(summary: ComparisonSummary, dir: string | undefined): void {
    this.#status.clear();
    if (this.#json) {
      process.stdout.write(`${JSON.stringify(summary)}\n`);
      return;
    }
    const notes = [
      ...(summary.stopped ? ['Stopped early: these are the lines that were answered.'] : []),
      ...(summary.llm.emulated
        ? ['The LLM was emulated: real sockets, published delays, scripted answers.']
        : []),
      ...(dir === undefined ? [] : [`Tapes, records and comparison.json: ${dir}`]),
    ];
    process.stdout.write(`${renderComparison(summary)}\n\n${notes.join('\n')}\n`);
  }

  close(): void {
    this.#status.clear();
  }
}
