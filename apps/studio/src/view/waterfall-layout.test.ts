import { MARKS, type TurnRecord, toTurnRecord } from '@firstword/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapTimeline, tickStepMs, waterfallLayout } from './waterfall-layout.js';

function record(marks: Record<string, number>) {
  return toTurnRecord({
    callId: 'c',
    turn: 1,
    at: '2026-11-22T10:00:00.000Z',
    marks,
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
  });
}

function layoutOf(turn: TurnRecord) {
  const gap = gapTimeline(turn);
  return gap && waterfallLayout(gap);
}

const anyMarks = fc.dictionary(fc.constantFrom(...MARKS), fc.integer({ min: 0, max: 20_000 }));

describe('waterfall', () => {
  it('exists exactly if there is a felt gap', () => {
    fc.assert(
      fc.property(anyMarks, (marks) => {
        const turn = record(marks);
        expect(layoutOf(turn) !== undefined).toBe(turn.feltGapMs !== undefined);
      }),
    );
  });

  it('places the segments without gaps from the end of speech to the answer', () => {
    fc.assert(
      fc.property(
        anyMarks,
        fc.nat(20_000),
        fc.integer({ min: 1, max: 20_000 }),
        (marks, speechEnded, gapMs) => {
          const { callerHeard: _, ...others } = marks;
          const turn = record({ ...others, speechEnded, firstAudible: speechEnded + gapMs });
          const layout = layoutOf(turn)!;
          let at = layout.zeroShare;
          for (const bar of layout.bars) {
            expect(bar.leftShare).toBeCloseTo(at, 9);
            at += bar.widthShare;
            expect(bar.cut).toBeUndefined();
          }
          expect(at).toBeCloseTo(layout.endShare, 9);
        },
      ),
    );
  });

  it('keeps everything inside the axis and marks what was cut off', () => {
    fc.assert(
      fc.property(anyMarks, (marks) => {
        const layout = layoutOf(record(marks));
        for (const bar of [...(layout?.bars ?? []), ...(layout?.hidden ?? [])]) {
          expect(bar.leftShare).toBeGreaterThanOrEqual(0);
          expect(bar.widthShare).toBeGreaterThanOrEqual(0);
          expect(bar.leftShare + bar.widthShare).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('shows work before the end of speech left of zero', () => {
    const layout = layoutOf(
      record({
        speechEnded: 1_000,
        interimTranscript: 800,
        speculationStarted: 820,
        llmRequested: 830,
        firstContent: 1_200,
        turnCommitted: 1_500,
        firstClause: 1_250,
        ttsRequested: 1_500,
        ttsFirstByte: 1_600,
        framePublished: 1_610,
        firstAudible: 1_620,
      }),
    )!;
    expect(layout.zeroShare).toBeGreaterThan(0);
    expect(layout.hidden.some((bar) => bar.startMs < 0)).toBe(true);
  });

  it('cuts off hidden work that began so early that the gap would be unreadable', () => {
    const layout = layoutOf(
      record({
        speechEnded: 9_000,
        llmRequested: 100,
        firstContent: 9_100,
        firstAudible: 10_000,
        turnCommitted: 9_500,
      }),
    )!;
    expect(layout.hidden.map((bar) => bar.cut)).toContain('start');
    expect(layout.endShare - layout.zeroShare).toBeGreaterThan(0.5);
  });

  it('has a tick at the end of speech', () => {
    const layout = layoutOf(record({ speechEnded: 50, firstAudible: 750 }))!;
    expect(layout.ticks[0]).toEqual({ ms: 0, share: 0 });
    expect(layout.ticks.map((tick) => tick.ms)).toEqual([0, 200, 400, 600]);
  });
});

it('has no negative zero on the axis', () => {
  const layout = layoutOf(
    record({
      speechEnded: 1_000,
      interimTranscript: 900,
      speculationStarted: 920,
      llmRequested: 921,
      firstAudible: 1_700,
    }),
  )!;
  expect(layout.ticks.some((tick) => Object.is(tick.ms, 0))).toBe(true);
  expect(layout.ticks.some((tick) => Object.is(tick.ms, -0))).toBe(false);
});

it('uses round numbers for the axis steps, few enough to be readable', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (spanMs) => {
      const stepMs = tickStepMs(spanMs, 6);
      expect(spanMs / stepMs).toBeLessThanOrEqual(6 + 1e-9);
      expect(['1', '2', '5']).toContain(stepMs.toExponential()[0]);
    }),
  );
});
