import { describe, expect, it } from 'vitest';
import { openHearing, paused, pausedFor } from '../testing/transcript-rig.js';
import { SegmentMemory } from './segments.js';

describe('EagerHearing', () => {
  it('lets an unsure interim pass as it is', () => {
    const { interim, out } = openHearing();
    interim('book a');
    expect(out).toEqual(['INTERIM book a']);
  });

  it('starts at once on an interim that a pause follows', () => {
    const { interim, out } = openHearing();
    interim('book a table', paused);
    expect(out).toEqual(['PREFLIGHT book a table']);
  });

  it('takes nothing for all of it while the engine hears the voice', () => {
    const { interim, out, clock } = openHearing();
    for (let i = 0; i < 5; i++) {
      interim('book a table', pausedFor(0));
      clock.advance(400);
    }
    expect(out).not.toContain('PREFLIGHT book a table');
    interim('book a table', paused);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('waits for a longer pause after words that mostly go on', () => {
    const { interim, out } = openHearing();
    interim('No.', paused);
    expect(out).toEqual(['INTERIM No.']);
    interim('No.', pausedFor(96));
    expect(out.at(-1)).toBe('PREFLIGHT No.');
  });

  it('starts on confidence once the engine has shown that it has any', () => {
    const { interim, out } = openHearing();
    interim('book', { confidence: 1 });
    interim('book a', { confidence: 0.5 });
    interim('book a table', { confidence: 1 });
    expect(out).toEqual(['INTERIM book', 'INTERIM book a', 'PREFLIGHT book a table']);
  });

  it.each([0, 1])('starts on words that stay, where confidence is always %d', (confidence) => {
    const { interim, out, clock } = openHearing();
    interim('book a table', { confidence });
    clock.advance(349);
    expect(out).toEqual(['INTERIM book a table']);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('counts time anew when the words change', () => {
    const { interim, out, clock } = openHearing();
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
    const { interim, out, clock, hearing } = openHearing();
    interim('book a table', { confidence: 0.5 });
    clock.advance(20);
    hearing.setSilence(clock.nowMs());
    clock.advance(179);
    expect(out).toHaveLength(1);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('waits on when the caller goes on speaking', () => {
    const { interim, out, clock, hearing } = openHearing();
    interim('book a table', { confidence: 0.5 });
    hearing.setSilence(clock.nowMs());
    clock.advance(50);
    hearing.setSilence(undefined);
    clock.advance(1_000);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('gives a final of the same words the preflight’s spelling, and remembers its own', () => {
    const { interim, final, out, segments } = openHearing();
    interim('uh at seven thirty', paused);
    final('At 7:30.');
    expect(out).toEqual(['PREFLIGHT uh at seven thirty', 'FINAL uh at seven thirty']);
    expect(segments.claim('uh at seven thirty')).toBe('At 7:30.');
  });

  it('lets a final of other words pass, and writes the speculation off', () => {
    const { interim, final, out, speculator } = openHearing();
    interim('book a table', paused);
    final('book a table for two');
    expect(out.at(-1)).toBe('FINAL book a table for two');
    expect(speculator.stats).toMatchObject({ cancelled: 1, wastedTokens: 100 });
  });

  it('restarts when the words change, and only then', () => {
    const { interim, out, speculator } = openHearing();
    interim('book a table', paused);
    interim('Book a table.', paused);
    interim('book a table for two', paused);
    expect(out).toEqual([
      'PREFLIGHT book a table',
      'INTERIM Book a table.',
      'PREFLIGHT book a table for two',
    ]);
    expect(speculator.stats).toMatchObject({ started: 2, cancelled: 1, wastedTokens: 100 });
  });

  it('begins each segment of a turn anew', () => {
    const { interim, final, out, segments } = openHearing();
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
    expect(segments.claim('i would like a table')).toBe('I would like a table.');
  });

  it('does not start while LiveKit would not take it, so that the final still can', () => {
    const { interim, final, out } = openHearing({ canSpeculate: () => false });
    interim('stop please', paused);
    final('Stop, please.');
    expect(out).toEqual(['INTERIM stop please', 'FINAL Stop, please.']);
  });

  it('asks for the floor with words that are worth a start, and starts once it is free', () => {
    let free = false;
    const asked: number[] = [];
    const { interim, hearing, out } = openHearing({
      canSpeculate: () => free,
      interruptReplies: (words) => asked.push(words),
    });
    interim('not now');
    expect(asked).toEqual([]);
    interim('not now', paused);
    expect(asked).toEqual([2]);
    free = true;
    hearing.reconsider();
    expect(out.at(-1)).toBe('PREFLIGHT not now');
  });

  it('does not start what cannot be afforded', () => {
    const { interim, out } = openHearing({ speculation: { maxPerTurn: 0 } });
    interim('book a table', paused);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('stops when a minute has wasted too much, goes on after it, and ends for good with the call’s budget', () => {
    // Each superseded start costs 100 tokens here.
    const budgets = { maxWastedTokensPerMinute: 100, maxWastedTokensPerCall: 200, minAcceptance: 0 };
    const { interim, speculator, clock } = openHearing({ speculation: budgets });
    const say = (words: string) => interim(words, paused);
    say('one');
    say('one two');
    say('one two three');
    expect(speculator.stats).toMatchObject({ started: 2, refused: 1, wastedTokens: 100 });
    clock.advance(60_000);
    say('one two three four');
    expect(speculator.stats).toMatchObject({ started: 3, wastedTokens: 200 });
    clock.advance(600_000);
    say('one two three four five');
    expect(speculator.stats).toMatchObject({ started: 3, refused: 2, wastedTokens: 200 });
  });

  it('holds an engine’s own preflights to what they are worth', () => {
    const { preflight, final, out, speculator } = openHearing({ speculation: { minAcceptance: 0.4 } });
    for (let turn = 0; turn < 3; turn++) {
      preflight('book a table');
      final(`Order number ${turn}.`);
      speculator.commit(false);
    }
    preflight('book a table');
    expect(out.at(-1)).toBe('INTERIM book a table');
    expect(speculator.stats).toMatchObject({ started: 3, kept: 0, cancelled: 3, refused: 1 });
  });

  it('loses no final whose times run backwards', () => {
    const { interim, final, out } = openHearing();
    interim('book', { startTime: 9, endTime: 8, ...paused });
    final('Book.', { startTime: 9, endTime: 8 });
    final('A table.', { startTime: 3, endTime: 2 });
    final('For two.', { startTime: -1, endTime: -2 });
    expect(out).toEqual(['PREFLIGHT book', 'FINAL book', 'FINAL A table.', 'FINAL For two.']);
  });

  it('does nothing while the engine says nothing', () => {
    const { start, hearing, out, clock, speculator } = openHearing();
    start();
    hearing.setSilence(0);
    clock.advance(60_000);
    hearing.setSilence(undefined);
    expect(out).toEqual(['START']);
    expect([speculator.stats.started, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('leaves an engine with preflights of its own alone, but keeps what they started', () => {
    const { interim, preflight, final, out, clock } = openHearing();
    preflight('book a table');
    interim('book a table for two', paused);
    clock.advance(5_000);
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM book a table for two', 'FINAL book a table']);
  });

  it('does not let an engine restart what runs only to spell it better', () => {
    const { preflight, final, out } = openHearing();
    preflight('book a table');
    preflight('Book a table.');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM Book a table.', 'FINAL book a table']);
  });

  it('drops a final that the engine stutters', () => {
    const { final, out, clock } = openHearing();
    final('yes');
    clock.advance(100);
    final('yes');
    final('yes');
    expect(out).toEqual(['FINAL yes']);
  });

  it('drops a final that the engine tells again in better writing, which history shows', () => {
    const { final, out, segments } = openHearing();
    final('book a table at seven thirty');
    final('Book a table at 7:30.');
    expect(out).toEqual(['FINAL book a table at seven thirty']);
    expect(segments.claim('book a table at seven thirty')).toBe('Book a table at 7:30.');
  });

  it('hears a word that is said twice, however soon its finals follow each other', () => {
    const { final, out } = openHearing();
    final('five', { startTime: 1, endTime: 1.3 });
    final('five', { startTime: 1.5, endTime: 1.8 });
    expect(out).toEqual(['FINAL five', 'FINAL five']);
  });

  it('drops a final told again much later with the same times', () => {
    const { final, out, clock } = openHearing();
    final('yes', { startTime: 1, endTime: 1.5 });
    clock.advance(5_000);
    final('yes', { startTime: 1, endTime: 1.5 });
    expect(out).toEqual(['FINAL yes']);
  });

  it('hears a caller who says the same again', () => {
    const { final, start, out } = openHearing();
    final('yes');
    start();
    final('yes');
    expect(out).toEqual(['FINAL yes', 'START', 'FINAL yes']);
  });

  it('does not start on an interim that comes after its final', () => {
    const { interim, final, out, clock } = openHearing();
    final('Book a table.');
    interim('book a table', paused);
    clock.advance(5_000);
    expect(out).toEqual(['FINAL Book a table.', 'INTERIM book a table']);
  });

  it.each(['', ' ', '…', 'um', 'Uh, hmm.'])('never starts on %j', (nothing) => {
    const { interim, out, clock } = openHearing();
    interim(nothing, paused);
    clock.advance(5_000);
    expect(out.filter((line) => line.startsWith('PREFLIGHT'))).toEqual([]);
  });

  it('does not take an empty final for anything', () => {
    const { interim, final, out } = openHearing();
    interim('book a table', paused);
    final('');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'FINAL', 'FINAL book a table']);
  });

  it('leaves no timer behind', () => {
    const { interim, hearing, clock, out } = openHearing();
    interim('book a table');
    hearing.close();
    expect(clock.pendingTimers).toBe(0);
    clock.advance(5_000);
    expect(out).toEqual(['INTERIM book a table']);
  });
});

describe('SegmentMemory', () => {
  it('claims a turn among what other turns left behind', () => {
    const segments = new SegmentMemory();
    segments.add({ given: 'never committed', written: 'Never committed.' });
    segments.add({ given: 'yes please', written: 'Yes, please.' });
    segments.add({ given: 'next', written: 'Next.' });
    expect(segments.claim('yes please')).toBe('Yes, please.');
    expect(segments.claim('next')).toBe('Next.');
    expect(segments.claim('next')).toBeUndefined();
  });

  it('claims nothing for a text that somebody has edited', () => {
    const segments = new SegmentMemory();
    segments.add({ given: 'my card is 4111', written: 'My card is 4111.' });
    expect(segments.claim('my card is ****')).toBeUndefined();
  });
});
