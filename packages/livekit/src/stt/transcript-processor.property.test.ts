import { sameWords } from '@firstword/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openProcessor, type ProcessorScript, paused, SAYINGS } from '../testing/transcript-rig.js';

describe('TranscriptProcessor with any input', () => {
  const words = fc.constantFrom(...SAYINGS);
  const step = fc.record({
    act: fc.constantFrom(
      'interim',
      'paused',
      'final',
      'preflight',
      'start',
      'silence',
      'speech',
      'commit',
      'free',
    ),
    text: words,
    confidence: fc.constantFrom(0, 0.5, 0.9, 1, Number.NaN),
    startTime: fc.integer({ min: -5, max: 5 }),
    endTime: fc.integer({ min: -5, max: 5 }),
    afterMs: fc.constantFrom(0, 1, 100, 400, 2_000),
  });
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  /** Plays the steps; returns the engine's finals in order. */
  function play(steps: Step[], options: ProcessorScript) {
    const rigged = openProcessor(options);
    const { interim, final, preflight, start, processor, clock, speculator } = rigged;
    const finals: string[] = [];
    for (const { act, text, afterMs, ...data } of steps) {
      clock.advance(afterMs);
      if (act === 'interim') interim(text, data);
      else if (act === 'paused') interim(text, { ...data, ...paused });
      else if (act === 'preflight') preflight(text);
      else if (act === 'start') start();
      else if (act === 'silence') processor.setSilence(clock.nowMs());
      else if (act === 'speech') processor.setSilence(undefined);
      else if (act === 'free') processor.reconsider();
      else if (act === 'commit') {
        processor.committed();
        speculator.commit(true);
      } else {
        final(text, data);
        finals.push(text);
      }
    }
    return { ...rigged, finals };
  }

  it.each([undefined, 200])(
    'emits only words that it received, and its counters add up (early finals: %s)',
    (finalSilenceMs) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, canSpeculate) => {
          const { out, speculator, processor, clock } = play(steps, {
            speculation: { minAcceptance: 0 },
            canSpeculate: () => canSpeculate,
            ...(finalSilenceMs === undefined ? {} : { finalSilenceMs }),
          });
          const received = new Set(steps.map(({ text }) => text));
          for (const line of out) {
            const [, text = ''] = /^[A-Z]+ ?(.*)$/.exec(line) ?? [];
            // After an early final, only the remaining words are emitted.
            expect([...received].some((words) => text === '' || words.endsWith(text))).toBe(true);
          }
          const { started, kept, cancelled } = speculator.stats;
          expect(started).toBe(kept + cancelled + (speculator.running ? 1 : 0));
          expect(out.filter((line) => line.startsWith('PREFLIGHT'))).toHaveLength(started);
          if (!canSpeculate) expect(started).toBe(0);
          const before = out.length;
          processor.close();
          expect(clock.pendingTimers).toBe(0);
          clock.advance(60_000);
          expect(out).toHaveLength(before);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('drops only finals that repeat the previous one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { out, finals } = play(steps, { speculation: { minAcceptance: 0 } });
        const given = out.filter((line) => line.startsWith('FINAL')).map((line) => line.slice(6));
        let at = 0;
        for (const [i, text] of finals.entries()) {
          if (at < given.length && sameWords(given[at]!, text)) at++;
          else expect(sameWords(text, finals.slice(0, i).findLast((t) => t !== '') ?? '')).toBe(true);
        }
        expect(at).toBe(given.length);
      }),
      { numRuns: 300 },
    );
  });

  it('neither loses nor duplicates words, and emits the engine’s finals, for any order of events', () => {
    const words = fc.constantFrom('', 'yes', 'Yes.', 'book a table', 'Book a table.', 'four', '4');
    const step = fc.record({
      act: fc.constantFrom('interim', 'paused', 'final', 'start', 'silence'),
      text: words,
      confidence: fc.constantFrom(0, 0.5, 0.9, 1, Number.NaN),
      startTime: fc.integer({ min: -5, max: 5 }),
      endTime: fc.integer({ min: -5, max: 5 }),
      afterMs: fc.integer({ min: 300, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { interim, final, start, processor, clock, out } = openProcessor();
        const finals: string[] = [];
        for (const { act, text, afterMs, ...data } of steps) {
          clock.advance(afterMs);
          if (act === 'final') {
            // Each final here has its own stretch of audio; dropped repeats are tested above.
            start();
            final(text, data);
            finals.push(text);
          } else if (act === 'silence') processor.setSilence(clock.nowMs());
          else if (act === 'start') start();
          else interim(text, act === 'paused' ? { ...data, ...paused } : data);
        }
        const emitted = out.filter((line) => line.startsWith('FINAL')).map((line) => line.slice(6));
        const bare = (text: string) => text.toLowerCase().replace('.', '').replace('four', '4');
        expect(emitted.map(bare)).toEqual(finals.map(bare));
        processor.close();
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });
});
