import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TurnRecord, toTurnRecord } from '@firstword/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { turnRecord } from '../testing/turn.js';
import { readFiles } from './documents.js';
import { InputReader } from './input-reader.js';
import type { InputFile } from './inputs.js';
import { TraceImport } from './traces/trace-turns.js';

// The Node exports are of real calls (`firstword demo` with LiveKit's tracing on); the Python exports are of a call to an
// agent of livekit-agents 1.8.9 in a room. Spans and fields that are not read were removed. The forum line was posted by a
// user.
const fixture = (name: string) => fileURLToPath(new URL(`../testing/livekit/${name}`, import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-import-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function read(...paths: string[]) {
  const files = paths.map(
    (path): InputFile => ({ path, name: path, gzip: false, bytes: 1, form: 'foreign' }),
  );
  const turns: TurnRecord[] = [];
  const reader = new InputReader({
    turn: (turn) => turns.push('schema' in turn ? turn : toTurnRecord(turn)),
  });
  await readFiles(files, { read: (line, { name }) => reader.line(line, name) });
  return { ...reader.finish(), turns, text: JSON.stringify(turns) };
}

const readText = (text: string) => {
  const path = join(dir, 'in.txt');
  writeFileSync(path, text);
  return read(path);
};

const since = ({ marks }: TurnRecord, name: keyof TurnRecord['marks']) =>
  marks[name] === undefined ? undefined : Math.round(marks[name] - marks.speechEnded!);

describe('a line posted in a forum', () => {
  const line = readFileSync(fixture('forum.jsonl'), 'utf8').trim();

  it('gives the figures that it contains, and leaves the rest undefined', async () => {
    const { turns } = await readText(line);
    expect(turns).toHaveLength(1);
    const [turn] = turns as [TurnRecord];
    expect(turn.callId).toBe('AJ_qgKtrpS2HQna');
    expect(turn.at).toBe('2026-06-05T10:19:09.309Z');
    expect(Object.keys(turn.marks).sort()).toEqual(['framePublished', 'speechEnded']);
    expect([turn.feltGapMs, turn.llm, turn.tts]).toEqual([undefined, undefined, undefined]);
    expect(turn.imported).toMatchObject({ e2eMs: 2438.147, llmTtftMs: 1317.902, ttsTtfbMs: 266.875 });
    // Released 831 ms after the caller's last word; with 1,318 and 267 ms more, 22 of the 2,438 ms are unexplained.
    expect(turn.imported!.replyReleasedMs).toBeCloseTo(831.1, 0);
    expect(turn.imported!.endOfTurnDelayMs).toBeUndefined();
  });

  it('contains no transcript', async () => {
    const { text } = await readText(line);
    expect(text).not.toMatch(/\p{Script=Devanagari}/u);
  });

  it.each([
    ['curly quotes', (text: string) => text.replaceAll('"', '”')],
    ['opening and closing curly quotes', (text: string) => text.replace(/"([^"]*)"/g, '“$1”')],
    ['several lines', (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
    ['an array', (text: string) => `[${text},\n${text}]`],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('is read with %s', async (_, mangle) => {
    const { turns, badLines } = await readText(mangle(line));
    expect(badLines).toBe(0);
    expect(turns[0]!.imported!.llmTtftMs).toBe(1317.902);
  });

  it('is read from a long file whose last lines contain no turns', async () => {
    const answers = Array.from({ length: 200 }, (_, i) => line.replace('item_8d9', `item_${i}`)).join('\n');
    // Many times the buffer of a write stream, which is flushed before the end of the file.
    const { turns, otherLines } = await readText(`${answers}\n${'nonsense\n'.repeat(20_000)}`);
    expect([turns.length, otherLines]).toEqual([200, 20_000]);
  });

  it('is one turn if it is duplicated', async () => {
    const { turns } = await readText(`${line}\n${line}`);
    expect(turns).toHaveLength(1);
  });

  it('is no turn if it is truncated', async () => {
    const { turns, badLines, someBadLines } = await readText(line.slice(0, 500));
    expect([turns.length, badLines]).toEqual([0, 1]);
    expect(someBadLines[0]!.reason).not.toMatch(/\p{Script=Devanagari}/u);
  });
});

describe('a conversation', () => {
  it('is read from a chat context of agents-js, without the greeting', async () => {
    const { turns } = await read(fixture('node-history.json'));
    expect(turns.map(({ turn }) => turn)).toEqual([1, 2, 3, 4]);
    const [first] = turns as [TurnRecord];
    expect(since(first, 'finalTranscript')).toBe(259);
    expect(since(first, 'turnCommitted')).toBe(445);
    expect(since(first, 'framePublished')).toBe(514);
    expect(first.imported).toMatchObject({ llmTtftMs: 137.071, ttsTtfbMs: 58.109, userLogicMs: 0 });
    expect(first.marks.firstAudible).toBeUndefined();
  });

  it('gives the same turns as the traces of the same calls', async () => {
    const [chat, traces] = [
      await read(fixture('node-history.json')),
      await read(fixture('node-no-context.otlp.jsonl')),
    ];
    const reportedBy = ({ turns }: { turns: TurnRecord[] }) =>
      turns.map(({ imported: { e2eMs, llmTtftMs, ttsTtfbMs, endOfTurnDelayMs } = { from: '' } }) => [
        e2eMs,
        llmTtftMs,
        ttsTtfbMs,
        endOfTurnDelayMs,
      ]);
    const rounded = (rows: (number | undefined)[][]) =>
      rows.map((row) => row.map((ms) => ms && Math.round(ms)));
    expect(rounded(reportedBy(traces))).toEqual(rounded(reportedBy(chat)));
  });

  it('counts an answer after a tool once, and marks barge-ins and interruptions', async () => {
    const item = (kind: string, body: object) =>
      JSON.stringify({ 'chat.item': { [kind]: body }, job_id: 'AJ_1' });
    const at = (s: number) => new Date(Date.UTC(2026, 5, 5) + s * 1000).toISOString();
    const { turns } = await readText(
      [
        item('message', {
          role: 'ASSISTANT',
          metrics: { started_speaking_at: at(0), stopped_speaking_at: at(4) },
          created_at: at(0),
        }),
        item('message', {
          role: 'USER',
          metrics: { started_speaking_at: at(3), stopped_speaking_at: at(6), end_of_turn_delay: 0.5 },
        }),
        item('function_call', { name: 'book' }),
        item('function_call_output', { name: 'book' }),
        item('message', {
          role: 'ASSISTANT',
          interrupted: true,
          metrics: { started_speaking_at: at(7.5), e2e_latency: 1.5 },
          created_at: at(6.6),
        }),
        item('message', { role: 'ASSISTANT', created_at: at(9) }),
      ].join('\n'),
    );
    expect(turns).toEqual([expect.objectContaining({ toolCalls: 1, bargeIn: true, interrupted: true })]);
  });
});

describe('traces', () => {
  it('are distinguished by language: Node’s delays are in ms, Python’s in seconds', async () => {
    const node = readFileSync(fixture('node-no-context.otlp.jsonl'), 'utf8');
    const python = node
      .replaceAll('"nodejs"', '"python"')
      .replace(
        /("lk\.(?:end_of_turn|transcription)_delay","value":\{"doubleValue":)([\d.]+)/g,
        (_, key, ms) => `${key}${Number(ms) / 1000}`,
      );
    expect(python).not.toBe(node);
    const [a, b] = [await readText(node), await readText(python)];
    expect(a.turns.map((turn) => turn.imported?.sdk)).toEqual(a.turns.map(() => 'node'));
    expect(b.turns.map((turn) => turn.imported)).toEqual(
      a.turns.map((turn) => ({ ...turn.imported, sdk: 'python' })),
    );
  });

  it('of a Python agent give the same figures as its chat history', async () => {
    const [chat, traces] = [
      await read(fixture('python-history.jsonl')),
      await read(fixture('python.otlp.jsonl')),
    ];
    const reportedBy = ({ turns }: { turns: TurnRecord[] }) =>
      turns.map(({ imported: { e2eMs, endOfTurnDelayMs, transcriptionDelayMs } = { from: '' } }) =>
        [e2eMs, endOfTurnDelayMs, transcriptionDelayMs].map((ms) => ms && Math.round(ms)),
      );
    expect(reportedBy(chat)[0]).toEqual([1145, 501, 410]);
    expect(reportedBy(traces)).toEqual(reportedBy(chat));
    expect([chat.badLines, traces.badLines]).toEqual([0, 0]);
    for (const { turns } of [chat, traces]) {
      expect(turns).toHaveLength(4);
      for (const { imported } of turns) {
        expect(imported!.llmTtftMs).toBeCloseTo(303, -1);
        expect(imported!.ttsTtfbMs).toBeGreaterThan(100);
      }
    }
  });

  it('take the parts from the child spans of the answer, in any order', async () => {
    const text = readFileSync(fixture('node.otlp.jsonl'), 'utf8');
    const lines = text.trim().split('\n');
    const [forth, back] = [await readText(text), await readText(lines.reverse().join('\n'))];
    expect(forth.turns.length).toBe(3);
    for (const turn of forth.turns) {
      expect(turn.llm).toMatchObject({ provider: 'groq' });
      expect(turn.imported!.llmTtftMs).toBeGreaterThan(0);
      expect(since(turn, 'framePublished')).toBeGreaterThan(since(turn, 'turnCommitted')!);
    }
    expect(back.turns).toEqual(forth.turns);
  });

  it('are counted beyond the limit of held spans', () => {
    const traces = new TraceImport({ maxSpans: 3 });
    for (const line of readFileSync(fixture('node.otlp.jsonl'), 'utf8').trim().split('\n'))
      traces.read(JSON.parse(line));
    expect(traces.droppedSpans).toBeGreaterThan(5);
  });

  it('are paired in linear time, without parents and with', () => {
    const count = 20_000;
    const span = (name: string, id: string, [start, end]: [number, number], more: object = {}) => ({
      name,
      spanId: id,
      startTimeUnixNano: String((1_780_000_000 + start) * 1e9),
      endTimeUnixNano: String((1_780_000_000 + end) * 1e9),
      ...more,
    });
    const e2e = { attributes: [{ key: 'lk.e2e_latency', value: { doubleValue: 1 } }] };
    const spans = Array.from({ length: count }, (_, i) => [
      span('user_turn', `u${i}`, [10 * i, 10 * i + 3]),
      span('agent_turn', `a${i}`, [10 * i + 3, 10 * i + 8], e2e),
      span('llm_node', `l${i}`, [10 * i + 3, 10 * i + 5], i % 2 === 0 ? { parentSpanId: `a${i}` } : {}),
      span('function_tool', `t${i}`, [10 * i + 4, 10 * i + 5], { parentSpanId: `l${i}` }),
    ]).flat();
    const traces = new TraceImport();
    traces.read({ resourceSpans: [{ scopeSpans: [{ spans: spans.reverse() }] }] });
    const turns = traces.finish().map(({ observation }) => observation);
    expect(turns).toHaveLength(count);
    expect(turns.map(({ turn }) => turn)).toEqual(turns.map((_, i) => i + 1));
    expect(turns.every(({ marks }) => marks.llmRequested !== undefined)).toBe(true);
    expect(turns.slice(0, 2).map(({ toolCalls }) => toolCalls)).toEqual([1, 0]);
  });

  it('give the same turns if an exporter repeats a batch', async () => {
    const text = readFileSync(fixture('node.otlp.jsonl'), 'utf8');
    const [once, twice] = [await readText(text), await readText(text + text)];
    expect(twice.turns).toEqual(once.turns);
  });

  it('leave out a part that cannot be assigned to one call by its time', async () => {
    const text = readFileSync(fixture('node-no-context.otlp.jsonl'), 'utf8');
    const other = text.replace(/"(traceId|spanId|parentSpanId)":"(..)/g, '"$1":"ff');
    const { turns } = await readText(text + other);
    expect(turns).toHaveLength(8);
    expect(turns.every(({ imported }) => imported!.llmTtftMs === undefined)).toBe(true);
    expect(turns.every(({ imported }) => imported!.e2eMs !== undefined)).toBe(true);
  });

  it('that are logs contain chat items', async () => {
    const any = (value: unknown): object =>
      typeof value === 'object'
        ? {
            kvlistValue: {
              values: Object.entries(value as object).map(([key, one]) => ({ key, value: any(one) })),
            },
          }
        : typeof value === 'number'
          ? { doubleValue: value }
          : { stringValue: value };
    const attributes = [
      { key: 'job_id', value: { stringValue: 'AJ_9' } },
      {
        key: 'chat.item',
        value: any({
          message: {
            role: 'ASSISTANT',
            metrics: { e2e_latency: 1.25, started_speaking_at: '2026-06-05T10:00:00Z' },
          },
        }),
      },
    ];
    const { turns } = await readText(
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] }),
    );
    expect(turns).toEqual([
      expect.objectContaining({ callId: 'AJ_9', imported: expect.objectContaining({ e2eMs: 1250 }) }),
    ]);
  });
});

describe('unsupported input', () => {
  it('is counted and reported, a document once and lines one by one', async () => {
    const lines = await readText('{"level":30}\nnonsense\n{"chat.item":{}}\n');
    expect([lines.otherLines, lines.someBadLines.map(({ line }) => line)]).toEqual([2, [3]]);
    const document = await readText(JSON.stringify({ type: 'comparison', arms: [1, 2] }, null, 2));
    expect(document.badLines).toBe(1);
  });

  it.each([
    `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(20_000)}1${']}}'.repeat(20_000)}}]}}]}`,
    '{"schema":{"toString":1}}',
    'x'.repeat(17 * 1024 * 1024),
  ])('that is malformed does not end the reading', async (line) => {
    const { turns } = await readText(`${line}\n${JSON.stringify(turnRecord())}\n`);
    expect(turns).toEqual([turnRecord()]);
  });

  it('does not prevent turn records after it from being read', async () => {
    const { turns, otherLines } = await readText(`half a li\n${JSON.stringify(turnRecord())}\n`);
    expect([turns, otherLines]).toEqual([[turnRecord()], 1]);
  });

  it('gives no turn for impossible figures', async () => {
    const odd = {
      'chat.item': { message: { role: 'ASSISTANT', metrics: { e2e_latency: -3, llm_node_ttft: 'soon' } } },
    };
    expect((await readText(JSON.stringify(odd))).turns).toEqual([]);
  });
});

describe('the outcome of an imported turn', () => {
  const nanos = (ms: number) => String(BigInt(1_764_000_000_000 + ms) * 1_000_000n);
  const double = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });
  const span = (name: string, from: number, to: number, more: object = {}) => ({
    name,
    traceId: 't',
    spanId: `${name}-${from}`,
    parentSpanId: name === 'user_turn' || name === 'agent_turn' ? 's' : 'agent_turn-1000',
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(to),
    ...more,
  });
  const outcomesOf = (...more: object[]) => {
    const spans = [
      span('user_turn', 0, 1000, { attributes: [double('lk.end_of_turn_delay', 500)] }),
      span('agent_turn', 1000, 4000, { attributes: [double('lk.e2e_latency', 0.9)] }),
      span('llm_node', 1000, 2000, { attributes: [double('lk.response.ttft', 0.2)] }),
      ...more,
    ];
    const traces = new TraceImport();
    traces.read({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    return traces.finish().map(({ observation }) => observation.outcome);
  };
  const error = { status: { code: 2, message: 'the text of a provider' } };

  it('is cut short in a trace whose last LLM attempt failed, and answered after a retry', () => {
    expect(outcomesOf()).toEqual(['answered']);
    expect(outcomesOf(span('llm_request_run', 1000, 2000, error))).toEqual(['cut_short']);
    const retried = [span('llm_request_run', 1000, 1100, error), span('llm_request_run', 1200, 2000)];
    expect(outcomesOf(...retried)).toEqual(['answered']);
  });

  it('is answered in a chat history only where the LLM reports its time', async () => {
    const item = (role: string, metrics: object, more: object = {}) => ({
      type: 'message',
      id: `${role}-${JSON.stringify(metrics)}`,
      role,
      content: ['x'],
      created_at: 1_764_000_000,
      metrics,
      ...more,
    });
    const answers = [
      item('assistant', { e2e_latency: 0.9, llm_node_ttft: 0.2 }),
      item('assistant', { e2e_latency: 0.8 }),
      item('assistant', { e2e_latency: 0.7, llm_node_ttft: 0.3 }, { interrupted: true }),
    ];
    const items = answers.flatMap((answer, at) => [
      item('user', { stopped_speaking_at: 1_764_000_000 + at }),
      answer,
    ]);
    const { turns } = await readText(JSON.stringify({ items }));
    expect(turns.map(({ outcome }) => outcome)).toEqual(['answered', undefined, 'interrupted']);
  });
});
