import type { IntervalHistogram } from 'node:perf_hooks';
import { type CallReport, detectGapsInFile, reconcile } from '@firstword/calls';
import { type Summary, summarise } from '@firstword/records';
import type { TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { answerGapMs } from '../../answer-gap.js';
import type { LlmChoice } from '../../llm/shelf.js';

/** Everything a demo has to say at its end. */
export interface DemoSummary {
  type: 'summary';
  llm: LlmChoice;
  /** The signal ended it early. */
  stopped: boolean;
  /** By the caller's own account. */
  caller: { turns: number; lost: number; answeredTwice: number };
  records: Summary;
  /** Turns in which a phrase was said before a late answer, and the gaps until the answers themselves, of all turns. */
  bridged?: { turns: number; answerGapP50Ms?: number; answerGapP95Ms?: number };
  /** The tape, measured by code that has seen no record, held against the records. */
  tape: {
    turns: number;
    feltGapP50Ms?: number;
    feltGapP95Ms?: number;
    /** |gap in the record − gap on the tape|. */
    differenceP50Ms?: number;
    differenceP95Ms?: number;
    notOnTape: number[];
  };
  /** Delay of the agent's event loop beyond its 1 ms timer, during the call. */
  eventLoop: { p50Ms: number; p99Ms: number; maxMs: number };
  files: { records: string; tape: string };
}

export async function summariseDemo(options: {
  report: CallReport;
  stopped: boolean;
  records: readonly TurnRecord[];
  files: DemoSummary['files'];
  loop: IntervalHistogram;
  choice: LlmChoice;
}): Promise<DemoSummary> {
  const { report, stopped, records, files, loop, choice } = options;
  const measured = await detectGapsInFile(files.tape);
  const answers = ascending(records.map(answerGapMs).filter((gapMs) => gapMs !== undefined));
  const bridged = records.filter((record) => record.bridge).length;
  const { pairs, notOnTape } = reconcile(records, measured.turns);
  const gaps = ascending(pairs.map((p) => p.tapeMs));
  const differences = ascending(pairs.map((p) => Math.abs(p.differenceMs)));
  return {
    type: 'summary',
    llm: choice,
    stopped,
    caller: { turns: report.turns.length, lost: report.lost, answeredTwice: report.answeredTwice },
    records: summarise(records),
    ...(bridged === 0
      ? {}
      : {
          bridged: {
            turns: bridged,
            ...(answers.length === 0
              ? {}
              : { answerGapP50Ms: percentile(answers, 50), answerGapP95Ms: percentile(answers, 95) }),
          },
        }),
    tape: {
      turns: pairs.length,
      ...(pairs.length === 0
        ? {}
        : {
            feltGapP50Ms: percentile(gaps, 50),
            feltGapP95Ms: percentile(gaps, 95),
            differenceP50Ms: percentile(differences, 50),
            differenceP95Ms: percentile(differences, 95),
          }),
      notOnTape,
    },
    eventLoop: {
      p50Ms: Math.max(0, loop.percentile(50) / 1e6 - 1),
      p99Ms: Math.max(0, loop.percentile(99) / 1e6 - 1),
      maxMs: Math.max(0, loop.max / 1e6 - 1),
    },
    files,
  };
}
