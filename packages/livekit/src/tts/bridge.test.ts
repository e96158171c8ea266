import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BridgeSituation, bridgePhrase } from './bridge.js';

const slow: BridgeSituation = {
  predictedGapMs: 1500,
  limitMs: 1000,
  answerBegun: false,
  phrases: ['Let me see.', 'One moment.', 'Just a second.'],
  recent: [],
};

describe('bridgePhrase', () => {
  it('says a phrase where the gap is predicted to be over the limit', () => {
    expect(bridgePhrase(slow)).toBe('Let me see.');
  });

  it('says nothing over an answer that is predicted to be in time', () => {
    expect(bridgePhrase({ ...slow, predictedGapMs: 1000 })).toBeUndefined();
  });

  it('says nothing where nothing is predicted', () => {
    expect(bridgePhrase({ ...slow, predictedGapMs: undefined })).toBeUndefined();
  });

  it('says nothing once the answer has begun', () => {
    expect(bridgePhrase({ ...slow, answerBegun: true })).toBeUndefined();
  });

  it('prefers a phrase that was not said, then the one said longest ago', () => {
    expect(bridgePhrase({ ...slow, recent: ['Let me see.'] })).toBe('One moment.');
    expect(bridgePhrase({ ...slow, recent: ['One moment.', 'Just a second.', 'Let me see.'] })).toBe(
      'One moment.',
    );
  });

  it('never repeats itself', () => {
    const phrases = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(phrases, (texts) => {
        const said: string[] = [];
        for (let turn = 0; turn < 10; turn++) {
          const phrase = bridgePhrase({ ...slow, phrases: texts, recent: said });
          if (phrase === undefined) continue;
          expect(phrase).not.toBe(said.at(-1));
          said.push(phrase);
        }
      }),
    );
  });

  it('has nothing to say where its only phrase was the last', () => {
    expect(bridgePhrase({ ...slow, phrases: ['Hm.'], recent: ['Hm.'] })).toBeUndefined();
  });
});
