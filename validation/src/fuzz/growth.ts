import { examineText } from '@firstword/doctor';
import { tryParseJson } from '@firstword/records/import';
import {
  answerState,
  ClauseCutter,
  continuation,
  expectedAnswer,
  isOpeningPhrase,
  isSentenceFragment,
  parseExpected,
  redact,
  sameWords,
  similarNames,
  spokenLength,
  toSpeech,
  utteranceEnding,
  wordsOf,
} from '@firstword/turn';

/** Functions that take text of any length. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  wordsOf: (text) => wordsOf(text),
  'wordsOf de': (text) => wordsOf(text, { language: 'de' }),
  'wordsOf fr': (text) => wordsOf(text, { language: 'fr' }),
  'wordsOf ja': (text) => wordsOf(text, { language: 'ja' }),
  'wordsOf with fillers': (text) => wordsOf(text, { language: 'zh', fillers: ['我', 'a'] }),
  sameWords: (text) => sameWords(text, `${text}x`),
  continuation: (text) => continuation(text.slice(0, -20).toUpperCase(), text),
  'continuation zh': (text) => continuation(text.slice(0, -20).toUpperCase(), text, { language: 'zh' }),
  utteranceEnding: (text) => utteranceEnding(text),
  expectedAnswer: (text) => expectedAnswer(text),
  answerState: (text) => answerState(text, parseExpected('digits(7-10)')),
  isSentenceFragment: (text) => isSentenceFragment(text),
  isOpeningPhrase: (text) => isOpeningPhrase(text),
  spokenLength,
  toSpeech,
  redact,
  similarNames: (text) => similarNames(text, ['gpt-4o-mini', 'claude-haiku-4-5']),
  ClauseCutter: (text) => {
    const cutter = new ClauseCutter();
    cutter.push(text);
    cutter.end();
  },
  'ClauseCutter in steps': (text) => {
    const cutter = new ClauseCutter();
    for (let at = 0; at < text.length; at += 50) {
      cutter.push(text.slice(at, at + 50));
      cutter.provisionalClause;
    }
    cutter.end();
  },
  tryParseJson,
  examineText: (text) => examineText(text),
  'examineText of lines': (text) => examineText(text.replace(/(.{10})/gsu, '$1\n')),
  'examineText of a log line': (text) => examineText(`[10:00:00.1] INFO (${text}`),
  'examineText of a compose log': (text) => examineText(`agent-1  | ${text}`),
  'examineText of a cut line': (text) =>
    examineText(`2026-05-06T09:30:00.1Z stderr P ${text}\n2026-05-06T09:30:00.1Z stderr F x`),
  'examineText of a printed object': (text) =>
    examineText(`metrics {\n${text.replace(/(.{10})/gsu, '$1\n')}`),
  'examineText of a dictionary': (text) => examineText(`{'metrics': ${text}`),
  'examineText of a quoted dictionary': (text) => examineText(`{'metrics': '${text}', 'ttft': 0.4}`),
  'examineText of fields': (text) => examineText(`ttft=${text} ttfb=0.1`),
  'examineText of a model': (text) => examineText(`EOUMetrics(ttft=${text})`),
  'examineText of a field of pino-pretty': (text) =>
    examineText(`[10:00:00.1] INFO (1): LLM metrics\n    ttftMs: ${text}`),
  'examineText of a CSV export': (text) => examineText(`timestamp,message\n1,"${text}`),
  'examineText of journald': (text) => examineText(`May 06 09:30:00 oak ${text}: x`),
  'examineText of escaped JSON': (text) => examineText(`{\\"chat.item\\": \\"${text}`),
  'examineText of a Pipecat log': (text) =>
    examineText(`2026-05-06 09:30:00.123 | DEBUG | pipecat.x:y:1 - ${text} TTFB: ${text}`),
  'examineText of a JSON log': (text) => examineText(JSON.stringify({ level: 50, time: text, msg: text })),
};

/** Texts that have made regular expressions and loops slow, here or elsewhere. */
const PARTS = [
  'a',
  'a ',
  ' ',
  '\n',
  '\t',
  '.',
  '. ',
  ', ',
  '1,',
  '1',
  '1 ',
  '1.',
  '-',
  '- ',
  "'",
  'a.',
  'J. ',
  'St. ',
  'am 1. ',
  'und',
  'hundert',
  'twenty ',
  'five and ',
  'uh ',
  'uh-',
  'mm',
  '7:00',
  '$',
  '$1',
  'seven thirty ',
  '我',
  '我想',
  '嗯',
  '七',
  '百',
  'テ',
  'えー',
  'กำ',
  'ไทย ',
  '订 ',
  '[',
  '](',
  '[a](',
  '<a',
  '<!--',
  '【',
  '[^',
  '*',
  '_',
  '`',
  '|',
  '| ',
  '|-',
  '😀',
  '\u0301',
  '\u200d',
  '\ud83d',
  'é',
  'Σ',
  'İ',
  '-eyJ',
  'eyJ.',
  'a@',
  '@',
  'a-',
  'a.b',
  '://',
  '?key=',
  'Bearer ',
  'sk-',
  '+4',
  'sip_',
  '{',
  '{"',
  '[[',
  '"',
  '\\',
  '“',
  '{"a":',
  ':',
  '} ',
  'marking ',
  'Executing <',
  '> took 1',
  'model ',
  "'",
  "{'",
  'a=',
  'a=1 ',
  'a={',
  'A(',
  '<a',
  '[a:',
  '`\n',
  '> ',
  '| ',
  '{ {',
  'metrics',
  'ttft=',
  '\\"',
  '""',
  'error 4',
  '\u001b[',
  '\u001b];',
  '12:00:00 ',
  '(1/',
  'was ',
];

const LENGTH = 10_000;
/** Four times the length may take this many times as long. Quadratic time takes sixteen. */
const MAX_RATIO = 9;
/** Shorter times say nothing about growth, ms of CPU time. */
const MIN_MS = 25;
const ATTEMPTS = 3;

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Whether the time grows faster than the text: in every one of three attempts, because other load disturbs single ones. */
function growth(read: (text: string) => unknown, part: string): string | undefined {
  const text = (length: number) => part.repeat(Math.ceil(length / part.length));
  let found: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [short, long] = [cpuMs(() => read(text(LENGTH))), cpuMs(() => read(text(4 * LENGTH)))];
    if (long < MIN_MS || long < MAX_RATIO * Math.max(1, short)) return undefined;
    found = `${short.toFixed(1)} → ${long.toFixed(1)} ms for ${LENGTH} → ${4 * LENGTH} characters`;
  }
  return found;
}

/** Every function and part where four times the text takes more than nine times as long. */
export function growing(): string[] {
  return Object.entries(FUNCTIONS).flatMap(([name, read]) =>
    PARTS.flatMap((part) => {
      const found = growth(read, part);
      return found ? [`${name} of ${JSON.stringify(part)}: ${found}`] : [];
    }),
  );
}
