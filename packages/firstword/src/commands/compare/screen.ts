import {
  type CallOutcome,
  type CompareCall,
  type ComparisonReport,
  type ComparisonTarget,
  jointTargets,
  type RecordedCall,
  renderComparison,
  renderRecordings,
  renderTargets,
  targetsOf,
} from '@firstword/calls';
import type { LlmChoice } from '../../llm/registry.js';
import { StatusLine } from '../../terminal/status-line.js';
import type { ComparePlan } from './plan.js';
import { approximateDuration } from './progress.js';
import type { RealtimeChoice } from './realtime.js';

/** Result of a comparison; the content of comparison.json. */
export interface ComparisonSummary extends ComparisonReport {
  type: 'comparison';
  /** Id of its run; absent in pooled comparisons and in files of earlier versions. */
  run?: string;
  llm: LlmChoice;
  /** The hosted speech of all arms, emulated; absent: the embedded engines. */
  speech?: { name: string; label: string };
  /** The realtime model of the arms that have one. */
  realtime?: RealtimeChoice;
  seed: number;
  rounds: number;
  /** Whether calls are missing because a signal, a failure or a crash ended it early. */
  stopped: boolean;
  /** Targets with measured values; absent in files of earlier versions. */
  targets?: readonly ComparisonTarget[];
  /** Every line of every call. */
  calls: CallOutcome[];
}

/** A setup of `--setup all` that failed. */
export interface FailedSetup {
  name: string;
  error: string;
}

/** Output of `firstword compare`: one line per call during the run, then tables or one JSON object. */
export class CompareScreen {
  readonly #json: boolean;
  readonly #status = new StatusLine();

  constructor(options: { json: boolean }) {
    this.#json = options.json;
  }

  step(text: string): void {
    this.#status.step(text);
  }

  begin(
    choice: LlmChoice,
    { arms, speech, realtime }: Pick<ComparePlan, 'arms' | 'speech' | 'realtime'>,
  ): void {
    const realtimeText = realtime ? `Realtime: ${realtime.label}\n     ${realtime.source}\n` : '';
    const note = choice.emulated ? 'published delays, not measured here' : 'a real provider';
    this.#print(
      `LLM: ${choice.label}, ${note}\n     ${choice.source}\n${speech ? `Speech: ${speech.label}\n` : ''}${realtimeText}Arms: ${arms.map((arm) => arm.name).join(', ')}\n\n`,
    );
  }

  /** Shows where each turn of the recordings begins and ends. On stderr: figures alone go to stdout. */
  recordings(recordings: readonly RecordedCall[]): void {
    this.#status.clear();
    process.stderr.write(`${renderRecordings(recordings)}\n\n`);
  }

  /** Shows the call that starts now. `leftMs` is the remaining time of the whole run, including this call. */
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
    const place = call.snrDb === undefined ? call.voice : `${call.voice}, SNR ${call.snrDb} dB`;
    const when = round === 0 ? 'warm-up' : `round ${round}`;
    const whose = setup === undefined ? '' : `${setup}, `;
    this.step(
      `[${number}/${count}] ${whose}${when}, ${arm}: "${call.id}" by ${place} – ${approximateDuration(leftMs)} left`,
    );
  }

  outcome(outcome: CallOutcome): void {
    for (const error of outcome.errors) {
      this.#status.clear();
      process.stderr.write(` ! ${outcome.arm}, "${outcome.call}": ${error}\n`);
    }
  }

  /** Reports a failed setup. */
  failed({ name, error }: FailedSetup): void {
    this.#status.clear();
    process.stderr.write(` ! setup ${name} failed: ${error}\n`);
  }

  /** Prints the tables of one comparison. */
  tables(summary: ComparisonSummary): void {
    const notes = [
      ...(summary.stopped ? ['Stopped early: only the lines played so far are included.'] : []),
      ...(summary.llm.emulated
        ? ['The LLM was emulated: real sockets, published delays, scripted answers.']
        : []),
      ...(summary.speech
        ? ['STT and TTS were emulated: LiveKit’s plugins, real sockets, published delays.']
        : []),
    ];
    if (summary.realtime?.emulated)
      notes.push(
        'The realtime model was emulated: LiveKit’s plugin, real sockets, published delays, scripted answers.',
      );
    this.#print(`${renderComparison(summary)}\n\n${notes.map((note) => `${note}\n`).join('')}\n`);
  }

  /** Prints the targets and the written files, or everything as one JSON object. */
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
      this.#print(`Targets and measurements\n${renderTargets(targets)}\n\n`);
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
