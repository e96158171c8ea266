import { type TurnObservation, type TurnRecord, toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import {
  COLLECTORS,
  CONSOLE_LOGS,
  HISTORIES,
  LOG_SERVICES,
  PARSED_JSON,
  PLATFORM_CALLS,
  REFUSED,
  SAMPLE_TURNS,
  TRACES,
} from '../testing/index.js';
import { InputReader } from './input-reader.js';
import { LogicalLines } from './logical-lines.js';

function read(text: string) {
  const turns: (TurnRecord | TurnObservation)[] = [];
  const reader = new InputReader({ turn: (turn) => turns.push(toTurnRecord(turn as TurnObservation)) });
  const lines = new LogicalLines();
  for (const [at, line] of text.split('\n').entries())
    if (line.trim() !== '')
      for (const one of lines.add({ line: at + 1, text: line })) reader.line(one, 'oak.log');
  for (const one of lines.end()) reader.line(one, 'oak.log');
  return { turns, ...reader.finish() };
}

const rounded = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms));

/** The figures of the turns, in the order of their time where they have one. */
function figuresOf(text: string) {
  const { turns, badLines, refused } = read(text);
  expect({ badLines, refused }).toEqual({ badLines: 0, refused: [] });
  return turns.map(({ imported }) => ({
    transcriptionMs: rounded(imported!.transcriptionDelayMs),
    endOfTurnMs: rounded(imported!.endOfTurnDelayMs),
    ttftMs: rounded(imported!.llmTtftMs),
    ttfbMs: rounded(imported!.ttsTtfbMs),
  }));
}

const WANTED = SAMPLE_TURNS.map(({ atMs: _, ...figures }) => figures);

describe('the metrics of a log are read', () => {
  it.each(Object.entries(CONSOLE_LOGS))('as %s', (_, log) => {
    expect(figuresOf(log.flatMap(({ lines }) => lines).join('\n'))).toEqual(WANTED);
  });

  const prefixed = Object.entries(COLLECTORS).flatMap(([collector, wrap]) =>
    Object.entries(CONSOLE_LOGS).map(([format, log]) => [collector, format, wrap(log)] as const),
  );
  it.each(prefixed)('behind %s: %s', (_, __, text) => {
    expect(figuresOf(text)).toEqual(WANTED);
  });

  const exported = Object.entries(LOG_SERVICES).flatMap(([service, wrap]) =>
    // Without a time of its own, a line of another order than its service's cannot be told.
    Object.entries(CONSOLE_LOGS).map(([format, log]) => [service, format, wrap(log)] as const),
  );
  it.each(exported)('from %s: %s', (_, __, text) => {
    expect(figuresOf(text)).toEqual(WANTED);
  });

  it.each(Object.entries(PARSED_JSON))('from %s', (_, wrap) => {
    for (const format of ['Python, production JSON', 'Node, pino'])
      expect(figuresOf(wrap(CONSOLE_LOGS[format]!))).toEqual(WANTED);
  });

  it('of two services of one compose log, each as a call of its own', () => {
    const log = CONSOLE_LOGS['Node, pino-pretty']!.flatMap(({ lines }) => lines);
    const both = log.flatMap((line) => [`agent-1  | ${line}`, `agent-2  | ${line}`]).join('\n');
    const { turns } = read(both);
    expect(new Set(turns.map(({ callId }) => callId)).size).toBe(1 + 1);
    expect(turns).toHaveLength(2 * SAMPLE_TURNS.length);
  });
});

describe('traces are read', () => {
  it.each(Object.entries(TRACES))('from %s', (_, text) => {
    expect(figuresOf(text)).toEqual(WANTED);
    expect(read(text).turns.map(({ imported }) => imported!.e2eMs)).toEqual(
      SAMPLE_TURNS.map((turn) => turn.endOfTurnMs + turn.ttftMs + turn.ttfbMs + 70),
    );
  });

  it('with the end-to-end time alone, where they have no user turns', () => {
    const { resourceSpans } = JSON.parse(TRACES['OTLP/JSON']!);
    const [scope] = resourceSpans[0].scopeSpans;
    scope.spans = scope.spans.filter(({ name }: { name: string }) => name === 'agent_turn');
    const { turns } = read(JSON.stringify({ resourceSpans }));
    expect(turns.map(({ imported }) => imported)).toEqual(
      SAMPLE_TURNS.map((turn) => ({
        from: 'LiveKit traces',
        e2eMs: turn.endOfTurnMs + turn.ttftMs + turn.ttfbMs + 70,
      })),
    );
  });
});

describe('chat histories are read', () => {
  it.each(Object.entries(HISTORIES))('as %s', (_, text) => {
    expect(figuresOf(text)).toEqual(WANTED);
  });
});

describe('calls of other platforms are read', () => {
  it.each(Object.entries(PLATFORM_CALLS))('from %s', (name, text) => {
    const hasEnd = name === 'Vapi';
    expect(figuresOf(text)).toEqual(
      WANTED.map((figures) => (hasEnd ? figures : { ...figures, endOfTurnMs: undefined })),
    );
  });

  it('from Retell, as medians where the stages cannot be assigned to turns', () => {
    const call = JSON.parse(PLATFORM_CALLS.Retell!);
    call.latency.llm.values = [480];
    expect(read(JSON.stringify(call)).turns.map(({ imported }) => imported)).toEqual([
      {
        from: 'Retell call, its medians',
        e2eMs: 1300,
        transcriptionDelayMs: 310,
        llmTtftMs: 480,
        ttsTtfbMs: 190,
      },
    ]);
  });
});

describe('what holds no turns is refused by name', () => {
  it.each(Object.entries(REFUSED))('%s', (name, text) => {
    const { turns, refused, badLines } = read(text);
    expect([turns, badLines]).toEqual([[], 0]);
    expect(refused.map(({ format }) => format.startsWith(name))).toEqual([true]);
    expect(refused[0]!.instead).not.toBe('');
  });
});
