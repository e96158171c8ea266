import { readdirSync, readFileSync } from 'node:fs';
import { examineText } from '@firstword/doctor';
import {
  COLLECTORS,
  CONSOLE_LOGS,
  HISTORIES,
  LOG_SERVICES,
  PLATFORM_CALLS,
  REFUSED,
  TRACES,
} from '@firstword/records/testing';
import {
  answerState,
  ClauseCutter,
  continuation,
  expectedAnswer,
  isOpeningPhrase,
  isSentenceFragment,
  parseExpected,
  redact,
  redactAll,
  sameWords,
  spokenLength,
  toSpeech,
  utteranceEnding,
  wordsOf,
} from '@firstword/turn';
import { oneOf, type Random } from '@firstword/turn/statistics';
import { mutated, textOf } from './inputs.js';

/** Something that reads text from outside. */
export interface FuzzTarget {
  name: string;
  /** Makes an input. */
  make(random: Random): string[];
  /** Reads it. @throws if it cannot, or if the result is wrong */
  read(input: readonly string[]): void;
}

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong result: ${what}`);
}

const SPOKEN =
  'book a table for two at seven thirty 7:30 p.m. uh um huh mm-hmm twenty hundred and five 5 first o’clock $20 10% -5 v2.0 e.g. Dr. ' +
  'vierundzwanzig hundert uhr quatre-vingt treize treinta y cinco बीस पाँच लोगों 我想订 一张 桌子 七点 嗯 二百五十 えっと 予約 テーブル ต้องการ โต๊ะ ครับ';
const WORDS = [...SPOKEN.split(' '), ' ', ' ', ' ', '  ', '\n', ', ', '. ', '? ', "'", '-', '。', '，'];
const LANGUAGES = ['en', 'de', 'fr', 'es', 'hi', 'zh', 'ja', 'th', 'pt', 'xx', ''];

const words: FuzzTarget = {
  name: 'words',
  make(random) {
    const earlier = textOf(WORDS, random);
    const later = random.uniform() < 0.5 ? earlier + textOf(WORDS, random) : mutated(earlier, WORDS, random);
    return [earlier, later, oneOf(LANGUAGES, random), oneOf(['', 'please', '我想'], random)];
  },
  read([earlier = '', later = '', language, filler]) {
    const options = { language, fillers: filler ? [filler] : [] };
    expect(
      wordsOf(earlier, options).every((word) => word !== ''),
      'a word is empty',
    );
    const found = continuation(earlier, later, options);
    if (found.kind === 'same') expect(sameWords(earlier, later, options), 'the words are not the same');
    if (found.kind === 'more') {
      expect(later.trimEnd().endsWith(found.rest), 'the rest is not the end of the text');
      expect(wordsOf(found.rest, options).length > 0, 'the rest has no words');
    }
    for (const text of [earlier, later]) {
      utteranceEnding(text, language);
      const expected = expectedAnswer(text, language) ?? parseExpected('digits(7-10)');
      answerState(text, expected, language);
      isSentenceFragment(text, language);
      isOpeningPhrase(text, language);
    }
  },
};

const MARKS = [
  ...'Sure, Well. Dr. St. J. 6 p.m. 3.50 1, am 3. etc. … ... ? ! ; : — – - 。 ， । ؟ ။ ไทย ไทย 订桌子 मेज़'.split(
    ' ',
  ),
  'word ',
  ' ',
  ' ',
  '\n',
  '[',
  '](',
  ')',
  '<a ',
  '<',
  '>',
  '**',
  '_',
  '`',
  '```\n',
  '|',
  '|---',
  '> ',
  '- ',
  '# ',
  '1. ',
  '"',
  '”',
  '<!--',
  '-->',
  '[^',
  '【',
  '&amp;',
  '\\*',
  'https://a.b/c',
  '<https://',
  '“',
  '*',
  '~~',
  '=',
  '\t',
];

const clause: FuzzTarget = {
  name: 'clause',
  make(random) {
    const text = textOf(MARKS, random);
    const chunks: string[] = [];
    // A long text comes in large chunks: an LLM sends a few hundred a second at most.
    const most = text.length > 2_000 ? 400 : 12;
    for (let at = 0; at < text.length; ) {
      const length = random.integer(1, most);
      chunks.push(text.slice(at, at + length));
      at += length;
    }
    return [oneOf(['15', '3', 'Infinity'], random), oneOf(['240', '20'], random), ...chunks];
  },
  read([first, most, ...chunks]) {
    const cutter = new ClauseCutter({ firstPhraseLetters: Number(first), maxLetters: Number(most) });
    let clauses = '';
    for (const chunk of chunks) {
      for (const { text } of cutter.push(chunk)) clauses += text;
      cutter.provisionalClause;
    }
    for (const { text } of cutter.end()) clauses += text;
    const whole = chunks.join('');
    expect(whole.startsWith(clauses), 'the clauses are not the text');
    expect(spokenLength(whole.slice(clauses.length)) === 0, 'spoken text is missing');
    toSpeech(whole);
  },
};

const SECRETS = [
  'eyJ',
  '-eyJ',
  'eyJhbGciOiJIUzI1NiJ9',
  '.',
  'sk-',
  'sk-proj-',
  'gsk_',
  'AIza',
  'hf_',
  'Bearer ',
  'bearer',
  '://',
  'https://',
  'a:b@',
  '@',
  'ann.b@example.org',
  '+49',
  '15112345678',
  '+1 (415) 555-0123',
  'sip_',
  'tel:',
  '12345',
  '?key=',
  '&token=',
  '&',
  '=',
  '"',
  '0123456789abcdef',
  'abcdefghij',
  ' ',
  '-',
  '_',
  '/',
  '订',
  'é',
  '\n',
  '(',
  ')',
  ',',
  '%',
  'room',
];

const redaction: FuzzTarget = {
  name: 'redact',
  make: (random) => [textOf(SECRETS, random)],
  read([text = '']) {
    const once = redact(text);
    expect(!/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]/.test(once), 'a token is left');
    expect(redact(once).length <= once.length + 64, 'redacting again adds text');
    redactAll({ a: [text, { b: text }] });
  },
};

const EXPORTS = new URL('../../../packages/records/src/testing/livekit/', import.meta.url);
const JSON_PARTS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  'null',
  'true',
  '-1',
  '0',
  '1e308',
  '-1e309',
  '9007199254740993',
  '"NaN"',
  '{}',
  '[]',
  '""',
  '{"toString":1}',
  '"__proto__"',
  '"constructor"',
  '{"length":-1}',
  '"2026-01-01T00:00:00Z"',
  '"+275760-09-13T00:00:00.000Z"',
  '1e15',
  '"lk.e2e_latency"',
  '"metrics"',
  '"chat.item"',
  '"items"',
  '"role"',
  '"schema"',
  '"firstword.turn/1"',
  '"resourceSpans"',
  '"attributes"',
  '\n',
  ' ',
  '  a: 1',
  '10:00:00 INFO ',
  '[10:00:00.1] INFO (12): LLM metrics',
  'EOU metrics',
  'agent-1  | ',
  '[pod/a-1/b] ',
  '2026-05-06T09:30:00.1Z ',
  '2026-05-06T09:30:00.1Z stderr P ',
  '2026-05-06T09:30:00.1Z stderr F ',
  'May 06 09:30:00 oak agent[1]: ',
  '<14>1 ',
  '> ',
  '```',
  '{"log":"',
  '\\n","stream":"stderr"}',
  '"MESSAGE":[1,2]',
  '"__REALTIME_TIMESTAMP":"1"',
  '"textPayload"',
  '"jsonPayload"',
  '"@message"',
  'timestamp,message',
  '\\"',
  "{'",
  "'",
  'None',
  'EOUMetrics(',
  '(',
  ')',
  '<',
  'ttft=',
  'ttft=0.4',
  'metrics={',
  '[Object: null prototype] {',
  ' TTFB: 0.7',
  'User stopped speaking',
  '"rtvi-ai"',
  '"latency"',
  '"turnLatencies"',
  '"startTime"',
  '"operationName"',
  'Executing <',
  'marking ',
  'model ',
  '\u001b[',
  '{"arrayValue":{"values":[',
  ']}}',
  '“',
  '\ufeff',
  '\r',
];
const LOG_LINES = [
  '{"level":30,"time":1780000000000,"pid":7,"type":"eou_metrics","endOfUtteranceDelayMs":620,"transcriptionDelayMs":310}',
  '{"level":30,"time":1780000001000,"pid":7,"type":"llm_metrics","ttftMs":512.2,"promptTokens":100}',
  '{"level":30,"time":1780000002000,"pid":7,"msg":"TTS metrics","ttfbMs":180}',
  '[10:19:11.748] INFO (4711): LLM metrics',
  '    ttftMs: 512.2',
  '2026-06-05 10:19:11,748 - INFO livekit.agents - LLM metrics {"ttft": 0.5}',
  '2026-01-01 10:00:00,000 - WARNING asyncio - Executing <Task pending> took 0.350 seconds',
  '{"schema":"firstword.turn/1","callId":"a","turn":1,"at":"2026-01-01T00:00:00.000Z","marks":{"speechEnded":1,"firstAudible":900},"segments":[],"hidden":[],"interrupted":false,"bargeIn":false,"toolCalls":0}',
];

const CONSOLE = Object.values(CONSOLE_LOGS);
/** Every format that the importers read or refuse, as a whole. */
const FORMATS = [
  ...CONSOLE.map((log) => log.flatMap(({ lines }) => lines).join('\n')),
  ...[...Object.values(COLLECTORS), ...Object.values(LOG_SERVICES)].flatMap((wrap, at) =>
    wrap(CONSOLE[at % CONSOLE.length]!),
  ),
  ...[TRACES, HISTORIES, PLATFORM_CALLS, REFUSED].flatMap((texts) => Object.values(texts)),
];

/** Lines of recorded exports, of logs and of records. Very long lines would make each input slow. */
const samples = [
  ...LOG_LINES,
  ...FORMATS.flatMap((text) => text.split('\n')),
  ...readdirSync(EXPORTS).flatMap((name) => readFileSync(new URL(name, EXPORTS), 'utf8').split('\n')),
].filter((line) => line.length > 1 && line.length < 3_000);

const importers: FuzzTarget = {
  name: 'importers',
  make(random) {
    if (random.uniform() < 0.1) return [mutated(oneOf(FORMATS, random), JSON_PARTS, random)];
    const lines: string[] = [];
    for (let count = random.integer(1, 6); count > 0; count -= 1) {
      const line = random.uniform() < 0.8 ? oneOf(samples, random) : textOf(JSON_PARTS, random);
      lines.push(mutated(line, JSON_PARTS, random));
    }
    return [lines.join('\n')];
  },
  read([text = '']) {
    const { input, turns } = examineText(text);
    const understood = input.understood.reduce((sum, { lines }) => sum + lines, 0);
    expect(understood <= input.lines, 'more lines were understood than there are');
    expect(!input.someBadLines.some(({ reason }) => reason.startsWith('cannot be read')), 'a line threw');
    for (const { gapMs } of turns)
      expect(gapMs === undefined || Number.isFinite(gapMs), 'a gap is no number');
  },
};

/** All targets, in the order in which they run. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [words, clause, redaction, importers];
