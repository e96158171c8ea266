import {
  type Arm,
  type CallOutcome,
  type CompareCall,
  type ComparisonReport,
  type ComparisonTarget,
  jointTargets,
  renderComparison,
  renderTargets,
  targetsOf,
} from '@firstword/calls';
import type { LlmChoice } from '../../llm/shelf.js';
import { StatusLine } from '../../terminal/status-line.js';
import { roughly } from './eta.js';

/** What a comparison comes to, as JSON has it. */
export interface ComparisonSummary extends ComparisonReport {
  type: 'comparison';
  /** The run that it is of, where it is kept in a folder; absent in what was pooled, and in files of earlier versions. */
  run?: string;
  llm: LlmChoice;
  seed: number;
  rounds: number;
  /** Partial: some calls are missing, because a signal, a failure or a crash ended it early. */
  stopped: boolean;
  /** What is wanted of it, and what was measured; absent in files of earlier versions. */
  targets?: readonly ComparisonTarget[];
  /** Every line of every call. */
  calls: CallOutcome[];
}

/** A set-up of `--setup all` that could not be measured. */
export interface FailedSetup {
  name: string;
  error: string;
}

/** What a comparison shows: a line a call while it runs, then the tables or one JSON object. */
export class CompareScreen {
  readonly #json: boolean;
  readonly #status = new StatusLine();

  constructor(options: { json: boolean }) {
    this.#json = options.json;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(choice: LlmChoice, arms: readonly Arm[]): void {
    const note = choice.emulated ? 'delays as published, not measured here' : 'a real provider';
    this.#print(
      `LLM: ${choice.label}, ${note}\n     ${choice.source}\nArms: ${arms.map((arm) => arm.name).join(', ')}\n\n`,
    );
  }

  /** @param leftMs until everything is over, this call included */
  call(planned: {
    /** From 1. */
    number: number;
    count: number;
    setup: string | undefined;
    arm: string;
    round: number;
    call: CompareCall;
    leftMs: number;
  }): void {
    const { number, count, setup, arm, round, call, leftMs } = planned;
    const place = call.snrDb === undefined ? call.voice : `${call.voice}, ${call.snrDb} dB above noise`;
    const when = round === 0 ? 'warm-up' : `round ${round}`;
    const whose = setup === undefined ? '' : `${setup}, `;
    this.step(
      `[${number}/${count}] ${whose}${when}, ${arm}: "${call.id}" by ${place} – ${roughly(leftMs)} left`,
    );
  }

  outcome(outcome: CallOutcome): void {
    for (const error of outcome.errors) {
      this.#status.clear();
      process.stderr.write(` ! ${outcome.arm}, "${outcome.call}": ${error}\n`);
    }
  }

  /** A set-up failed; the next one is tried. */
  failed({ name, error }: FailedSetup): void {
    this.#status.clear();
    process.stderr.write(` ! set-up ${name} failed: ${error}\n`);
  }

  /** The tables of one comparison. */
  tables(summary: ComparisonSummary): void {
    const notes = [
      ...(summary.stopped ? ['Stopped early: these are the lines that were answered.'] : []),
      ...(summary.llm.emulated
        ? ['The LLM was emulated: real sockets, published delays, scripted answers.']
        : []),
    ];
    this.#print(`${renderComparison(summary)}\n\n${notes.map((note) => `${note}\n`).join('')}\n`);
  }

  /** The end: what is wanted and what was measured, where the files are, or everything as one JSON object. */
  finish(summaries: readonly ComparisonSummary[], failed: readonly FailedSetup[], files: string[]): void {
    const [only] = summaries;
    if (this.#json) {
      const one = summaries.length === 1 && failed.length === 0;
      const all = one
        ? only
        : { type: 'comparisons', comparisons: summaries, failed, targets: jointTargets(summaries) };
      process.stdout.write(`${JSON.stringify(all)}\n`);
      return;
    }
    const targets = summaries.map((summary) => ({
      name: summary.llm.name,
      targets: targetsOf(summary.llm.name, summary),
    }));
    if (summaries.length > 1) targets.push({ name: 'together', targets: jointTargets(summaries) });
    if (targets.some((one) => one.targets.length > 0)) {
      this.#print(`What is wanted, and what was measured\n${renderTargets(targets)}\n\n`);
    }
    this.#print(files.map((file) => `${file}\n`).join(''));
  }

  close(): void {
    this.#status.clear();
  }

  #print(text: string): void {
    this.#status.clear();
    if (!this.#json) process.stdout.write(text);
  }
}
