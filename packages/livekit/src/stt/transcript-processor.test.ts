import { describe, expect, it } from 'vitest';
import { openProcessor, paused, pausedFor } from '../testing/transcript-rig.js';
import { SegmentMemory } from './segments.js';

describe('TranscriptProcessor', () => {
  it('passes an uncertain interim on unchanged', () => {
    const { interim, out } = openProcessor();
    interim('book a');
    expect(out).toEqual(['INTERIM book a']);
  });

  it('speculates at once on an interim that is followed by a pause', () => {
    const { interim, out } = openProcessor();
    interim('book a table', paused);
    expect(out).toEqual(['PREFLIGHT book a table']);
  });

  it('does not speculate while the engine still detects speech', () => {
    const { interim, out, clock } = openProcessor();
    for (let i = 0; i < 5; i++) {
      interim('book a table', pausedFor(0));
      clock.advance(400);
    }
    expect(out).not.toContain('PREFLIGHT book a table');
    interim('book a table', paused);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('waits for a longer pause after words that usually continue', () => {
    const { interim, out } = openProcessor();
    interim('No.', paused);
    expect(out).toEqual(['INTERIM No.']);
    interim('No.', pausedFor(96));
    expect(out.at(-1)).toBe('PREFLIGHT No.');
  });

  it('speculates on high confidence once the engine has reported varying values', () => {
    const { interim, out } = openProcessor();
    interim('book', { confidence: 1 });
    interim('book a', { confidence: 0.5 });
    interim('book a table', { confidence: 1 });
    expect(out).toEqual(['INTERIM book', 'INTERIM book a', 'PREFLIGHT book a table']);
  });

  it.each([0, 1])('speculates on stable words if confidence is always %d', (confidence) => {
    const { interim, out, clock } = openProcessor();
    interim('book a table', { confidence });
    clock.advance(349);
    expect(out).toEqual(['INTERIM book a table']);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('restarts the timer when the words change', () => {
    const { interim, out, clock } = openProcessor();
    interim('book');
    clock.advance(300);
    interim('book a table');
    clock.advance(349);
    expect(out).not.toContain('PREFLIGHT book');
    // 1.5 times the engine's interval of 300 ms between interims.
    clock.advance(101);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('speculates when the caller stops speaking', () => {
    const { interim, out, clock, processor } = openProcessor();
    interim('book a table', { confidence: 0.5 });
    clock.advance(20);
    processor.setSilence(clock.nowMs());
    clock.advance(179);
    expect(out).toHaveLength(1);
    clock.advance(1);
    expect(out.at(-1)).toBe('PREFLIGHT book a table');
  });

  it('keeps waiting while the caller keeps speaking', () => {
    const { interim, out, clock, processor } = openProcessor();
    interim('book a table', { confidence: 0.5 });
    processor.setSilence(clock.nowMs());
    clock.advance(50);
    processor.setSilence(undefined);
    clock.advance(1_000);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('emits a final with the preflight’s spelling if the words match, and remembers the final’s own', () => {
    const { interim, final, out, segments } = openProcessor();
    interim('uh at seven thirty', paused);
    final('At 7:30.');
    expect(out).toEqual(['PREFLIGHT uh at seven thirty', 'FINAL uh at seven thirty']);
    expect(segments.claim('uh at seven thirty')).toBe('At 7:30.');
  });

  it('passes a final with other words on, and cancels the speculation', () => {
    const { interim, final, out, speculator } = openProcessor();
    interim('book a table', paused);
    final('book a table for two');
    expect(out.at(-1)).toBe('FINAL book a table for two');
    expect(speculator.stats).toMatchObject({ cancelled: 1, wastedTokens: 100 });
  });

  it('restarts the speculation only when the words change', () => {
    const { interim, out, speculator } = openProcessor();
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

  it('treats each segment of a turn separately', () => {
    const { interim, final, out, segments } = openProcessor();
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

  it('does not speculate while LiveKit would reject it, and emits the final unchanged', () => {
    const { interim, final, out } = openProcessor({ canSpeculate: () => false });
    interim('stop please', paused);
    final('Stop, please.');
    expect(out).toEqual(['INTERIM stop please', 'FINAL Stop, please.']);
  });

  it('asks to interrupt the reply for words that qualify, and speculates once it has ended', () => {
    let free = false;
    const asked: number[] = [];
    const { interim, processor, out } = openProcessor({
      canSpeculate: () => free,
      interruptReplies: (words) => asked.push(words),
    });
    interim('yeah, okay', paused);
    interim('not now');
    expect(asked).toEqual([]);
    interim('not now', paused);
    expect(asked).toEqual([2]);
    free = true;
    processor.reconsider();
    expect(out.at(-1)).toBe('PREFLIGHT not now');
  });

  it('does not speculate beyond its budget', () => {
    const { interim, out } = openProcessor({ speculation: { maxPerTurn: 0 } });
    interim('book a table', paused);
    expect(out).toEqual(['INTERIM book a table']);
  });

  it('pauses at the waste limit per minute, resumes after it, and stops at the call’s budget', () => {
    // Each superseded speculation costs 100 tokens here.
    const budgets = { maxWastedTokensPerMinute: 100, maxWastedTokensPerCall: 200, minAcceptance: 0 };
    const { interim, speculator, clock } = openProcessor({ speculation: budgets });
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

  it('limits an engine’s own preflights by their acceptance', () => {
    const { preflight, final, out, speculator } = openProcessor({ speculation: { minAcceptance: 0.4 } });
    for (let turn = 0; turn < 3; turn++) {
      preflight('book a table');
      final(`Order number ${turn}.`);
      speculator.commit(false);
    }
    preflight('book a table');
    expect(out.at(-1)).toBe('INTERIM book a table');
    expect(speculator.stats).toMatchObject({ started: 3, kept: 0, cancelled: 3, refused: 1 });
  });

  it('keeps finals whose times run backwards', () => {
    const { interim, final, out } = openProcessor();
    interim('book', { startTime: 9, endTime: 8, ...paused });
    final('Book.', { startTime: 9, endTime: 8 });
    final('A table.', { startTime: 3, endTime: 2 });
    final('For two.', { startTime: -1, endTime: -2 });
    expect(out).toEqual(['PREFLIGHT book', 'FINAL book', 'FINAL A table.', 'FINAL For two.']);
  });

  it('emits nothing while the engine sends no transcript', () => {
    const { start, processor, out, clock, speculator } = openProcessor();
    start();
    processor.setSilence(0);
    clock.advance(60_000);
    processor.setSilence(undefined);
    expect(out).toEqual(['START']);
    expect([speculator.stats.started, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('leaves an engine’s own preflights unchanged, and keeps their speculation', () => {
    const { interim, preflight, final, out, clock } = openProcessor();
    preflight('book a table');
    interim('book a table for two');
    clock.advance(5_000);
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM book a table for two', 'FINAL book a table']);
  });

  it('speculates in silence, too, if an engine that sends preflights is late with one', () => {
    const { interim, preflight, out, clock, processor } = openProcessor();
    preflight('book');
    interim('book a table', { confidence: 0.9 });
    processor.setSilence(clock.nowMs());
    clock.advance(180);
    expect(out).toEqual(['PREFLIGHT book', 'INTERIM book a table', 'PREFLIGHT book a table']);
  });

  it('takes a preflight for an interim while the caller speaks, until they stop', () => {
    const { preflight, out, clock, processor } = openProcessor();
    processor.setSilence(undefined);
    preflight('What');
    preflight('What time');
    expect(out).toEqual(['INTERIM What', 'INTERIM What time']);
    processor.setSilence(clock.nowMs());
    expect(out.at(-1)).toBe('PREFLIGHT What time');
  });

  it('goes on without silence once the VAD has failed', () => {
    const { preflight, out, processor } = openProcessor();
    processor.setSilence(undefined);
    processor.forgetSilence();
    preflight('What time are you open?');
    expect(out).toEqual(['PREFLIGHT What time are you open?']);
  });

  it('does not restart a speculation if a preflight changes only the spelling', () => {
    const { preflight, final, out } = openProcessor();
    preflight('book a table');
    preflight('Book a table.');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'INTERIM Book a table.', 'FINAL book a table']);
  });

  it('drops a final that the engine repeats', () => {
    const { final, out, clock } = openProcessor();
    final('yes');
    clock.advance(100);
    final('yes');
    final('yes');
    expect(out).toEqual(['FINAL yes']);
  });

  it('drops a repeated final with better spelling, but uses that spelling in history', () => {
    const { final, out, segments } = openProcessor();
    final('book a table at seven thirty');
    final('Book a table at 7:30.');
    expect(out).toEqual(['FINAL book a table at seven thirty']);
    expect(segments.claim('book a table at seven thirty')).toBe('Book a table at 7:30.');
  });

  it('keeps a word that is spoken twice, even if its finals come in quick succession', () => {
    const { final, out } = openProcessor();
    final('five', { startTime: 1, endTime: 1.3 });
    final('five', { startTime: 1.5, endTime: 1.8 });
    expect(out).toEqual(['FINAL five', 'FINAL five']);
  });

  it('drops a final that is repeated much later with the same times', () => {
    const { final, out, clock } = openProcessor();
    final('yes', { startTime: 1, endTime: 1.5 });
    clock.advance(5_000);
    final('yes', { startTime: 1, endTime: 1.5 });
    expect(out).toEqual(['FINAL yes']);
  });

  it('keeps a final if the caller repeats the same words', () => {
    const { final, start, out } = openProcessor();
    final('yes');
    start();
    final('yes');
    expect(out).toEqual(['FINAL yes', 'START', 'FINAL yes']);
  });

  it('does not speculate on an interim that comes after its final', () => {
    const { interim, final, out, clock } = openProcessor();
    final('Book a table.');
    interim('book a table', paused);
    clock.advance(5_000);
    expect(out).toEqual(['FINAL Book a table.', 'INTERIM book a table']);
  });

  it.each(['', ' ', '…', 'um', 'Uh, hmm.'])('never speculates on %j', (nothing) => {
    const { interim, out, clock } = openProcessor();
    interim(nothing, paused);
    clock.advance(5_000);
    expect(out.filter((line) => line.startsWith('PREFLIGHT'))).toEqual([]);
  });

  it('ignores an empty final', () => {
    const { interim, final, out } = openProcessor();
    interim('book a table', paused);
    final('');
    final('Book a table.');
    expect(out).toEqual(['PREFLIGHT book a table', 'FINAL', 'FINAL book a table']);
  });

  it('leaves no pending timer', () => {
    const { interim, processor, clock, out } = openProcessor();
    interim('book a table');
    processor.close();
    expect(clock.pendingTimers).toBe(0);
    clock.advance(5_000);
    expect(out).toEqual(['INTERIM book a table']);
  });
});

describe('SegmentMemory', () => {
  it('claims a turn’s segments among those left by other turns', () => {
    const segments = new SegmentMemory();
    segments.add({ given: 'never committed', written: 'Never committed.' });
    segments.add({ given: 'yes please', written: 'Yes, please.' });
    segments.add({ given: 'next', written: 'Next.' });
    expect(segments.claim('yes please')).toBe('Yes, please.');
    expect(segments.claim('next')).toBe('Next.');
    expect(segments.claim('next')).toBeUndefined();
  });

  it('claims nothing for an edited text', () => {
    const segments = new SegmentMemory();
    segments.add({ given: 'my card is 4111', written: 'My card is 4111.' });
    expect(segments.claim('my card is ****')).toBeUndefined();
  });
});
