import { isCallRecord, isFirstwordError, parseCallRecord, parseTurnRecord } from '@firstword/turn';
import { isObject, type JsonObject, MAX_DEPTH, textAt, tryParseJson } from './json.js';
import { LINE_TOO_LONG, unreadableReason } from './lines.js';
import { aboutOf, fieldsOfLog, hasTime, isLog, isMetrics, messageOf } from './livekit/log-fields.js';
import { LOG_SOURCE } from './livekit/logged-metrics.js';
import { fieldOf, textLog } from './livekit/text-log.js';
import { type LogicalLine, LogicalLines } from './logical-lines.js';
import { isPipecatLine } from './platforms/pipecat.js';
import { mayHoldFigures, objectInText, objectLiteral, pairsInText } from './printed/object-in-text.js';
import type { ReadSink, ReadSummary } from './read-sink.js';
import { FIGURES_DROPPED, PROSE, RefusedInputs, refusalOf } from './refused.js';
import { type LinePlace, type Origin, placeText, type SourcedTurn, TurnSources } from './turn-sources.js';
import { logEntriesOf } from './unwrap/log-entries.js';
import { type LogEntry, textOfEntry } from './unwrap/services/log-entry.js';

const NAMED_BAD_LINES = 8;
/** Fields of one log line; those of LiveKit have thirty. */
const MAX_FIELDS = 100;
/** How the line of a turn record begins, as Firstword writes it. */
export const RECORD_START = '{"schema":"firstword.turn/1","callId":"';

/** The kind of a line, or why it was not understood; `undefined` where only the following lines decide. */
type LineResult = string | { reason: string } | undefined;

const TURN_RECORDS = 'Firstword turn records';
const CALL_RECORDS = 'Firstword call records';
const CONSOLE_METRICS = 'console metrics';
const OTHER_LOG = 'log lines without metrics';
const OTHER_TEXT = 'other text';

/** The place of what no single line is to blame for. */
const END: LinePlace = { file: '', line: 0 };

/** How records begin, also with curly quotes; many logs put a time or a level in brackets. */
const LIKE_JSON = /^\s*(\{\s*(["“”]|$)|\[\s*([[{]|$))/;
const FENCE = /^\s{0,3}(?:```|~~~)/;

/** Other output of Firstword's commands, which is not turns. */
const isOwn = (value: JsonObject): boolean =>
  (textAt(value, 'schema')?.startsWith('firstword.') ?? false) || 'feltGap' in value;

const bad = (reason: string): LineResult => ({ reason });
/** A line of a log whose fields may follow on lines of their own. */
interface OpenLog {
  log: JsonObject;
  text: string;
  origin: Origin;
}

/** Reads every format that Firstword knows, line by line, and gives turns. `doctor`, `report` and `what-if` read with it. */
export class InputReader {
  readonly #sink: ReadSink;
  readonly #sources: TurnSources;
  readonly #refused = new RefusedInputs();
  readonly #understood = new Map<string, number>();
  readonly #someBadLines: ReadSummary['someBadLines'] = [];
  #badLines = 0;
  #lines = 0;
  #turns = 0;
  /** The file that is being read. */
  #file = '';
  #isOfRecords = false;
  /** Log entries that were exported one a line, as the lines of one log. */
  #single: { lines: LogicalLines; origin: Origin } | undefined;
  /** By the program that wrote it. */
  readonly #open = new Map<string, OpenLog>();

  /** @param options `words` includes the agent's text in turns of chat histories; false by default */
  constructor(sink: ReadSink, options: { words?: boolean } = {}) {
    this.#sink = sink;
    this.#sources = new TurnSources((turn) => this.#turn(turn), { words: options.words ?? false });
  }

  /**
   * Reads one line that is not blank, as `LogicalLines` gives it; without text, it is too long to be a record. A line that
   * cannot be read is counted and reported, whatever is wrong with it: one bad line must not end the reading of a folder.
   * @param options `isOfRecords`: the file begins with a record, so that plain text in it is a damaged line; false by default
   */
  line(
    { line, text, atMs, source }: LogicalLine,
    file: string,
    options: { isOfRecords?: boolean } = {},
  ): void {
    const at = { file, line };
    if (file !== this.#file) this.#endFile(file);
    this.#isOfRecords = options.isOfRecords ?? false;
    this.#lines += 1;
    const outcome =
      text === undefined
        ? bad(`the line is ${LINE_TOO_LONG}`)
        : this.#safely(at, () => this.#line(text, { at, atMs, source, depth: 0 }));
    this.#count(outcome, at);
  }

  /** Ends what is still open of the file before. */
  #endFile(next: string): void {
    this.#file = next;
    this.#endSingle();
    for (const open of [...this.#open.values()]) this.#safely(open.origin.at, () => this.#closeLog(open));
  }

  #count(outcome: LineResult, at: LinePlace): void {
    if (typeof outcome === 'string') this.#understood.set(outcome, (this.#understood.get(outcome) ?? 0) + 1);
    else if (outcome) this.#bad(at, outcome.reason);
  }

  #safely<T>(at: LinePlace, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#bad(at, unreadableReason(error));
      return undefined;
    }
  }

  #line(text: string, origin: Origin): LineResult {
    if (this.#open.size > 0) {
      const open = this.#open.get(keyOf(origin));
      const field = open && fieldOf(text);
      if (open && field) {
        if (Object.keys(open.log).length < MAX_FIELDS) open.log[field[0]] = field[1];
        return undefined;
      }
      if (open) this.#safely(open.origin.at, () => this.#closeLog(open));
    }
    return this.#understand(text, origin);
  }

  #understand(text: string, origin: Origin): LineResult {
    if (text.startsWith(RECORD_START) && text.trimEnd().endsWith('}'))
      return this.#isPassedOver(text) ? TURN_RECORDS : this.#record(text, origin.at);
    const json = tryParseJson(text) ?? objectLiteral(text);
    if (json && typeof json.value === 'object') return this.#value(json.value, text, origin);
    if (json && typeof json.value === 'string' && origin.depth < MAX_DEPTH)
      return this.#inner(json.value, origin);
    return this.#text(text, origin);
  }

  /** Whether it is a complete record of a call that is not kept: it is only counted. */
  #isPassedOver(text: string): boolean {
    const callId = text.slice(RECORD_START.length, text.indexOf('"', RECORD_START.length));
    return this.#sink.passOver?.(callId) ?? false;
  }

  #bad(at: LinePlace, reason: string): void {
    this.#badLines += 1;
    if (this.#someBadLines.length < NAMED_BAD_LINES) this.#someBadLines.push({ ...at, reason });
  }

  #value(value: unknown, text: string, origin: Origin): LineResult {
    const { at } = origin;
    if (/^firstword\.(turn|call)\//.test(textAt(value, 'schema') ?? '')) return this.#record(text, at);
    const entries = origin.depth < MAX_DEPTH ? logEntriesOf(value) : undefined;
    if (entries) return this.#entries(entries, origin);
    const known = this.#sources.value(value, origin);
    if (known) return known;
    const refusal = refusalOf(value);
    if (refusal) {
      this.#refused.add(refusal);
      return refusal.format;
    }
    if (Array.isArray(value)) return this.#array(value, origin);
    if (!isObject(value)) return bad('JSON, but no object');
    if (isOwn(value)) return 'summaries, which hold no turns';
    return (
      this.#log(value, text, origin) ??
      bad('JSON, but neither a turn record nor a format that Firstword knows')
    );
  }

  /** The entries of a log service's export, as the lines of a log of their own. */
  #entries(entries: readonly LogEntry[], origin: Origin): LineResult {
    const inner = { ...origin, depth: origin.depth + 1 };
    // A service that writes one entry a line cuts printed objects apart, entry by entry.
    const lines = entries.length === 1 ? this.#entryLines(inner) : new LogicalLines();
    let result: LineResult;
    const read = (found: readonly LogicalLine[], atMs: number | undefined) => {
      for (const one of found) result = better(result, this.#logical(one, { ...inner, atMs }));
    };
    for (const entry of entries) {
      const { fields, atMs } = entry;
      const text = textOfEntry(entry);
      if (fields && text === '')
        result = better(result, this.#value(fields, JSON.stringify(fields), { ...inner, atMs }));
      for (const line of text.split(/\r?\n/))
        if (line.trim() !== '') read(lines.add({ line: origin.at.line, text: line }), atMs);
    }
    if (entries.length > 1) read(lines.end(), undefined);
    return result ?? OTHER_LOG;
  }

  /** The lines of the single entries of a file. */
  #entryLines(origin: Origin): LogicalLines {
    this.#single ??= { lines: new LogicalLines(), origin };
    this.#single.origin = origin;
    return this.#single.lines;
  }

  /** What is still held of single entries; their lines are counted already. */
  #endSingle(): void {
    const single = this.#single;
    this.#single = undefined;
    if (!single) return;
    const { lines, origin } = single;
    for (const one of lines.end()) this.#safely(origin.at, () => this.#logical(one, origin));
  }

  #logical({ text, atMs, source }: LogicalLine, origin: Origin): LineResult {
    return text === undefined
      ? undefined
      : this.#line(text, { ...origin, atMs: atMs ?? origin.atMs, source: source ?? origin.source });
  }

  /** Records that were exported as one array. */
  #array(values: readonly unknown[], origin: Origin): LineResult {
    if (origin.depth >= MAX_DEPTH) return bad('JSON that is nested too deeply');
    let result: LineResult;
    for (const value of values) {
      if (typeof value !== 'object' || value === null) continue;
      result = better(
        result,
        this.#value(value, JSON.stringify(value), { ...origin, depth: origin.depth + 1 }),
      );
    }
    return result ?? bad('JSON, but no object');
  }

  /** Text that stood inside other text: one line or several. */
  #inner(text: string, origin: Origin): LineResult {
    return this.#entries([{ text }, {}], origin) ?? OTHER_TEXT;
  }

  /** @returns `undefined` where it is not a line of a log */
  #log(log: JsonObject, text: string, origin: Origin): LineResult {
    const place = placeText(origin.at);
    const { atMs, source } = origin;
    const timed = {
      ...log,
      ...(atMs === undefined || hasTime(log) ? {} : { time: atMs }),
      ...(source === undefined ? {} : { [LOG_SOURCE]: source }),
    };
    const fields = fieldsOfLog(timed);
    this.#sink.logLine?.({ text, log: fields, place });
    const wrapped = messageOf(log).trimStart().startsWith('{') ? this.#messageOf(log, origin) : undefined;
    if (typeof wrapped === 'string') return wrapped;
    if (this.#sources.metrics(fields, origin)) return CONSOLE_METRICS;
    return this.#messageOf(log, origin) ?? (isLog(log) ? OTHER_LOG : undefined);
  }

  /** What a line's message or one of its members says: a printed object, a line of Pipecat, a list of metrics. */
  #messageOf(log: JsonObject, origin: Origin): LineResult {
    if (origin.depth >= MAX_DEPTH) return undefined;
    const message = messageOf(log);
    const pipecat = this.#sources.pipecatLine(message, origin);
    if (pipecat) return pipecat;
    const inner = { ...origin, depth: origin.depth + 1 };
    const value = mayHoldFigures(message)
      ? (objectInText(message)?.value ?? pairsInText(message))
      : undefined;
    const found = value && this.#value({ ...aboutOf(log), ...value }, JSON.stringify(value), inner);
    if (typeof found === 'string' && found !== OTHER_LOG) return found;
    const lists = Object.values(log).filter(
      (one) => Array.isArray(one) && one.length > 0 && isMetrics(one[0]),
    );
    return lists.length > 0 ? this.#array(lists.flat() as unknown[], origin) : undefined;
  }

  /** The line of a log that was waiting for its fields. */
  #closeLog(open: OpenLog): void {
    this.#open.delete(keyOf(open.origin));
    const { log, text, origin } = open;
    const outcome = this.#log(log, text, origin);
    // The line around an entry of an export is counted already.
    if (origin.depth === 0) this.#count(outcome, origin.at);
  }

  #text(text: string, origin: Origin): LineResult {
    const pipecat =
      isPipecatLine(text) || text.includes('TTFB') ? this.#sources.pipecatLine(text, origin) : undefined;
    if (pipecat) return pipecat;
    const log = textLog(text);
    if (!log) this.#sink.otherLine?.({ text, place: placeText(origin.at) });
    const found = objectInText(log?.text ?? text);
    if (found && origin.depth < MAX_DEPTH) {
      const value = { ...log?.log, ...(log ? { msg: found.before.trim() } : {}), ...found.value };
      if (log && messageOf(found.value) !== '') value.msg = messageOf(found.value);
      const read = this.#value(value, found.before === '' ? text : JSON.stringify(value), {
        ...origin,
        depth: origin.depth + 1,
      });
      if (typeof read === 'string' || log) return read;
    }
    const pairs = pairsInText(text);
    if (pairs) {
      const read = this.#value({ ...log?.log, ...pairs, msg: text }, text, {
        ...origin,
        depth: origin.depth + 1,
      });
      if (typeof read === 'string') return read;
    }
    if (log) {
      this.#open.set(keyOf(origin), { ...log, origin });
      return undefined;
    }
    if (FENCE.test(text)) return OTHER_TEXT;
    if (LIKE_JSON.test(text)) return bad('begins like JSON and is not whole: was it cut short?');
    if (/^\s*<(?!\d{1,3}>)/.test(text)) return bad('HTML or XML, not JSON');
    if (text.includes('\uFFFD') || text.includes('\0')) return bad('no text');
    return this.#isOfRecords ? bad('text between turn records: was a record cut short?') : OTHER_TEXT;
  }

  #record(text: string, at: LinePlace): LineResult {
    const place = placeText(at);
    try {
      if (isCallRecord(text)) {
        this.#sink.call?.(parseCallRecord(text), { place });
        return CALL_RECORDS;
      }
      this.#turn({ turn: parseTurnRecord(text), place, impossibleValues: [] });
      return TURN_RECORDS;
    } catch (error) {
      if (!isFirstwordError(error, 'record_invalid')) throw error;
      return bad(error.message);
    }
  }

  #turn({ turn, ...from }: SourcedTurn): void {
    this.#turns += 1;
    this.#safely(placeOf(from.place), () => this.#sink.turn(turn, from));
  }

  /** The end of all input: gives the turns of traces, and the last ones of logs. */
  finish(): ReadSummary {
    this.#endFile('');
    for (const span of this.#sources.blockedSpans()) this.#sink.blocked?.(span);
    const odd = this.#safely(END, () => this.#sources.finish());
    if (odd) this.#bad(odd.at, `no turn comes of it: ${odd.values.join(', ')}`);
    this.#refuseWhatHoldsNoTurns();
    const { repeated, droppedSpans } = this.#sources.omitted;
    return {
      lines: this.#lines,
      understood: [...this.#understood]
        .map(([as, lines]) => ({ as, lines }))
        .sort((a, b) => b.lines - a.lines),
      duplicates: repeated,
      badLines: this.#badLines,
      someBadLines: this.#someBadLines,
      otherLines: (this.#understood.get(OTHER_TEXT) ?? 0) + (this.#understood.get(OTHER_LOG) ?? 0),
      refused: this.#refused.list(),
      droppedSpans,
    };
  }

  /** Names what is in the way where nothing else was found. */
  #refuseWhatHoldsNoTurns(): void {
    const { figuresDropped } = this.#sources;
    if (figuresDropped > 0) this.#refused.add(FIGURES_DROPPED, figuresDropped);
    const text = this.#understood.get(OTHER_TEXT) ?? 0;
    if (this.#turns === 0 && this.#refused.list().length === 0 && text > 0) this.#refused.add(PROSE, text);
  }
}

/** Lines of the same program, behind the same layers, follow each other. */
const keyOf = ({ depth, source = '' }: Origin): string => `${depth} ${source}`;

/** A place from its text, `file:line`. */
function placeOf(text: string): LinePlace {
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}

/** Of several records in one line, the kind to show: one with turns before one without. */
function better(before: LineResult, next: LineResult): LineResult {
  const isPlain =
    before === undefined || typeof before !== 'string' || before === OTHER_LOG || before === OTHER_TEXT;
  return isPlain && next !== undefined ? next : before;
}
