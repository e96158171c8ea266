import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { callRecordJsonSchema, parseCallRecord, toCallRecord } from './call-record.js';

const CALL = {
  callId: 'job-1',
  at: '2026-11-30T15:00:00.000Z',
  marks: {
    callerArrived: 0,
    sessionStarted: 100,
    greetingRequested: 200,
    framePublished: 300,
    firstAudible: 310.12345,
  },
  greeting: 'cached' as const,
  tts: { provider: 'cartesia', model: 'sonic' },
};

it('has the ledger of its time to hello, and is read as it was written', () => {
  const record = toCallRecord(CALL);
  expect(record).toMatchObject({ schema: 'firstword.call/1', helloMs: 310.123 });
  expect(record.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(310.123, 6);
  expect(parseCallRecord(JSON.stringify(record))).toEqual(record);
});

it('says why there is no time to hello', () => {
  const marks = { callerArrived: 0 };
  expect(toCallRecord({ ...CALL, marks }).problem).toBe('no audible greeting was seen');
  expect(toCallRecord({ ...CALL, marks, problem: 'the caller spoke first' }).problem).toBe(
    'the caller spoke first',
  );
  expect(toCallRecord({ ...CALL, problem: 'the caller spoke first' }).problem).toBeUndefined();
});

it('refuses what it cannot read, and names the field', () => {
  const record = toCallRecord(CALL);
  const line = (change: object) => JSON.stringify({ ...record, ...change });
  expect(() => parseCallRecord(line({ marks: { soonest: 1 } }))).toThrow(/marks/);
  expect(() => parseCallRecord(line({ callId: '' }))).toThrow(/callId/);
  expect(() => parseCallRecord(line({ schema: 'firstword.call/2' }))).toThrow(/schema/);
  expect(() => parseCallRecord('{')).toThrow(/cut short/);
  expect(() => parseCallRecord(' '.repeat(70_000))).toThrow(/64 KB/);
});

it('has a published schema that is the code’s', () => {
  const file = new URL('../../schema/firstword.call-1.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(callRecordJsonSchema())));
});
