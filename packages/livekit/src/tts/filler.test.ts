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
  it('says a phrase where the gap is predicted to be over the limit', () => {
    expect(chooseFiller(slow)).toBe('Let me see.');
  });

  it('says nothing over an answer that is predicted to be in time', () => {
    expect(chooseFiller({ ...slow, predictedGapMs: 1000 })).toBeUndefined();
  });

  it('says nothing where nothing is predicted', () => {
    expect(chooseFiller({ ...slow, predictedGapMs: undefined })).toBeUndefined();
  });

  it('says nothing once the answer has begun', () => {
    expect(chooseFiller({ ...slow, answerStarted: true })).toBeUndefined();
  });

  it('prefers a phrase that was not said, then the one said longest ago', () => {
    expect(chooseFiller({ ...slow, recent: ['Let me see.'] })).toBe('One moment.');
    expect(chooseFiller({ ...slow, recent: ['One moment.', 'Just a second.', 'Let me see.'] })).toBe(
      'One moment.',
    );
  });

  it('never repeats itself', () => {
    const phrases = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(phrases, (texts) => {
        const said: string[] = [];
        for (let turn = 0; turn < 10; turn++) {
          const phrase = chooseFiller({ ...slow, phrases: texts, recent: said });
          if (phrase === undefined) continue;
          expect(phrase).not.toBe(said.at(-1));
          said.push(phrase);
        }
      }),
    );
  });

  it('has nothing to say where its only phrase was the last', () => {
    expect(chooseFiller({ ...slow, phrases: ['Hm.'], recent: ['Hm.'] })).toBeUndefined();
  });
});
