import { basename } from 'node:path';
import {
  ChatHistoryImport,
  chatItemsOfLogs,
  fieldOf,
  isObject,
  type JsonObject,
  LINE_TOO_LONG,
  LogTurns,
  metricsOfLog,
  OtlpImport,
  textAt,
  textLog,
  tryParseJson,
  unreadableReason,
} from '@firstword/records/import';
import {
  isFirstwordError,
  parseTurnRecord,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
} from '@firstword/turn';
import type { Evidence, LogInputSummary } from '../evidence.js';
import { type CollectorOptions, EvidenceCollector } from '../evidence-collector.js';
import { impossibleValuesIn } from './impossible-values.js';
import { eventOfLog } from './log-line.js';

const NAMED_BAD_LINES = 8;
/** Fields of one log line; those of LiveKit have thirty. */
const MAX_FIELDS = 100;
const RECORD_START = '{"schema":"firstword.turn/1","callId":"';

/** Options of `DoctorReader`. */
export interface ReaderOptions extends CollectorOptions {
  /** Who answered, where the data does not say. */
  llm?: { provider: string; model: string } | undefined;
}

interface Place {
  file: string;
  line: number;
}

const placeOf = ({ file, line }: Place): string => `${file}:${line}`;

type LineKind =
  | 'Firstword turn records'
  | 'LiveKit chat history'
  | 'OTLP/JSON'
  | 'console metrics'
  | 'log lines without metrics'
  | 'summaries, which hold no turns'
  | 'other text';

/** The kind of a line, or why it was not understood; `undefined` where only the following lines decide. */
type LineResult = LineKind | { reason: string } | undefined;

/** How records begin, also with curly quotes; many logs put a time or a level in brackets. */
const LIKE_JSON = /^\s*(\{\s*(["“”]|$)|\[\s*([[{]|$))/;

/** Other output of Firstword's commands, which is not turns. */
const isOwn = (value: unknown): boolean => textAt(value, 'schema')?.startsWith('firstword.') ?? false;

const bad = (reason: string): LineResult => ({ reason });

/** Reads lines of any supported log, one by one, and collects turns from them. */
export class DoctorReader {
  readonly #gatherer: EvidenceCollector;
  readonly #llm: ReaderOptions['llm'];
  /** The chat history of the file that is being read. */
  #chat = { file: '', history: new ChatHistoryImport({ words: true }) };
  /** Answers that earlier files contained more than once. */
  #repeated = 0;
  readonly #traces = new OtlpImport();
  readonly #logs = new LogTurns();
  readonly #understood = new Map<LineKind, number>();
  readonly #someBadLines: LogInputSummary['someBadLines'] = [];
  #badLines = 0;
  #lines = 0;
  /** Impossible values of messages whose turn is not answered yet, and the place of the last one. */
  readonly #odd = new Set<string>();
  #oddAt: Place | undefined;
  /** A line of a log whose fields may follow on lines of their own. */
  #open: { log: JsonObject; text: string; at: Place } | undefined;

  constructor({ llm, ...options }: ReaderOptions = {}) {
    this.#gatherer = new EvidenceCollector(options);
    this.#llm = llm;
  }

  /**
   * Reads one line that is not blank; `undefined` for a line that is too long to be a record. A line that cannot be read is
   * counted and reported, whatever is wrong with it: one bad line must not end the reading of a folder.
   */
  line(text: string | undefined, at: Place): void {
    this.#lines += 1;
    const field = this.#open && text !== undefined && fieldOf(text);
    if (field) {
      const { log } = this.#open!;
      if (Object.keys(log).length < MAX_FIELDS) log[field[0]] = field[1];
      return;
    }
    this.#safely(this.#open?.at ?? at, () => this.#closeLog());
    const outcome =
      text === undefined
        ? bad(`the line is ${LINE_TOO_LONG}`)
        : this.#safely(at, () => this.#understand(text, at));
    if (typeof outcome === 'string') this.#understood.set(outcome, (this.#understood.get(outcome) ?? 0) + 1);
    else if (outcome) this.#bad(at, outcome.reason);
  }

  #safely<T>(at: Place, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#bad(at, unreadableReason(error));
      return undefined;
    }
  }

  #understand(text: string, at: Place): LineResult {
    if (text.startsWith(RECORD_START) && this.#isPassedOver(text)) return 'Firstword turn records';
    const json = tryParseJson(text);
    return json && typeof json.value === 'object' ? this.#value(json.value, text, at) : this.#text(text, at);
  }

  /** Whether it is a complete record of a call that is not kept: it is only counted. */
  #isPassedOver(text: string): boolean {
    const callId = text.slice(RECORD_START.length, text.indexOf('"', RECORD_START.length));
    if (this.#gatherer.wants(callId) || !text.trimEnd().endsWith('}')) return false;
    this.#gatherer.count(callId);
    return true;
  }

  #bad(at: Place, reason: string): void {
    this.#badLines += 1;
    if (this.#someBadLines.length < NAMED_BAD_LINES) this.#someBadLines.push({ ...at, reason });
  }

  #value(value: unknown, text: string, at: Place): LineResult {
    if (textAt(value, 'schema')?.startsWith('firstword.turn/')) return this.#record(text, at);
    if (this.#traces.read(value, placeOf(at))) return 'OTLP/JSON';
    const logged = chatItemsOfLogs(value);
    const turns = this.#chatOf(at.file).read(logged.length > 0 ? logged : value, basename(at.file));
    if (turns) {
      const odd = impossibleValuesIn(logged.length > 0 ? logged : value);
      if (odd.length > 0) this.#oddAt = at;
      for (const value of odd) this.#odd.add(value);
      for (const turn of turns) {
        this.#add(turn, placeOf(at), [...this.#odd]);
        this.#odd.clear();
      }
      return 'LiveKit chat history';
    }
    if (isObject(value) && (isOwn(value) || 'feltGap' in value)) return 'summaries, which hold no turns';
    const log = isObject(value) ? this.#log(value, text, at) : undefined;
    return log ?? bad('JSON, but neither a turn record, nor LiveKit’s history, traces or metrics');
  }

  #chatOf(file: string): ChatHistoryImport {
    if (this.#chat.file !== file) {
      this.#repeated += this.#chat.history.repeated;
      this.#chat = { file, history: new ChatHistoryImport({ words: true }) };
    }
    return this.#chat.history;
  }

  /** @returns `undefined` where it is not a line of a log */
  #log(log: JsonObject, text: string, at: Place): LineKind | undefined {
    const metrics = metricsOfLog(log);
    const event = eventOfLog(text, log, placeOf(at));
    if (event) this.#gatherer.addEvent(event);
    if (metrics) {
      for (const done of this.#logs.add(metrics, { file: basename(at.file), place: placeOf(at) }))
        this.#add(done.observation, done.place, done.impossibleValues);
      return 'console metrics';
    }
    const isLog =
      ['msg', 'message', 'level', 'levelname'].some((name) => name in log) &&
      textAt(log, 'role') === undefined;
    return isLog ? 'log lines without metrics' : undefined;
  }

  /** The line of a log that was waiting for its fields. */
  #closeLog(): void {
    const open = this.#open;
    this.#open = undefined;
    const as = open && this.#log(open.log, open.text, open.at);
    if (as) this.#understood.set(as, (this.#understood.get(as) ?? 0) + 1);
  }

  #text(text: string, at: Place): LineResult {
    const log = textLog(text);
    if (log) {
      this.#open = { ...log, at };
      return undefined;
    }
    const embedded = text.indexOf('{"') > 0 ? tryParseJson(text.slice(text.indexOf('{"'))) : undefined;
    if (isObject(embedded?.value)) return this.#value(embedded.value, text, at);
    if (LIKE_JSON.test(text)) return bad('begins like JSON and is not whole: was it cut short?');
    if (/^\s*</.test(text)) return bad('HTML or XML, not JSON');
    return text.includes('\uFFFD') || text.includes('\0') ? bad('no text') : 'other text';
  }

  #record(text: string, at: Place): LineResult {
    try {
      this.#add(parseTurnRecord(text), placeOf(at), []);
      return 'Firstword turn records';
    } catch (error) {
      if (!isFirstwordError(error, 'record_invalid')) throw error;
      return bad(error.message);
    }
  }

  #add(turn: TurnRecord | TurnObservation, place: string, impossibleValues: string[]): void {
    const record = 'schema' in turn ? turn : toTurnRecord(turn);
    const isNamed = record.llm !== undefined && record.llm.provider !== 'unknown';
    if (record.imported?.sdk) this.#gatherer.countSdk(record.imported.sdk);
    const llm =
      this.#llm && !isNamed ? { llm: { ...record.llm, ...this.#llm, emulated: false, requests: 1 } } : {};
    this.#gatherer.add({ ...record, ...llm }, { place, impossibleValues });
  }

  /** Everything that was read. Call it at the end, when traces and the last turns of logs are complete. */
  finish(files: Pick<LogInputSummary, 'files' | 'bytes' | 'skippedFiles'>): Evidence {
    const end = this.#open?.at ?? { file: '', line: 0 };
    this.#safely(end, () => this.#closeLog());
    if (this.#odd.size > 0 && this.#oddAt)
      this.#bad(this.#oddAt, `no turn comes of it: ${[...this.#odd].join(', ')}`);
    const { droppedSpans } = this.#traces;
    const skippedFiles = [...files.skippedFiles];
    if (droppedSpans > 0)
      skippedFiles.push({
        name: 'traces',
        reason: `have ${droppedSpans} spans more than can be held at once`,
      });
    for (const { atMs, durationMs, cause, traceId, place } of this.#traces.blockedSpans())
      this.#gatherer.addEvent({
        kind: cause === 'host' ? 'process not scheduled' : 'event loop blocked',
        place,
        atMs,
        ms: durationMs,
        call: traceId,
        ...(cause === undefined ? {} : { subject: cause }),
      });
    for (const { observation, place } of this.#traces.finish())
      this.#safely(end, () => this.#add(observation, place, []));
    for (const { observation, place, impossibleValues } of this.#logs.finish())
      this.#safely(end, () => this.#add(observation, place, impossibleValues));
    return this.#gatherer.finish({
      ...files,
      skippedFiles,
      lines: this.#lines,
      understood: [...this.#understood]
        .map(([as, lines]) => ({ as, lines }))
        .sort((a, b) => b.lines - a.lines),
      duplicates: this.#repeated + this.#chat.history.repeated,
      badLines: this.#badLines,
      someBadLines: this.#someBadLines,
    });
  }
}
