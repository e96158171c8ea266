import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFiller, type FillerSituation } from './filler.js';

const slow: FillerSituation = {
  predictedGapMs: 1500,
  limitMs: 1000,
  answerStarted: false,
  phrases: ['Let me see.', 'One moment.', 'Just a second.'],
  recent: [],
};

describe('chooseFiller', () => {
  it('chooses a phrase if the predicted gap exceeds the limit', () => {
    expect(chooseFiller(slow)).toBe('Let me see.');
  });

  it('chooses none if the answer is predicted to be in time', () => {
    expect(chooseFiller({ ...slow, predictedGapMs: 1000 })).toBeUndefined();
  });

  it('chooses none without a prediction', () => {
    expect(chooseFiller({ ...slow, predictedGapMs: undefined })).toBeUndefined();
  });

  it('chooses none once the answer has begun', () => {
    expect(chooseFiller({ ...slow, answerStarted: true })).toBeUndefined();
  });

  it('prefers an unused phrase, then the least recently used one', () => {
    expect(chooseFiller({ ...slow, recent: ['Let me see.'] })).toBe('One moment.');
    expect(chooseFiller({ ...slow, recent: ['One moment.', 'Just a second.', 'Let me see.'] })).toBe(
      'One moment.',
    );
  });

  it('never repeats itself', () => {
    const phrases = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(phrases, (texts) => {
        const used: string[] = [];
        for (let turn = 0; turn < 10; turn++) {
          const phrase = chooseFiller({ ...slow, phrases: texts, recent: used });
          if (phrase === undefined) continue;
          expect(phrase).not.toBe(used.at(-1));
          used.push(phrase);
        }
      }),
    );
  });

  it('chooses none if the only phrase was the last one used', () => {
    expect(chooseFiller({ ...slow, phrases: ['Hm.'], recent: ['Hm.'] })).toBeUndefined();
  });
});
