import type { Segment, SegmentName } from '@firstword/turn';
import { plainText, roundMs, shownGainMs } from '@firstword/turn/display';
import { refusedText } from '../import/refused.js';
import type { Percentiles } from '../report/percentiles.js';
import type {
  Dimension,
  FailureSummary,
  InputSummary,
  Measure,
  ReportGroup,
  SegmentShare,
  SilenceName,
  TurnReport,
  WorstTurn,
} from '../report/turn-report.js';
import { answeredBy } from './ledger.js';

/** Texts of a report that all output formats share. */

const counted = new Intl.NumberFormat('en');

/** A whole number with thousands separated: `1,200`. */
export const countText = (count: number): string => counted.format(count);

/** A count with its noun: `1 turn`, `2 turns`. */
export const plural = (count: number, word: string): string =>
  `${countText(count)} ${word}${count === 1 ? '' : 's'}`;

/**
 * `12 of 40 turns failed: LLM answered 401: the key was refused`; with several reasons, each with its count.
 * @returns `undefined` where none failed
 */
export function failuresText(failures: FailureSummary, turns: number): string | undefined {
  if (failures.turns === 0) return undefined;
  const { reasons } = failures;
  const shown = reasons
    .slice(0, 3)
    .map(({ reason, turns: count }) => (reasons.length === 1 ? reason : `${reason} (${countText(count)})`));
  const more = reasons.length > shown.length ? [`${reasons.length - shown.length} more reasons`] : [];
  return `${countText(failures.turns)} of ${plural(turns, 'turn')} failed: ${[...shown, ...more].join('; ')}`;
}

/** Names of the measures. */
export const measureText: Record<Measure, string> = {
  feltGap: 'felt gap',
  firstFrame: 'first frame',
};

/** Start and end of each measure. */
export const measureNote: Record<Measure, string> = {
  feltGap: 'from the caller’s last sample to the first audible one of the answer',
  firstFrame: 'LiveKit’s e2e_latency, to the first frame sent: the felt gap is longer',
};

/** Names of the silences. */
export const silenceText: Record<SilenceName, string> = {
  hello: 'time to hello',
  tool: 'silence at a tool',
  bargeIn: 'barge-in stop',
  afterBargeIn: 'gap after barge-in',
};

/** What each silence is measured among, and between which moments. */
export const silenceNote: Record<SilenceName, string> = {
  hello: 'from the caller’s arrival to the agent’s first audible sample',
  tool: 'longest time without a sound in a turn with tools, until the answer after them',
  bargeIn: 'from the caller’s first sample to the agent’s last audible one',
  afterBargeIn: 'felt gap of the turns that began while the agent spoke',
};

type PartName = SegmentName | 'end of turn' | 'LLM first chunk' | 'playback latency';

/** Names of the parts of a turn that exports report. */
export const reportedText: Record<string, PartName> = {
  transcriptionDelayMs: 'final transcript',
  endOfTurnDelayMs: 'end of turn',
  userLogicMs: 'your logic',
  replyReleasedMs: 'reply released',
  llmTtftMs: 'LLM first chunk',
  ttsTtfbMs: 'TTS first byte',
  playbackLatencyMs: 'playback latency',
};

/** Titles of the tables that divide the turns. */
export const dimensionTitle = {
  kind: 'by kind of turn',
  provider: 'by provider',
  model: 'by model',
  levers: 'by levers',
  region: 'by region',
  day: 'by day (UTC)',
} as const;

/** The dimensions that divide the turns, without those that divide them as another one does. Days are in the trend. */
export function informativeDimensions(report: TurnReport): Dimension[] {
  const { groups } = report;
  const isOnePerModel =
    groups.provider.length === groups.model.length &&
    groups.provider.every((group, at) => group.turns === groups.model[at]!.turns);
  const all = ['kind', ...(isOnePerModel ? [] : ['provider' as const]), 'model', 'levers', 'region'] as const;
  return all.filter((dimension) => groups[dimension].length > 1);
}

/** The name of a group of turns. */
export const groupName = (group: ReportGroup): string =>
  group.value === undefined ? '(not reported)' : plainText(group.value);

/** Logs whose lines have no date are dated from 1970 on. */
const isDated = (at: string): boolean => !at.startsWith('1970-');
const dayOf = (at: string): string => (isDated(at) ? at.slice(0, 10) : 'date not reported');

/** `1,200 turns · 100 calls · 2026-05-28 – 2026-06-02 · groq gpt-oss-120b (emulated)` */
export function headline(report: TurnReport): string {
  const { fromAt, toAt, llms } = report;
  const when =
    fromAt && toAt
      ? dayOf(fromAt) === dayOf(toAt)
        ? dayOf(fromAt)
        : `${dayOf(fromAt)} – ${dayOf(toAt)}`
      : '';
  const emulated = llms.filter((llm) => llm.emulated).length;
  const many = `${llms.length} models${emulated > 0 ? (emulated === llms.length ? ' (emulated)' : ' (some emulated)') : ''}`;
  const who = llms.length === 0 ? '' : llms.length === 1 ? plainText(answeredBy(llms[0]!)) : many;
  // Calls without a turn have a time to hello only.
  const calls = Math.max(report.calls, report.silences.hello?.of ?? 0);
  return [plural(report.turns, 'turn'), plural(calls, 'call'), when, who]
    .filter((text) => text !== '')
    .join(' · ');
}

/** Limitations of the figures, to be shown with them. */
export function caveats(report: TurnReport): string[] {
  const { read, otherMeasure, problems, outcomes, llms } = report;
  const unreported = outcomes.find(({ outcome }) => outcome === undefined)?.turns ?? 0;
  const notes = problems.map(
    ({ problem, turns }) => `${plural(turns, 'turn')} without a felt gap: ${plainText(problem)}`,
  );
  if (unreported > 0) {
    notes.push(
      `${plural(unreported, 'turn')} whose outcome is not reported: failures among them are not known`,
    );
  }
  if (otherMeasure) {
    notes.push(
      `${plural(otherMeasure.gap.count, 'turn')} with LiveKit’s e2e_latency only (p50 ${wholeMs(otherMeasure.gap.p50.valueMs)}, p95 ${wholeMs(otherMeasure.gap.p95.valueMs)} ms), in no percentile here`,
    );
  }
  for (const { from, turns } of read.imported) notes.push(`${plural(turns, 'turn')} read from ${from}`);
  if (read.duplicates > 0)
    notes.push(`${plural(read.duplicates, 'turn')} were duplicates and are counted once`);
  if (llms.some((llm) => llm.emulated))
    notes.push('emulated LLMs play published delays: their figures are not those of a provider');
  return [...notes, ...unreadNotes(read)];
}

/** Lines and files that are not in the figures. */
export function unreadNotes(read: InputSummary): string[] {
  const notes = read.refused.map((refused) => `${plural(refused.lines, 'line')}: ${refusedText(refused)}`);
  if (read.otherLines > 0) notes.push(`${plural(read.otherLines, 'line')} of logs or text without metrics`);
  if (read.badLines > 0) {
    notes.push(
      `${plural(read.badLines, 'line')} could not be read and ${read.badLines === 1 ? 'is' : 'are'} not counted:`,
    );
    for (const { file, line, reason } of read.someBadLines) {
      notes.push(`  ${plainText(file)}:${line}: ${plainText(reason)}`);
    }
    const more = read.badLines - read.someBadLines.length;
    if (more > 0) notes.push(`  and ${countText(more)} more`);
  }
  for (const { name, reason } of read.skippedFiles) notes.push(`${plainText(name)} ${reason}: left out`);
  return notes;
}

/** Whole milliseconds, with a typographic minus sign. */
export const wholeMs = (ms: number): string => String(Math.round(ms)).replace('-', '−');

/** The 95 % interval of an estimate, in whole ms: `850–930`; empty where there is none. */
export function intervalText(estimate: Percentiles['p50']): string {
  return estimate.lowMs === undefined ? '' : `${wholeMs(estimate.lowMs)}–${wholeMs(estimate.highMs!)}`;
}

/** `gains 3 ms at p50, 40 at p95` where that is clearly less than the segment's length; empty where the length says it. */
export function gainNote({
  p50Ms,
  p95Ms,
  gain,
}: Pick<SegmentShare, 'p50Ms' | 'p95Ms'> & Partial<Pick<SegmentShare, 'gain'>>): string {
  if (!gain) return '';
  const isShown = [shownGainMs(p50Ms, gain.p50Ms), shownGainMs(p95Ms, gain.p95Ms)].some(
    (ms) => ms !== undefined,
  );
  return isShown ? `gains ${roundMs(gain.p50Ms)} ms at p50, ${roundMs(gain.p95Ms)} at p95` : '';
}

/** `call-2205 turn 3 · 2026-05-29 02:34 · groq gpt-oss-120b (emulated) · tool` */
export function worstHeading(worst: WorstTurn): string {
  const { provider, model, emulated, kinds } = worst;
  const who =
    provider === undefined ? [] : [plainText(answeredBy({ provider, model: model ?? '', emulated }))];
  const where = `${plainText(worst.callId)} turn ${worst.turn}`;
  return [
    where,
    isDated(worst.at) ? worst.at.slice(0, 16).replace('T', ' ') : 'date not reported',
    ...who,
    ...kinds,
  ].join(' · ');
}

function gainInBrackets({ durationMs, gainMs }: Segment): string {
  const shown = shownGainMs(durationMs, gainMs);
  return shown === undefined ? '' : ` (gains ${shown})`;
}

/** The largest segments of one turn, in the order in which they came. */
export function worstParts(worst: WorstTurn, most: number): string {
  const largest = [...worst.segments].sort((a, b) => b.durationMs - a.durationMs).slice(0, most);
  const parts = worst.segments
    .filter((segment) => largest.includes(segment))
    .map((segment) => `${segment.name} ${wholeMs(segment.durationMs)}${gainInBrackets(segment)}`);
  const restMs = worst.gapMs - largest.reduce((sum, segment) => sum + segment.durationMs, 0);
  if (worst.reported.length > 0) {
    return worst.reported.map(({ name, ms }) => `${reportedText[name] ?? name} ${wholeMs(ms)}`).join(' · ');
  }
  if (worst.segments.length === 0) return 'no ledger: the marks in between are not in the record';
  if (restMs >= 0.5) parts.push(`rest ${wholeMs(restMs)}`);
  return parts.join(' + ');
}
