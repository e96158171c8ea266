import { stripVTControlCharacters } from 'node:util';
import type { RenderOptions } from '@firstword/records';
import { type Paint, paint, plainText, textBar, toWidth, wholeMs } from '@firstword/records';
import type { Diagnosis } from '../diagnose.js';
import type { Level, RankedFinding } from '../finding.js';
import { linkText } from '../pages.js';
import {
  confidenceText,
  diagnosisHeadline,
  inputSummaryText,
  refText,
  rivalsText,
  savingText,
} from './doctor-words.js';

/** Options of `renderDiagnosis`. */
export interface DoctorRenderOptions extends RenderOptions {
  /** Show every finding in full. False: the first in full, and as much of the others as fits the screen. */
  all?: boolean;
  /** Height of the screen in lines, at least 40; 60 by default. */
  heightRows?: number | undefined;
}

const USUAL_ROWS = 60;
/** Users scroll a little: use at least this many rows even in a smaller window. */
const MIN_ROWS = 40;
const LABEL_COLUMNS = 11;
const BAR_COLUMNS = 30;

const levelPaint = (level: Level, to: Paint) => (text: string) =>
  level === 'high' ? to.warn(text) : level === 'medium' ? to.owner('setting', text) : to.dim(text);

/** `text` broken at spaces into lines of at most `columns`; a longer word has a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > columns) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

function labelled(
  label: string,
  text: string,
  width: number,
  to: Paint,
  style = (one: string) => one,
): string[] {
  const lines = wrap(text, width - LABEL_COLUMNS - 5);
  return lines.map(
    (line, at) => `     ${to.dim(toWidth(at === 0 ? label : '', LABEL_COLUMNS))}${style(line)}`,
  );
}

const codeLines = (code: string | undefined): string[] =>
  code?.split('\n').map((line) => `     ${' '.repeat(LABEL_COLUMNS)}${line}`) ?? [];

/** The title and what the finding is worth, on a line of its own where both together are too long. */
function head(finding: RankedFinding, width: number, to: Paint): string[] {
  const level = levelPaint(finding.level, to);
  const worth = `${savingText(finding)} · ${confidenceText(finding)}`;
  const title = plainText(finding.title);
  const room = width - worth.length - 8;
  const number = ` ${level(String(finding.rank).padStart(2))}  `;
  if (title.length > room) return [`${number}${to.strong(title)}`, `     ${level(worth)}`];
  return [`${number}${to.strong(toWidth(title, room))} ${level(worth)}`];
}

type Style = (text: string) => string;

/** The Firstword remedy: in the short form its code alone. */
function firstwordLines(
  { fix: { livekit, firstword } }: RankedFinding,
  width: number,
  to: Paint,
  all: boolean,
): string[] {
  if (firstword.text === livekit.text) return [];
  const code = codeLines(firstword.code).map((line) => to.owner('app', line));
  if (all || firstword.code === undefined)
    return [...labelled('Firstword', firstword.text, width, to), ...code];
  return labelledCode('Firstword', firstword.code, to);
}

/** Code beside its label, unwrapped, so that it can be copied. */
function labelledCode(label: string, code: string, to: Paint): string[] {
  const [first, ...more] = code.split('\n');
  return [
    `     ${to.dim(toWidth(label, LABEL_COLUMNS))}${to.owner('app', first!)}`,
    ...codeLines(more.join('\n') || undefined).map((line) => to.owner('app', line)),
  ];
}

/** The page of a finding as one unbroken link, so that it can be opened or copied. */
const pageLink = ({ docs }: RankedFinding, to: Paint): string => to.link(to.dim(linkText(docs)), docs);

const pageLines = (finding: RankedFinding, to: Paint): string[] => [
  `     ${to.dim(toWidth('page', LABEL_COLUMNS))}${pageLink(finding, to)}`,
];

const verdictLines = ({ verdict }: RankedFinding, width: number): string[] =>
  wrap(plainText(verdict), width - 5).map((line) => `     ${line}`);

function inFull(finding: RankedFinding, width: number, to: Paint, all: boolean): string[] {
  const code = (text: string | undefined) => codeLines(text).map((line) => to.owner('app', line));
  const field = (label: string, text: string | undefined, style?: Style) =>
    text === undefined ? [] : labelled(label, text, width, to, style);
  const { fix, evidence, experiment, logNext } = finding;
  const isWhole = all || finding.kind === 'data';
  return [
    ...head(finding, width, to),
    ...verdictLines(finding, width),
    // The first line of evidence mostly repeats the verdict.
    ...(isWhole ? evidence : evidence.slice(1)).flatMap(({ text, examples }) => {
      const shown = isWhole && examples.length > 0 ? `: ${examples.map(refText).join(', ')}` : '';
      return field('seen', plainText(text) + shown, to.dim);
    }),
    ...(all ? field('confidence', finding.confidence.why) : []),
    ...(all ? field('assumes', finding.saving?.assumes) : []),
    ...field('LiveKit', fix.livekit.text),
    ...code(fix.livekit.code),
    ...firstwordLines(finding, width, to, all),
    ...field('check', finding.check),
    ...field('experiment', experiment),
    ...(logNext && all ? [...field('log next', logNext.text), ...code(logNext.code)] : []),
    ...(all ? field('rivals', rivalsText(finding), to.dim) : []),
    ...pageLines(finding, to),
    '',
  ];
}

/** The verdict, the change and the page: the rest is for `--all`. */
function inShort(finding: RankedFinding, width: number, to: Paint): string[] {
  const { livekit } = finding.fix;
  return [
    ...head(finding, width, to),
    ...verdictLines(finding, width),
    ...(livekit.code === undefined
      ? labelled('LiveKit', livekit.text, width, to)
      : labelledCode('LiveKit', livekit.code, to)),
    ...pageLines(finding, to),
  ];
}

/** The verdict with its page; findings about impossible data also name their turns. */
function inVerdict(finding: RankedFinding, width: number, to: Paint): string[] {
  const { kind, evidence, verdict } = finding;
  const refs = kind === 'data' ? (evidence[0]?.examples ?? []).map(refText) : [];
  const seen = refs.length > 0 ? ` Seen in ${refs.join(', ')}.` : '';
  const text = `${plainText(verdict)}${seen}`;
  return [
    ...head(finding, width, to),
    ...wrap(text, width - 5).map((line) => `     ${line}`),
    `     ${pageLink(finding, to)}`,
  ];
}

function anatomyLines({ gapBreakdown }: Diagnosis, to: Paint): string[] {
  if (!gapBreakdown) return [];
  const axis = { fromMs: 0, toMs: 1, columns: BAR_COLUMNS };
  const rows = gapBreakdown.parts.map(({ name, meanMs, share }) => {
    const blocks = textBar(axis, { fromMs: 0, toMs: share });
    return ` ${toWidth(name, 22)} ${to.owner(name === 'unattributed' ? 'unaccounted' : 'provider', blocks)} ${wholeMs(meanMs).padStart(6)} ms ${`${Math.round(share * 100)} %`.padStart(5)}`;
  });
  return [...rows, ''];
}

/** What to log next, for the first finding that the data does not settle. */
function nextToLog({ findings }: Diagnosis, width: number, to: Paint): string[] {
  const open = findings.find(({ logNext }) => logNext);
  if (!open?.logNext) return [];
  const { text, code } = open.logNext;
  return [
    to.strong(' To know more, log next'),
    ...wrap(text, width - 5).map((line) => `     ${line}`),
    ...(code?.split('\n') ?? []).map((line) => `     ${to.owner('app', line)}`),
    '',
  ];
}

/** The number of screen rows that lines take when they wrap. */
const rowsOf = (lines: readonly string[], width: number): number =>
  lines.reduce(
    (rows, line) => rows + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / width)),
    0,
  );

/** Forms of a finding after the first, from the shortest on. */
const FORMS = [head, inVerdict, inShort];

/** The pages of findings that have no line for it: the folder once, then the files. */
function barePages(findings: readonly RankedFinding[], width: number, to: Paint): string[] {
  const [first] = findings;
  if (!first) return [];
  const folder = new URL('.', first.docs).href;
  const links = new Map(findings.map(({ docs, rule }) => [`${rule}.md`, docs]));
  const lines = wrap([...links.keys()].join(' '), width - 7);
  const linked = (name: string) => to.link(to.dim(name), links.get(name)!);
  return [
    `     ${to.dim('pages in')} ${to.link(to.dim(linkText(folder)), folder)}`,
    ...lines.map((line) => `       ${line.split(' ').map(linked).join('  ')}`),
  ];
}

/** Findings in these forms, then the pages of those that are shown as one line. */
function inForms(
  findings: readonly RankedFinding[],
  forms: readonly number[],
  width: number,
  to: Paint,
): string[] {
  if (findings.length === 0) return [];
  const bare = findings.filter((_, at) => forms[at] === 0);
  return [
    ...findings.flatMap((finding, at) => FORMS[forms[at]!]!(finding, width, to)),
    ...barePages(bare, width, to),
    '',
  ];
}

/** The first finding in full; then, by rank, the verdicts of the others and their changes as far as rows are left. */
function findingsIn(findings: readonly RankedFinding[], rows: number, width: number, to: Paint): string[] {
  const [first, ...others] = findings;
  if (!first) return [];
  const full = inFull(first, width, to, false);
  // Contradictory data casts doubt on all other findings: always show its verdict.
  const forms: number[] = others.map(({ kind }) => (kind === 'data' ? 1 : 0));
  for (let form = 1; form < FORMS.length; form += 1) {
    for (let at = 0; at < others.length; at += 1) {
      if (forms[at] !== form - 1) continue;
      const richer = forms.with(at, form);
      if (rowsOf([...full, ...inForms(others, richer, width, to)], width) > rows) break;
      forms[at] = form;
    }
  }
  return [...full, ...inForms(others, forms, width, to)];
}

/** A diagnosis for a terminal: the verdict, where the silence goes, then what was found. Lines end with a line feed. */
export function renderDiagnosis(diagnosis: Diagnosis, options: DoctorRenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.min(110, Math.max(80, options.widthColumns ?? 80));
  const { findings } = diagnosis;
  const all = options.all ?? false;
  const before = [
    ...wrap(plainText(diagnosis.verdict), width - 1).map((line) => ` ${to.strong(line)}`),
    ` ${to.dim(diagnosisHeadline(diagnosis))}`,
    '',
    ...anatomyLines(diagnosis, to),
  ];
  const after = [
    ...(all ? [] : nextToLog(diagnosis, width, to)),
    ...inputSummaryText(diagnosis.read).map((line) => ` ${to.dim(line)}`),
    ...(findings.length > 0 && !all
      ? [` ${to.dim('firstword doctor --all for evidence and rivals, --explain RULE for the mechanism')}`]
      : []),
  ];
  // One row is the prompt’s.
  const screen = Math.max(MIN_ROWS, options.heightRows ?? USUAL_ROWS) - 1;
  const rows = screen - rowsOf([...before, ...after], width);
  const lines = [
    ...before,
    ...(all
      ? findings.flatMap((finding) => inFull(finding, width, to, true))
      : findingsIn(findings, rows, width, to)),
    ...after,
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
