import { readFileSync } from 'node:fs';
import { linesOf, turnRecord } from '@firstword/records/testing';
import { expect, it } from 'vitest';
import { examineText } from './examine.js';
import { DoctorReader } from './reader.js';

const FORUM = readFileSync(
  new URL('../../../records/src/testing/livekit/forum.jsonl', import.meta.url),
  'utf8',
).trim();
let isOpen = false;
const CURLY = FORUM.replace(/"/g, () => {
  isOpen = !isOpen;
  return isOpen ? '“' : '”';
});

it('reads a line posted in a forum, also with the forum’s formatting, or inside a container log line', () => {
  for (const text of [FORUM, CURLY, `2026-06-05T10:19:12Z stdout F ${FORUM}`]) {
    const { turns } = examineText(text);
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({
      gapMs: 2438.147,
      measure: 'firstFrame',
      parts: { ttftMs: 1317.902, ttsMs: 266.875 },
    });
    expect(turns[0]!.parts.replyReleasedMs).toBeCloseTo(831, 0);
    expect(turns[0]!.reply!.wordsByScript.Devanagari).toBeGreaterThan(10);
  }
});

it('uses the model given by the user where the line names none', () => {
  const { turns } = examineText(FORUM, { llm: { provider: 'groq', model: 'unknown' } });
  expect(turns[0]!.llm).toMatchObject({ provider: 'groq', emulated: false });
});

it('reads mixed input, and reports the kind of each line', () => {
  const mixed = [
    linesOf([turnRecord()]).trim(),
    FORUM,
    'just words',
    '{"chat.item":{"message":{"id":"cut',
    '<html>',
    '{"nothing":"known"}',
    '{"schema":"firstword.turn/2","callId":"a","turn":1}',
  ].join('\n');
  const { turns, input } = examineText(mixed);
  expect(turns).toHaveLength(2);
  expect(input.lines).toBe(7);
  expect(input.understood).toEqual([
    { as: 'Firstword turn records', lines: 1 },
    { as: 'LiveKit chat history', lines: 1 },
    { as: 'other text', lines: 1 },
  ]);
  expect(input.someBadLines.map(({ line, reason }) => `${line} ${reason.slice(0, 24)}`)).toEqual([
    '4 begins like JSON and is ',
    '5 HTML or XML, not JSON',
    '6 JSON, but neither a turn',
    '7 this record is firstword',
  ]);
});

const fixture = (name: string) =>
  readFileSync(new URL(`../../../records/src/testing/livekit/${name}`, import.meta.url), 'utf8');

it('counts each turn once, whatever is duplicated: a line, a history, a batch of spans, a whole log', () => {
  const history = JSON.stringify(JSON.parse(fixture('node-history.json')));
  const traces = fixture('node.otlp.jsonl');
  for (const [text, turns] of [
    [FORUM, 1],
    [history, 4],
    [traces, examineText(traces).turns.length],
  ] as const) {
    expect(turns).toBeGreaterThan(0);
    expect(examineText([text, text].join('\n')).turns).toHaveLength(turns);
  }
});

it('reports the line of the answer for each turn of a trace', () => {
  const lines = fixture('node.otlp.jsonl').split('\n');
  for (const { place } of examineText(lines.join('\n')).turns)
    expect(lines[Number(place.replace('pasted:', '')) - 1]).toContain('"agent_turn"');
});

it('reads one document that spans many lines', () => {
  const document = JSON.stringify([JSON.parse(FORUM)], null, 2);
  expect(examineText(document).turns).toHaveLength(1);
});

it('reports milliseconds in place of seconds, and negative figures', () => {
  const wrong = FORUM.replace('1.3179019999988668', '1317.9').replace('0.2668750999982876', '-0.2');
  const [turn] = examineText(wrong).turns;
  expect(turn!.impossibleValues).toContain('llm_node_ttft is in milliseconds, where LiveKit writes seconds');
  expect(turn!.impossibleValues).toContain('tts_node_ttfb is negative');
  expect(turn!.parts.ttftMs).toBeUndefined();
  expect(turn!.parts.ttsMs).toBeUndefined();
});

it('builds no turn from absurd or negative figures, and reports their line', () => {
  for (const [wrong, reason] of [
    [FORUM.replace('2.4381468296051025', '-2'), 'e2e_latency is negative'],
    [FORUM.replace('2.4381468296051025', '1e308'), 'e2e_latency is in milliseconds'],
  ] as const) {
    const { turns, input } = examineText(wrong);
    expect(turns).toEqual([]);
    expect(input.someBadLines[0]).toMatchObject({ line: 1, reason: expect.stringContaining(reason) });
  }
});

it('does not crash on deep nesting or on invalid dates', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const late = '{"level":30,"time":1e300,"endOfUtteranceDelayMs":1e300,"msg":"EOU metrics"}';
  const { turns, input } = examineText([deep, late, late, '{"resourceSpans":[[[]]]}'].join('\n'));
  expect(turns).toEqual([]);
  expect(input.badLines).toBe(1);
});

it('counts an answer that was delivered again', () => {
  expect(examineText(`${FORUM}\n${FORUM}`).input.duplicates).toBe(1);
});

it('treats a bracket before words as part of a log line, not as truncated JSON', () => {
  const { input } = examineText(
    '[2026-06-05T10:00:00Z] ОШИБКА: нет\n[起動] 開始\n[{"a":\n{“chat.item”:{“mess',
  );
  expect(input.someBadLines.map(({ line }) => line)).toEqual([3, 4]);
});

it('finds nothing in logs of other languages or other programs', () => {
  const { turns, events, input } = examineText(
    '{"level":"info","msg":"Anfrage beendet","dauer":12}\n[INFO] 起動しました\nОшибка: нет соединения',
  );
  expect(turns).toEqual([]);
  expect(events).toEqual([]);
  expect(input.badLines).toBe(0);
});

it('reads what the doctor advises to log next: the messages of both sides as agents-js writes them', () => {
  const stopped = Date.UTC(2026, 0, 1) / 1000;
  const lines = [
    {
      id: 'u',
      type: 'message',
      role: 'user',
      content: ['hello'],
      interrupted: false,
      createdAt: stopped * 1000 + 520,
      metrics: {
        startedSpeakingAt: stopped - 2,
        stoppedSpeakingAt: stopped,
        transcriptionDelay: 0.3,
        endOfTurnDelay: 0.5,
      },
    },
    {
      id: 'a',
      type: 'message',
      role: 'assistant',
      content: ['hi'],
      interrupted: false,
      createdAt: stopped * 1000 + 530,
      metrics: { startedSpeakingAt: stopped + 1.4, llmNodeTtft: 0.6, ttsNodeTtfb: 0.2, e2eLatency: 1.4 },
    },
  ].map((item) => JSON.stringify({ job_id: 'AJ_1', items: [item] }));
  expect(examineText(lines.join('\n')).turns).toMatchObject([
    { callId: 'AJ_1', gapMs: 1400, parts: { sttFinalMs: 300, endOfTurnMs: 500, ttftMs: 600, ttsMs: 200 } },
  ]);
});

const nested = (depth: number): string =>
  `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${']}}'.repeat(depth)}`;
const span = (value: string): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"agent_turn","spanId":"a","startTimeUnixNano":"1780000000000000000","endTimeUnixNano":"1780000001000000000","attributes":[{"key":"lk.e2e_latency","value":${value}}]}]}]}]}`;
const eou = (time: string): string =>
  `{"time":"${time}","pid":1,"type":"eou_metrics","endOfUtteranceDelayMs":500}\n{"pid":1,"type":"llm_metrics","ttftMs":300}`;

it.each([
  ['a date before all dates', eou('-271821-04-20T00:00:00.000Z')],
  ['a date after the year 9999', eou('+275760-09-13T00:00:00.000Z')],
  ['an attribute nested 20,000 levels deep', span(nested(20_000))],
  ['a schema that cannot be made a text', '{"schema":{"toString":1}}'],
  ['a schema nested 20,000 levels deep', `{"schema":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['figures of another type', '{"type":"eou_metrics","time":{"toString":1},"msg":[1],"pid":{}}'],
])('reads the lines around %s', (_name, line) => {
  const record = linesOf([turnRecord({ callId: 'before' })]).trim();
  const { input, calls } = examineText(`${record}\n${line}\n${record.replace('before', 'after')}`);
  expect(input.lines).toBe(line.split('\n').length + 2);
  expect(calls.filter(([turn]) => turn!.callId === 'before' || turn!.callId === 'after')).toHaveLength(2);
});

it('counts a line whose reading fails, and names it', () => {
  const reader = new DoctorReader();
  const broken = {
    get toString(): never {
      throw new TypeError('no text');
    },
  };
  reader.line({ line: 3, text: broken as unknown as string }, 'a.jsonl');
  const { input } = reader.finish({ files: 1, bytes: 0, skippedFiles: [] });
  expect(input.someBadLines).toEqual([{ file: 'a.jsonl', line: 3, reason: 'cannot be read (TypeError)' }]);
});

it.each([
  'marking ',
  'Executing <',
  'Executing <> took 1',
  'model ',
  'error 4',
  'took 1',
  '12:00:00 ',
  ' ',
  '12:00:00 INFO (1/',
  '{',
  '[',
  '"',
  '\u001b[',
  '\u001b];',
  ': ',
  '“',
])('does not hang on a line of %j repeated', (piece) => {
  const text = piece.repeat(60_000);
  const { input } = examineText(
    `12:00:00 INFO ${text}x\n12:00:00${text}x\nerror ${text}\n  a: ${text}\n"${text}`,
  );
  expect(input.lines).toBe(5);
});
