import { toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { reconcile } from './reconcile.js';

const record = (turn: number, speechEnded: number, firstAudible?: number) =>
  toTurnRecord({
    callId: 'c',
    turn,
    at: '2026-01-01T00:00:00.000Z',
    marks: { speechEnded, ...(firstAudible === undefined ? {} : { firstAudible }) },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
  });

const onTape = (callerEndMs: number, agentStartMs: number) => ({
  callerStartMs: callerEndMs - 1000,
  callerEndMs,
  agentStartMs,
  agentEndMs: agentStartMs + 1000,
  gapMs: agentStartMs - callerEndMs,
});

describe('reconcile', () => {
  it('pairs each record with the answer that started at its mark', () => {
    const { pairs } = reconcile(
      [record(1, 1000, 1800), record(2, 5000, 5700)],
      [onTape(1010, 1805), onTape(4990, 5700)],
    );
    expect(pairs.map((p) => [p.turn, p.differenceMs])).toEqual([
      [1, 5],
      [2, -10],
    ]);
  });

  it('lists records whose answer is not on the tape', () => {
    expect(reconcile([record(1, 1000, 1800)], [onTape(1000, 2500)]).notOnTape).toEqual([1]);
  });

  it('skips turns without an answer', () => {
    expect(reconcile([record(1, 1000)], [])).toEqual({ pairs: [], notOnTape: [] });
  });
});
