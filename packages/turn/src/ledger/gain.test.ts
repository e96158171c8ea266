import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Marks } from '../marks.js';
import { gainWithout, ledger } from './ledger.js';

/** A cascade whose turn is committed once the final transcript is there and the end-of-turn wait has elapsed. */
function cascade(finalMs: number, waitMs: number): Marks {
  const turnCommitted = Math.max(finalMs, waitMs) + 2;
  return {
    speechEnded: 0,
    finalTranscript: finalMs,
    endpointingElapsed: waitMs,
    turnCommitted,
    llmRequested: turnCommitted + 1,
    firstContent: turnCommitted + 200,
    firstClause: turnCommitted + 240,
    ttsRequested: turnCommitted + 241,
    ttsFirstByte: turnCommitted + 300,
    framePublished: turnCommitted + 305,
    firstAudible: turnCommitted + 330,
  };
}

/** Nothing runs alongside: each step waits for the one before. */
const IN_A_ROW: Marks = { ...cascade(0, 400), finalTranscript: -100 };

/** The answer was speculated and ready to be spoken 4 ms before the commit. */
const SPECULATED: Marks = {
  speechEnded: 0,
  finalTranscript: 200,
  speculationStarted: 100,
  llmRequested: 100,
  firstContent: 220,
  firstClause: 240,
  ttsRequested: 240,
  ttsFirstByte: 296,
  endpointingElapsed: 299,
  turnCommitted: 300,
  framePublished: 302,
  firstAudible: 330,
};

const gains = (marks: Marks) =>
  Object.fromEntries(ledger(marks).segments.map(({ name, gainMs }) => [name, gainMs]));

describe('the gain of a segment', () => {
  it('is its length where nothing ran alongside', () => {
    for (const { name, gainMs, durationMs } of ledger(IN_A_ROW).segments)
      expect(gainMs, name).toBe(durationMs);
  });

  it('is the 3 ms to the other of two waits that end together, whichever is on the path', () => {
    expect(gains(cascade(331, 328))).toMatchObject({ 'final transcript': 3 });
    expect(gains(cascade(328, 331))).toMatchObject({ 'end-of-turn wait': 3 });
  });

  it('is the distance of two waits, and never more than the longer one', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (finalMs, waitMs) => {
        const [first] = ledger(cascade(finalMs, waitMs)).segments;
        const longer = Math.max(finalMs, waitMs);
        if (longer > 0) expect(first!.gainMs).toBe(longer - Math.min(finalMs, waitMs));
      }),
    );
  });

  it('does not change the segments and their sum', () => {
    const { feltGapMs, segments } = ledger(cascade(331, 328));
    expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(feltGapMs);
  });

  it('is what remains to work that was speculated', () => {
    expect(gains(SPECULATED)).toEqual({
      'end-of-turn wait': 6,
      'turn decision': 1,
      'reply released': 2,
      'leading silence': 28,
    });
  });

  it('takes work that starts at either of two marks as the same work', () => {
    expect(gains(cascade(331, 330))).toMatchObject({ 'final transcript': 1, 'turn decision': 2 });
  });

  it('counts only the time after the caller had finished', () => {
    const { speechEnded: _, ...rest } = SPECULATED;
    const found = ledger({
      ...rest,
      speechEnded: 150,
      firstContent: 700,
      firstClause: 710,
      ttsRequested: 710,
      ttsFirstByte: 720,
      framePublished: 720,
      firstAudible: 750,
    });
    expect(found.segments[0]).toMatchObject({ name: 'LLM first content', durationMs: 550, gainMs: 410 });
  });

  it.each([
    [
      'of the wait, if the final transcript’s time is not known',
      'finalTranscript',
      cascade(331, 400),
      'end-of-turn wait',
    ],
    [
      'of the transcript, if the wait’s time is not known',
      'endpointingElapsed',
      cascade(331, 100),
      'final transcript',
    ],
  ] as const)('is not reported %s', (_, missing, marks, name) => {
    const found = ledger({ ...marks, [missing]: undefined }).segments.find((one) => one.name === name);
    expect(found).toBeDefined();
    expect(found).not.toHaveProperty('gainMs');
  });

  it('is reported if only steps are missing that many turns do not have', () => {
    expect(ledger(cascade(100, 400)).missing).toContain('speculationStarted');
    expect(gains(cascade(100, 400))).toMatchObject({ 'end-of-turn wait': 300, 'LLM first content': 199 });
  });

  it('is reported for an LLM that reports no phases, and for the time that no edge explains', () => {
    expect(ledger({ speechEnded: 0, turnCommitted: 500, firstAudible: 900 }).segments).toMatchObject([
      { owner: { kind: 'unaccounted' }, durationMs: 500, gainMs: 500 },
      { owner: { kind: 'unaccounted' }, durationMs: 400, gainMs: 400 },
    ]);
  });
});

describe('the gain of several stages', () => {
  it('is more than the sum of theirs where two waits end together', () => {
    const marks = cascade(331, 328);
    expect(gainWithout(marks, ['final transcript'])).toBe(3);
    expect(gainWithout(marks, ['end-of-turn wait'])).toBe(0);
    expect(gainWithout(marks, ['final transcript', 'end-of-turn wait'])).toBe(331);
  });

  it('is 0 for work that the turn does not have, and not known without a felt gap', () => {
    expect(gainWithout(cascade(331, 328), ['tools'])).toBe(0);
    expect(gainWithout({ speechEnded: 0 }, ['tools'])).toBeUndefined();
  });
});
