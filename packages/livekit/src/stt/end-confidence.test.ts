import { type stt, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { END_CONFIDENCE, endConfidenceOf } from './end-confidence.js';

const speechData = (more: Partial<stt.SpeechData>): stt.SpeechData => ({
  text: 'a table for',
  language: 'en' as stt.SpeechData['language'],
  startTime: 0,
  endTime: 0,
  confidence: 0.9,
  ...more,
});
const words = (...confidences: (number | undefined)[]) =>
  confidences.map((confidence, i) =>
    voice.createTimedString({ text: `w${i}`, ...(confidence === undefined ? {} : { confidence }) }),
  );

describe('endConfidenceOf', () => {
  it('is the engine’s own value', () => {
    expect(endConfidenceOf(speechData({ metadata: { [END_CONFIDENCE]: 0.4 }, words: words(0.9) }))).toBe(0.4);
  });

  it('is the geometric mean of the last three words', () => {
    expect(endConfidenceOf(speechData({ words: words(0.1, 0.5, 0.5, 0.5) }))).toBeCloseTo(0.5);
    expect(endConfidenceOf(speechData({ words: words(0.9, 0.4) }))).toBeCloseTo(0.6);
  });

  it.each([
    ['neither is given', {}],
    ['there are no words', { words: [] }],
    ['a word has none', { words: words(0.9, undefined) }],
    ['engines report 0 for unknown', { words: words(0, 0) }],
    ['it is no share', { metadata: { [END_CONFIDENCE]: 7 }, words: words(40, 95) }],
    ['it is no number', { metadata: { [END_CONFIDENCE]: 'high' } }],
  ])('is not known where %s', (_, more) => {
    expect(endConfidenceOf(speechData(more as Partial<stt.SpeechData>))).toBeUndefined();
  });
});
