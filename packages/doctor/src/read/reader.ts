import { InputReader, isOfOtherFramework, type LogicalLine } from '@firstword/records/import';
import { type TurnObservation, type TurnRecord, toTurnRecord } from '@firstword/turn';
import type { Evidence, LogInputSummary } from '../evidence.js';
import { type CollectorOptions, EvidenceCollector } from '../evidence-collector.js';
import { eventOfLog } from './log-line.js';

/** Options of `DoctorReader`. */
export interface ReaderOptions extends CollectorOptions {
  /** Who answered, where the data does not say. */
  llm?: { provider: string; model: string } | undefined;
}

/** The last line of a stack trace, which names the error: what a log line above it does not say. */
const ERROR = /^\s{0,12}(?:[\w.]{1,80}\.)?\w{1,40}(?:Error|Exception)\b/;

/** Reads lines of any supported input, one by one, and collects turns and events from them. */
export class DoctorReader {
  readonly #gatherer: EvidenceCollector;
  readonly #llm: ReaderOptions['llm'];
  readonly #reader: InputReader;

  constructor({ llm, ...options }: ReaderOptions = {}) {
    this.#gatherer = new EvidenceCollector(options);
    this.#llm = llm;
    this.#reader = new InputReader(
      {
        turn: (turn, from) => this.#add(turn, from),
        call: (record, from) => this.#gatherer.addCall(record, from),
        logLine: ({ text, log, place }) => {
          const event = eventOfLog(text, log, place);
          if (event) this.#gatherer.addEvent(event);
        },
        otherLine: ({ text, place }) => {
          const event = ERROR.test(text) ? eventOfLog(text, {}, place) : undefined;
          if (event) this.#gatherer.addEvent(event);
        },
        blocked: ({ atMs, durationMs, cause, traceId, place }) =>
          this.#gatherer.addEvent({
            kind: cause === 'host' ? 'process not scheduled' : 'event loop blocked',
            place,
            atMs,
            ms: durationMs,
            call: traceId,
            ...(cause === undefined ? {} : { subject: cause }),
          }),
        passOver: (callId) => {
          if (this.#gatherer.wants(callId)) return false;
          this.#gatherer.count(callId);
          return true;
        },
      },
      { words: true },
    );
  }

  /** Reads one line, as `LogicalLines` gives it. @param options as `InputReader.line` has them */
  line(line: LogicalLine, file: string, options: { isOfRecords?: boolean } = {}): void {
    this.#reader.line(line, file, options);
  }

  #add(
    turn: TurnRecord | TurnObservation,
    from: { place: string; impossibleValues: readonly string[] },
  ): void {
    const record = 'schema' in turn ? turn : toTurnRecord(turn);
    const isNamed = record.llm !== undefined && record.llm.provider !== 'unknown';
    const llm =
      this.#llm && !isNamed ? { llm: { ...record.llm, ...this.#llm, emulated: false, requests: 1 } } : {};
    const sdk = isOfOtherFramework(record.imported?.from) ? 'none' : record.imported?.sdk;
    if (sdk) this.#gatherer.countSdk(sdk);
    this.#gatherer.add({ ...record, ...llm }, from);
  }

  /** Everything that was read. Call it at the end, when traces and the last turns of logs are complete. */
  finish(files: Pick<LogInputSummary, 'files' | 'bytes' | 'skippedFiles'>): Evidence {
    const { droppedSpans, otherLines: _, ...read } = this.#reader.finish();
    const skippedFiles = [...files.skippedFiles];
    if (droppedSpans > 0)
      skippedFiles.push({
        name: 'traces',
        reason: `have ${droppedSpans} spans more than can be held at once`,
      });
    return this.#gatherer.finish({ ...files, ...read, skippedFiles });
  }
}
