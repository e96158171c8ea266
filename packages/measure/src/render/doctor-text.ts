import type { Diagnosis } from '../doctor/diagnose.js';
import type { Level, RankedFinding } from '../doctor/finding.js';
import { bar, toWidth } from './bar.js';
import { accountText, diagnosisHeadline, refText, rivalsText, savingText, sureText } from './doctor-words.js';
import type { RenderOptions } from './ledger.js';
import { type Paint, paint } from './paint.js';
import { plainText, wholeMs } from './words.js';

export interface DoctorRenderOptions extends RenderOptions {
  /** Every finding in full; else the first three, and the others a line each. */
  all?: boolean;
}

const IN_FULL = 3;
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

function head(finding: RankedFinding, width: number, to: Paint): string {
  const level = levelPaint(finding.level, to);
  const right = `${savingText(finding)} · ${sureText(finding)}`;
  const title = toWidth(plainText(finding.title), Math.max(20, width - right.length - 8));
  return ` ${level(String(finding.rank).padStart(2))}  ${to.strong(title)} ${level(right)}`;
}

/** For Firstword the code says it in short. */
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
  const [first, ...more] = firstword.code.split('\n');
  return [
    `     ${to.dim(toWidth('Firstword', LABEL_COLUMNS))}${to.owner('app', first!)}`,
    ...codeLines(more.join('\n') || undefined),
  ];
}

function inFull(finding: RankedFinding, width: number, to: Paint, all: boolean): string[] {
  const code = (text: string | undefined) => codeLines(text).map((line) => to.owner('app', line));
  const rivals = rivalsText(finding);
  const { fix, evidence, experiment, logNext } = finding;
  const isTold = all || finding.rank === 1;
  return [
    head(finding, width, to),
    ...wrap(plainText(finding.verdict), width - 5).map((line) => `     ${line}`),
    ...(isTold ? evidence : []).flatMap(({ text, examples }) =>
      labelled(
        'seen',
        plainText(text) + (all && examples.length > 0 ? `: ${examples.map(refText).join(', ')}` : ''),
        width,
        to,
        to.dim,
      ),
    ),
    ...(all ? labelled('how sure', finding.confidence.why, width, to) : []),
    ...(all && finding.saving ? labelled('assumes', finding.saving.assumes, width, to) : []),
    ...labelled('LiveKit', fix.livekit.text, width, to),
    ...code(fix.livekit.code),
    ...firstwordLines(finding, width, to, all),
    ...(isTold ? labelled('check', finding.check, width, to) : []),
    ...(experiment && isTold ? labelled('experiment', experiment, width, to) : []),
    ...(logNext && all ? [...labelled('log next', logNext.text, width, to), ...code(logNext.code)] : []),
    ...(rivals && all ? labelled('rivals', rivals, width, to, to.dim) : []),
    ...(all ? labelled('page', finding.docs, width, to, to.dim) : []),
    '',
  ];
}

function anatomyLines({ anatomy }: Diagnosis, to: Paint): string[] {
  if (!anatomy) return [];
  const axis = { fromMs: 0, toMs: 1, columns: BAR_COLUMNS };
  const rows = anatomy.parts.map(({ name, meanMs, share }) => {
    const blocks = bar(axis, { fromMs: 0, toMs: share });
    return ` ${toWidth(name, 22)} ${to.owner(name === 'not told' ? 'unaccounted' : 'provider', blocks)} ${wholeMs(meanMs).padStart(6)} ms ${`${Math.round(share * 100)} %`.padStart(5)}`;
  });
  return [...rows, ''];
}

/** What was told of the first finding that the data leaves open. */
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

/** A diagnosis for a terminal: the verdict, where the silence goes, then what was found. Lines end with a line feed. */
export function renderDiagnosis(diagnosis: Diagnosis, options: DoctorRenderOptions = {}): string {
  const to = paint(options.colour ?? false);
  const width = Math.min(110, Math.max(80, options.widthColumns ?? 80));
  const { findings } = diagnosis;
  const all = options.all ?? false;
  const shown = all ? findings : findings.slice(0, IN_FULL);
  const others = findings.slice(shown.length);
  const lines = [
    ...wrap(plainText(diagnosis.verdict), width - 1).map((line) => ` ${to.strong(line)}`),
    ` ${to.dim(diagnosisHeadline(diagnosis))}`,
    '',
    ...anatomyLines(diagnosis, to),
    ...shown.flatMap((finding) => inFull(finding, width, to, all)),
    ...others.map((finding) => head(finding, width, to)),
    ...(others.length > 0 ? [''] : []),
    ...(all ? [] : nextToLog(diagnosis, width, to)),
    ...accountText(diagnosis.read).map((line) => ` ${to.dim(line)}`),
  ];
  if (findings.length > 0 && !all)
    lines.push(
      ` ${to.dim('firstword doctor --all for evidence and rivals, --explain RULE for the mechanism')}`,
    );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
