import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerMessage } from './server-message.js';

describe('parseServerMessage', () => {
  it('parses a message of the protocol', () => {
    const message = { type: 'turn', record: { turn: 1 }, final: false };
    expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
  });

  it('parses a doctor report', () => {
    const report = { callId: 'call-1', turns: 1, verdict: 'Nothing stands out.', findings: [] };
    const message = { type: 'doctor', report };
    expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ['not JSON', '{"type":'],
    ['null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"dance"}'],
    ['a type that every object inherits', '{"type":"toString"}'],
    ['a field missing', '{"type":"error","code":"x"}'],
    ['a field of the wrong type', '{"type":"summary","turns":"many"}'],
    ['a doctor who says nothing', '{"type":"doctor"}'],
    ['null for an object', '{"type":"turn","record":null,"final":true}'],
  ])('refuses %s', (_, text) => {
    expect(parseServerMessage(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseServerMessage(text);
      }),
    );
  });
});
