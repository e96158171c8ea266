import { isFailed, outcomeOf, ownerText, type Segment, type TurnRecord } from '@firstword/turn';
import { shownGainMs } from '@firstword/turn/display';
import { bigNumber } from './digits.js';
import { type Paint, paint } from './paint.js';
import { type Axis, columnAt, msText, textBar, toWidth } from './text-bar.js';

/** Options of all terminal output. */
export interface RenderOptions {
  /** Width of the terminal in columns, at least 60; 80 by default. */
  widthColumns?: number;
  /** Whether to use colour: false where the output is no terminal, or NO_COLOR is set. */
  colour?: boolean;
}

/** Critical steps shorter than this share one row: a cascade has many steps of about 1 ms. */
const SHORT_MS = 5;
const TIME_COLUMNS = 8;

interface Layout {
  axis: Axis;
  nameColumns: number;
  ownerColumns: number;
  paint: Paint;
}

const longest = (texts: readonly string[], least: number, most: number) =>
  Math.min(most, Math.max(least, ...texts.map((text) => text.length)));

function layout(rows: readonly Segment[], options: RenderOptions, spanMs: { fromMs: number; toMs: number }) {
  const width = Math.max(60, options.widthColumns ?? 80);
  const texts = rows.map((row) => ownerText(row.owner));
  const nameColumns = longest(
    rows.map((row) => row.name),
    17,
    Math.floor(width * 0.3),
  );
  const ownerColumns = longest(texts, 8, Math.max(28, Math.floor(width * 0.33)));
  const columns = width - nameColumns - ownerColumns - TIME_COLUMNS - 5;
  const axis = { ...spanMs, columns };
  return { axis, nameColumns, ownerColumns, paint: paint(options.colour ?? false) };
}

/** Below a segment's time, in line with it. */
function gainRow(at: Layout, gainMs: number): string {
  const columns = at.nameColumns + at.axis.columns + 2;
  return at.paint.dim(`${'gains'.padStart(columns)} ${msText(gainMs).padStart(TIME_COLUMNS)}`);
}

function rows(at: Layout, segment: Segment, hidden: boolean): string[] {
  const { owner } = segment;
  const blocks = textBar(at.axis, segment, hidden);
  const name = toWidth(segment.name, at.nameColumns);
  const time = msText(segment.durationMs).padStart(TIME_COLUMNS);
  const painted = at.paint.owner(owner.kind, toWidth(ownerText(owner), at.ownerColumns).trimEnd());
  const line = ` ${hidden ? at.paint.dim(name) : name} ${at.paint.owner(owner.kind, blocks)} ${time}  ${painted}`;
  const gain = shownGainMs(segment.durationMs, segment.gainMs);
  return [line.trimEnd(), ...(gain === undefined ? [] : [gainRow(at, gain)])];
}

/** The line between the gap and hidden work, with a notch where the caller stopped. */
function divider(at: Layout, startMs: number): string {
  const notch = Math.min(Math.floor(columnAt(at.axis, startMs)), at.axis.columns - 1);
  const line = '─'.repeat(at.axis.columns);
  return at.paint.dim(
    ` ${toWidth('hidden, not added', at.nameColumns)} ${line.slice(0, notch)}┴${line.slice(notch + 1)}`,
  );
}

/** Combines the shortest steps into one last row, so that the rows still sum to the gap. */
function withoutShort(segments: readonly Segment[]): { long: Segment[]; short: Segment[] } {
  const short = segments.filter((segment) => segment.durationMs < SHORT_MS);
  if (short.length < 2) return { long: [...segments], short: [] };
  return { long: segments.filter((segment) => segment.durationMs >= SHORT_MS), short };
}

function shortRow(at: Layout, short: readonly Segment[]): string {
  const totalMs = short.reduce((sum, segment) => sum + segment.durationMs, 0);
  const name = toWidth(`${short.length} steps < ${SHORT_MS} ms`, at.nameColumns);
  return ` ${name} ${' '.repeat(at.axis.columns)} ${msText(totalMs).padStart(TIME_COLUMNS)}`;
}

/** The LLM that answered, as far as it is reported; an emulated one is labelled. */
export function answeredBy(llm: { provider: string; model: string; emulated: boolean }): string {
  const names = [llm.provider, llm.model].filter((name) => name !== 'unknown' && name !== '');
  const name = names.length === 0 ? 'LLM not reported' : names.join(' ');
  return `${name}${llm.emulated ? ' (emulated)' : ''}`;
}

const silentText = (count: number): string =>
  count === 1 ? 'a silent response' : `${count} silent responses`;

function heading(record: TurnRecord, at: Layout): string[] {
  const notes = [
    record.llm && answeredBy(record.llm),
    record.bargeIn && 'the caller spoke over the agent',
    record.interrupted && 'stopped by the caller',
    record.repaired?.part === 'whole' && 'whole after a cut-off',
    record.realtime?.turnDetection && `turn ended by ${record.realtime.turnDetection}`,
    record.realtime?.isTurnEndReported === false && 'end of the turn not reported by the provider',
    record.realtime && record.realtime.silentResponses > 0 && silentText(record.realtime.silentResponses),
    record.rescue && `asked again after ${msText(record.rescue.afterMs)} of silence`,
  ].filter((note) => typeof note === 'string');
  const about = at.paint.dim(notes.join(' · '));
  const title = at.paint.strong(`turn ${record.turn}`);
  if (record.feltGapMs === undefined) {
    const problem = record.problem ?? 'the record does not say why';
    const text = isFailed(outcomeOf(record)) ? `failed: ${problem}` : `no felt gap: ${problem}`;
    return [` ${title}  ${about}`, ` ${at.paint.warn(text)}`];
  }
  const { bridge } = record;
  const answerText =
    bridge?.answerGapMs === undefined
      ? 'no answer followed'
      : `the answer itself after ${msText(bridge.answerGapMs)}`;
  const until = bridge ? `, until a filler phrase; ${answerText}` : '';
  const [top, middle, bottom] = bigNumber(record.feltGapMs).map((line) => at.paint.strong(line));
  return [` ${top}   ${title}`, ` ${middle}   ${about}`, ` ${bottom}   ms felt gap${until}`].map((line) =>
    line.trimEnd(),
  );
}

/**
 * One turn's ledger as text: the felt gap in large figures, a bar for each segment on one time axis, and hidden work
 * below in lighter bars. Lines end with a line feed.
 */
export function renderLedger(record: TurnRecord, options: RenderOptions = {}): string {
  const { long, short } = withoutShort(record.segments);
  const startMs = record.segments[0]?.fromMs ?? 0;
  const endMs = record.segments.at(-1)?.toMs ?? startMs;
  // Hidden work can begin long before the caller stopped: it is cut off at the left, so as not to compress the gap.
  const earliestMs = startMs - (endMs - startMs) / 2;
  const fromMs = Math.max(earliestMs, Math.min(startMs, ...record.hidden.map((segment) => segment.fromMs)));
  const at = layout([...long, ...record.hidden], options, { fromMs, toMs: endMs });
  const lines = heading(record, at);
  if (record.segments.length > 0) lines.push('', ...long.flatMap((segment) => rows(at, segment, false)));
  if (short.length > 0) lines.push(shortRow(at, short));
  if (record.hidden.length > 0) {
    lines.push(divider(at, startMs));
    lines.push(...record.hidden.flatMap((segment) => rows(at, segment, true)));
  }
  return `${lines.join('\n')}\n`;
}
