import { ManualClock, type SpeculationOptions, Speculator } from '@firstword/turn';
import { stt } from '@livekit/agents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EagerHearing, PAUSED } from './eager-hearing.js';
import { SegmentMemory } from './segments.js';

const { SpeechEventType: Type } = stt;
type Data = Partial<stt.SpeechData>;

interface RigOptions {
  speculation?: Partial<SpeculationOptions>;
  mayStart?: () => boolean;
  giveUpFloor?: (words: number) => void;
}

function rig(options: RigOptions = {}) {
  const clock = new ManualClock();
  const account = new Speculator(options.speculation);
  const memory = new SegmentMemory();
  const out: string[] = [];
  const hearing = new EagerHearing({
    clock,
    account,
    memory,
    mayStart: options.mayStart ?? (() => true),
    giveUpFloor: options.giveUpFloor,
    costTokens: () => 100,
    emit: (event) =>
      out.push(`${Type[event.type]?.split('_')[0]} ${event.alternatives?.[0]?.text ?? ''}`.trim()),
  });
  const hear = (type: stt.SpeechEventType, text?: string, data: Data = {}) =>
    hearing.hear({
      type,
      ...(text === undefined
        ? {}
        : {
            alternatives: [
              {
                text,
                language: 'en' as stt.SpeechData['language'],
                startTime: 0,
                endTime: 0,
                confidence: 0,
                ...data,
              },
            ],
          }),
    });
  return {
    clock,
    account,
    memory,
    out,
    hearing,
    interim: (text: string, data?: Data) => hear(Type.INTERIM_TRANSCRIPT, text, data),
    final: (text: string, data?: Data) => hear(Type.FINAL_TRANSCRIPT, text, data),
    preflight: (text: string) => hear(Type.PREFLIGHT_TRANSCRIPT, text),
    start: () => hear(Type.START_OF_SPEECH),
  };
}

const paused: Data = { metadata: { [PAUSED]: true } };

describe('EagerHearing', () => {
  it('lets an unsure interim pass as it is', () => {
    const { interim, out } = rig();
    interim('book a');
    expect(out).toEqual(['INTERIM book a']);
  });

  it('starts at once on an interim that a pause follows', () => {
    const { interim, out } = rig();
    interim('book a table', paused);
    expect(out).toEqual(['PREFLIGHT book a table']);
  });

  it('starts on confidence once the engine has shown that it has any', () => {
    const { interim, out } = rig();
    interim('book', { confidence: 1 });
    interim('book a', { confidence: 0.5 });
    interim('book a table', { confidence: 1 });
    expect(out).toEqual(['INTERIM book', 'INTERIM book a', 'PREFLIGHT book a table']);
  });

  it.each([0, 1])('starts on words that stay, where confidence is always %d', (confidence) => {
    const { interim, out, clock } = rig();
    interim('book a table', { confidence });
    clock.advance(349);
    expect(out).toEqual(['INTERIM book a table']);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('counts time anew when the words change', () => {
    const { interim, out, clock } = rig();
    interim('book');
    clock.advance(300);
    interim('book a table');
    clock.advance(349);
    expect(out).not.toContain('PREFLIGHT book');
    // One and a half of the 300 ms that the engine takes from one interim to the next.
    clock.advance(101);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('starts when the caller falls silent', () => {
    const { interim, out, clock, hearing } = rig();
    interim('book a table', { confidence: 0.5 });
    clock.advance(20);
    hearing.silence(clock.nowMs());
    clock.advance(179);
    expect(out).toHaveLength(1);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('waits on when the caller goes on speaking', () => {
    const { interim, out, clock, hearing } = rig();
    interim('book a table', { confidence: 0.5 });
    hearing.silence(clock.nowMs());
    clock.advance(50);
    hearing.silence(undefined);
    clock.advance(1_000);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('gives a final of the same words the preflight’s spelling, and remembers its own', () => {
    const { interim, final, out, memory } = rig();
    interim('uh at seven thirty', paused);
    final('At 7:30.');
    expect(out).toEqual(['PREFLIGHT uh at seven thirty', 'FINAL uh at seven thirty']);
    expect(memory.claim('uh at seven thirty')).toBe('At 7:30.');
  });

  it('lets a final of other words pass, and writes the speculation off', () => {
    const { interim, final, out, account } = rig();
    interim('book a table', paused);
    final('book a table for two');
    expect(out.at(-1)).toBe('FINAL book a table for two');
    expect(account.counters).toMatchObject({ cancelled: 1, wastedTokens: 100 });
  });

  it('restarts when the words change, and only then', () => {
    const { interim, out, account } = rig();
    interim('book a table', paused);
    interim('Book a table.', paused);
    interim('book a table for two', paused);
    expect(out).toEqual([
      'PREFLIGHT book a table',
      'INTERIM Book a table.',
      'PREFLIGHT book a table for two',
    ]);
    expect(account.counters).toMatchObject({ started: 2, cancelled: 1, wastedTokens: 100 });
  });

  it('begins each segment of a turn anew', () => {
    const { interim, final, out, memory } = rig();
    interim('i would like', paused);
    final('I would like');
    interim('a table', paused);
    final('a table.');
    expect(out).toEqual([
      'PREFLIGHT i would like',
      'FINAL i would like',
      'PREFLIGHT a table',
      'FINAL a table',
    ]);
    expect(memory.claim('i would like a table')).toBe('I would like a table.');
  });

  it('does not start while LiveKit would not take it, so that the final still can', () => {
    const { interim, final, out } = rig({ mayStart: () => false });
    interim('stop please', paused);
    final('Stop, please.');
    expect(out).toEqual(['INTERIM stop please', 'FINAL Stop, please.']);
  });

  it('asks for the floor with words that are worth a start, and starts once it is free', () => {
    let free = false;
    const asked: number[] = [];
    const { interim, hearing, out } = rig({
      mayStart: () => free,
      giveUpFloor: (words) => asked.push(words),
    });
    interim('no wait');
    expect(asked).toEqual([]);
    interim('no wait', paused);
    expect(asked).toEqual([2]);
    free = true;
    hearing.reconsider();
    expect(out.at(-1)).toBe('PREFLIGHT no wait');
  });

  it('does not start what cannot be afforded', () => {
    const { interim, out } = rig({ speculation: { maxPerTurn: 0 } });
    interim('book a table', paused);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('stops when a minute has wasted too much, goes on after it, and ends for good with the call’s budget', () => {
    // Each superseded start costs 100 tokens here.
    const budgets = { maxWastedTokensPerMinute: 100, maxWastedTokensPerCall: 200, minAcceptance: 0 };
    const { interim, account, clock } = rig({ speculation: budgets });
    const say = (words: string) => interim(words, paused);
    say('one');
    say('one two');
    say('one two three');
    expect(account.counters).toMatchObject({ started: 2, refused: 1, wastedTokens: 100 });
    clock.advance(60_000);
    say('one two three four');
    expect(account.counters).toMatchObject({ started: 3, wastedTokens: 200 });
    clock.advance(600_000);
    say('one two three four five');
    expect(account.counters).toMatchObject({ started: 3, refused: 2, wastedTokens: 200 });
  });

  it('holds an engine’s own preflights to what they are worth', () => {
    const { preflight, final, out, account } = rig({ speculation: { minAcceptance: 0.4 } });
    for (let turn = 0; turn < 3; turn++) {
      preflight('book a table');
      final(`Order number ${turn}.`);
      account.commit(false);
    }
    preflight('book a table');
    expect(out.at(-1)).toBe('INTERIM book a table');
    expect(account.counters).toMatchObject({ started: 3, kept: 0, cancelled: 3, refused: 1 });
  });

  it('loses no final whose times run backwards', () => {
    const { interim, final, out } = rig();
    interim('book', { startTime: 9, endTime: 8, ...paused });
    final('Book.', { startTime: 9, endTime: 8 });
    final('A table.', { startTime: 3, endTime: 2 });
    final('For two.', { startTime: -1, endTime: -2 });
    expect(out).toEqual(['PREFLIGHT book', 'FINAL book', 'FINAL A table.', 'FINAL For two.']);
  });

  it('does nothing while the engine says nothing', () => {
    const { start, hearing, out, clock, account } = rig();
    start();
    hearing.silence(0);
    clock.advance(60_000);
    hearing.silence(undefined);
    expect(out).toEqual(['START']);
    expect([account.counters.started, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('leaves an engine with preflights of its own alone, but keeps what they started', () => {
    const { interim, preflight, final, out, clock } = rig();
    preflight('book a table');
    interim('book a table for two', paused);
    clock.advance(5_000);
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM book a table for two', 'FINAL book a table']);
  });

  it('does not let an engine restart what runs only to spell it better', () => {
    const { preflight, final, out } = rig();
    preflight('book a table');
    preflight('Book a table.');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM Book a table.', 'FINAL book a table']);
  });

  it('drops a final that the engine stutters', () => {
    const { final, out, clock } = rig();
    final('yes');
    clock.advance(100);
    final('yes');
    final('yes');
    expect(out).toEqual(['FINAL yes']);
  });

  it('drops a final told again much later with the same times', () => {
    const { final, out, clock } = rig();
    final('yes', { startTime: 1, endTime: 1.5 });
    clock.advance(5_000);
    final('yes', { startTime: 1, endTime: 1.5 });
    expect(out).toEqual(['FINAL yes']);
  });

  it('hears a caller who says the same again', () => {
    const { final, start, out } = rig();
    final('yes');
    start();
    final('yes');
    expect(out).toEqual(['FINAL yes', 'START', 'FINAL yes']);
  });

  it('does not start on an interim that comes after its final', () => {
    const { interim, final, out, clock } = rig();
    final('Book a table.');
    interim('book a table', paused);
    clock.advance(5_000);
    expect(out).toEqual(['FINAL Book a table.', 'INTERIM book a table']);
  });

  it.each(['', ' ', '…', 'um', 'Uh, hmm.'])('never starts on %j', (nothing) => {
    const { interim, out, clock } = rig();
    interim(nothing, paused);
    clock.advance(5_000);
    expect(out.filter((line) => line.startsWith('PREFLIGHT'))).toEqual([]);
  });

  it('does not take an empty final for anything', () => {
    const { interim, final, out } = rig();
    interim('book a table', paused);
    final('');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'FINAL', 'FINAL book a table']);
  });

  it('leaves no timer behind', () => {
    const { interim, hearing, clock, out } = rig();
    interim('book a table');
    hearing.close();
    expect(clock.pendingTimers).toBe(0);
    clock.advance(5_000);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('whatever comes in whatever order, no words are lost or doubled, and finals say what the engine said', () => {
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
        const { interim, final, start, hearing, clock, out } = rig();
        const finals: string[] = [];
        for (const { act, text, afterMs, ...data } of steps) {
          clock.advance(afterMs);
          if (act === 'final') {
            // A turn never has two finals of one stretch of audio here: what is dropped is tested above.
            start();
            final(text, data);
            finals.push(text);
          } else if (act === 'silence') hearing.silence(clock.nowMs());
          else if (act === 'start') start();
          else interim(text, act === 'paused' ? { ...data, ...paused } : data);
        }
        const told = out.filter((line) => line.startsWith('FINAL')).map((line) => line.slice(6));
        const bare = (text: string) => text.toLowerCase().replace('.', '').replace('four', '4');
        expect(told.map(bare)).toEqual(finals.map(bare));
        hearing.close();
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });
});

describe('SegmentMemory', () => {
  it('claims a turn among what other turns left behind', () => {
    const memory = new SegmentMemory();
    memory.add({ given: 'never committed', written: 'Never committed.' });
    memory.add({ given: 'yes please', written: 'Yes, please.' });
    memory.add({ given: 'next', written: 'Next.' });
    expect(memory.claim('yes please')).toBe('Yes, please.');
    expect(memory.claim('next')).toBe('Next.');
    expect(memory.claim('next')).toBeUndefined();
  });

  it('claims nothing for a text that somebody has edited', () => {
    const memory = new SegmentMemory();
    memory.add({ given: 'my card is 4111', written: 'My card is 4111.' });
    expect(memory.claim('my card is ****')).toBeUndefined();
  });
});
