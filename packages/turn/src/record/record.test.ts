import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirstwordError } from '../errors.js';
import { TURN_OUTCOMES } from './outcome.js';
import {
  feltGapOf,
  ledgerOf,
  parseTurnRecord,
  type TurnObservation,
  toTurnRecord,
  turnRecordJsonSchema,
} from './record.js';

const OBSERVATION: TurnObservation = {
  callId: 'call-1',
  turn: 1,
  at: '2026-11-22T10:00:00.000Z',
  marks: { speechEnded: 1000, endpointingElapsed: 1300, turnCommitted: 1301, firstAudible: 1750.123 },
  interrupted: false,
  bargeIn: false,
  toolCalls: 0,
  llm: {
    provider: 'groq',
    model: 'gpt-oss-120b',
    emulated: true,
    requests: 1,
    tokens: { promptTokens: 900 },
  },
  settings: { 'endpointing.bound': 'endpointing.minDelay', 'endpointing.minDelay': 300 },
};

function refusal(change: (record: Record<string, unknown>) => void): string {
  const record: Record<string, unknown> = structuredClone({ ...toTurnRecord(OBSERVATION) });
  change(record);
  return refusalOf(JSON.stringify(record));
}

function refusalOf(line: string): string {
  try {
    parseTurnRecord(line);
  } catch (error) {
    if (error instanceof FirstwordError && error.code === 'record_invalid') return error.message;
    throw error;
  }
  return expect.unreachable('the record was taken');
}

describe('a turn record', () => {
  it('is unchanged after writing and reading one line of JSON', () => {
    const record = toTurnRecord(OBSERVATION);
    const line = JSON.stringify(record);
    expect(line).not.toContain('\n');
    expect(parseTurnRecord(line)).toEqual(record);
  });

  it('contains the ledger of its marks, and names the setting in force', () => {
    const record = toTurnRecord(OBSERVATION);
    expect(record.feltGapMs).toBe(750.123);
    expect(record.segments[0]!.owner).toEqual({ kind: 'setting', name: 'endpointing.minDelay' });
  });

  it('may contain which levers were on', () => {
    const levers = { speculation: true, endpointing: false };
    const record = toTurnRecord({ ...OBSERVATION, levers });
    expect(parseTurnRecord(JSON.stringify(record)).levers).toEqual(levers);
    expect(parseTurnRecord(JSON.stringify(toTurnRecord(OBSERVATION)))).not.toHaveProperty('levers');
    expect(refusal((r) => Object.assign(r, { levers: { speculation: 'on' } }))).toMatch(
      /^levers\.speculation: /,
    );
  });

  it('can be read and gives the same ledger again, for any marks', () => {
    const anyTime = fc.oneof(fc.double(), fc.double({ min: 0, max: 1e5, noNaN: true }));
    const marks = fc.record(
      { speechEnded: anyTime, finalTranscript: anyTime, turnCommitted: anyTime, firstAudible: anyTime },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(marks, (some) => {
        const record = toTurnRecord({ ...OBSERVATION, marks: some });
        const read = parseTurnRecord(JSON.stringify(record));
        expect(read).toEqual(record);
        const { feltGapMs, segments, hidden, problem } = ledgerOf(read);
        expect([read.feltGapMs, read.segments, read.hidden, read.problem]).toEqual([
          feltGapMs,
          segments,
          hidden,
          problem,
        ]);
      }),
    );
  });

  it('has the gap of feltGapOf, or its problem, whatever its marks and its end', () => {
    const mark = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: 0, max: 5000, noNaN: true }));
    const marks = fc.record(
      { speechEnded: mark, llmRequested: mark, firstContent: mark, firstAudible: mark, callerHeard: mark },
      { requiredKeys: [] },
    );
    const ends = fc.record(
      {
        outcome: fc.constantFrom(...TURN_OUTCOMES),
        bridge: fc.constant({ durationMs: 1 }),
        repaired: fc.constantFrom('half' as const, 'whole' as const).map((part) => ({ part, resumedMs: 1 })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(marks, ends, fc.boolean(), (seen, end, interrupted) => {
        const turn: TurnObservation = { ...OBSERVATION, marks: seen, ...end, interrupted };
        const { feltGapMs, problem } = ledgerOf(turn);
        expect(feltGapOf(turn)).toBe(feltGapMs ?? problem);
      }),
    );
  });

  it('has a problem instead of a felt gap if there was no audible answer', () => {
    const record = toTurnRecord({ ...OBSERVATION, marks: { speechEnded: 1 } });
    expect('feltGapMs' in record).toBe(false);
    expect(record.problem).toBe('no audible answer was seen');
  });
});

describe('reading a record', () => {
  it('names the field that is invalid', () => {
    expect(refusal((r) => Object.assign(r, { turn: 0 }))).toMatch(/^turn: .*firstword\.turn\/1/);
    expect(refusal((r) => Object.assign(r.llm as object, { emulated: 'yes' }))).toMatch(/^llm\.emulated: /);
  });

  it('rejects an unknown mark by name', () => {
    expect(refusal((r) => Object.assign(r.marks as object, { fistAudible: 1 }))).toMatch(
      /marks: .*fistAudible/,
    );
  });

  it('names a later schema version and what to do', () => {
    const message = refusal((r) => Object.assign(r, { schema: 'firstword.turn/2', turn: 'first' }));
    expect(message).toContain('firstword.turn/2');
    expect(message).toContain('update Firstword');
  });

  it('rejects another kind of document', () => {
    expect(refusal((r) => Object.assign(r, { schema: 'something.else/1' }))).toMatch(/^schema: /);
    expect(refusalOf('null')).toMatch(/^the record: /);
  });

  it('suggests that an incomplete line was cut short, and does not quote it', () => {
    const half = JSON.stringify({ transcript: { caller: 'my card is 4111' } }).slice(0, -3);
    expect(refusalOf(half)).toMatch(/cut short/);
    expect(refusalOf(half)).not.toContain('4111');
  });

  it('drops unknown fields', () => {
    const line = JSON.stringify({ ...toTurnRecord(OBSERVATION), weather: 'fine' });
    expect(parseTurnRecord(line)).toEqual(toTurnRecord(OBSERVATION));
  });

  it('rejects a line that is longer than any record, without validating it', () => {
    const line = `{"schema":"firstword.turn/1","segments":[${'0,'.repeat(200_000)}0]}`;
    expect(() => parseTurnRecord(line)).toThrow('longer than 256 KB');
  });
});

it('publishes the schema of the code (if not: npm run schema -w @firstword/turn)', () => {
  const file = new URL('../../schema/firstword.turn-1.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(turnRecordJsonSchema());
});
