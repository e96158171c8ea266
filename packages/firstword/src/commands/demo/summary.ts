import type { IntervalHistogram } from 'node:perf_hooks';
import { type CallReport, detectGapsInFile, reconcile } from '@firstword/calls';
import { type Summary, summarise } from '@firstword/records';
import type { CallRecord, TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { answerGapMs } from '../../answer-gap.js';
import type { LlmChoice } from '../../llm/registry.js';

/** What a demo prints at its end; one line of JSON with `--json`. */
export interface DemoSummary {
  type: 'summary';
  llm: LlmChoice;
  /** Whether a signal ended the call early. */
  stopped: boolean;
  /** Counts from the scripted caller. */
  caller: { turns: number; lost: number; answeredTwice: number };
  records: Summary;
  /** The time to hello, from the start of the call, with its parts; absent if it is not known. */
  hello?: Pick<CallRecord, 'greeting' | 'segments'> & { helloMs: number };
  /** Number of turns with a filler phrase before the answer; and the gaps until the answers themselves, over all turns. */
  fillers?: { turns: number; answerGapP50Ms?: number; answerGapP95Ms?: number };
  /** Gaps measured on the tape, independently of the records, compared with the records. */
  tape: {
    turns: number;
    feltGapP50Ms?: number;
    feltGapP95Ms?: number;
    /** Absolute difference between the gap in the record and the gap on the tape. */
    differenceP50Ms?: number;
    differenceP95Ms?: number;
    /** Turns with a record whose gap is not on the tape. */
    notOnTape: number[];
  };
  /** Event loop delay during the call, beyond the 1 ms of its timer. */
  eventLoop: { p50Ms: number; p99Ms: number; maxMs: number };
  files: { records: string; tape: string };
}

/** Measures the tape and computes the summary. */
export async function summariseDemo(options: {
  report: CallReport;
  stopped: boolean;
  records: readonly TurnRecord[];
  call: CallRecord | undefined;
  files: DemoSummary['files'];
  loop: IntervalHistogram;
  choice: LlmChoice;
}): Promise<DemoSummary> {
  const { report, stopped, records, call, files, loop, choice } = options;
  const measured = await detectGapsInFile(files.tape);
  const answers = ascending(records.map(answerGapMs).filter((gapMs) => gapMs !== undefined));
  const fillers = records.filter((record) => record.bridge).length;
  const { pairs, notOnTape } = reconcile(records, measured.turns);
  const gaps = ascending(pairs.map((p) => p.tapeMs));
  const differences = ascending(pairs.map((p) => Math.abs(p.differenceMs)));
  return {
    type: 'summary',
    llm: choice,
    stopped,
    caller: { turns: report.turns.length, lost: report.lost, answeredTwice: report.answeredTwice },
    records: summarise(records),
    ...(call?.helloMs === undefined
      ? {}
      : { hello: { helloMs: call.helloMs, greeting: call.greeting, segments: call.segments } }),
    ...(fillers === 0
      ? {}
      : {
          fillers: {
            turns: fillers,
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
