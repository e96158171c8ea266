import { expect, it } from 'vitest';
import type { RecordedPause } from '../pause.js';
import { eotFigures } from './eot-figures.js';

const pause = (line: number, probability: number, more: Partial<RecordedPause> = {}): RecordedPause => ({
  line: String(line),
  voice: 'a',
  compared: false,
  end: true,
  tailMs: 0,
  answers: [160, 256].map((silenceMs) => ({ silenceMs, probability })),
  words: '',
  ...more,
});
const inside = (line: number, probability: number) =>
  pause(line, probability, { end: false, resumedAfterMs: 900 });
const lines = Array.from({ length: 10 }, (_, i) => i);

it('a model that knows cuts off nothing at the shortest delay; silence alone has to wait', () => {
  const knows = lines.flatMap((line) => [inside(line, 0.05), pause(line, 0.95)]);
  const [once, evidence, silence] = eotFigures(knows);
  for (const row of [once!, evidence!]) {
    expect(row.cutAtMeanMs).toEqual({ 300: 0, 400: 0, 600: 0 });
    expect(row.meanMsAtCut).toEqual({ 0.05: 288, 0.1: 288 });
  }
  expect(silence).toMatchObject({ cutAtMeanMs: { 300: 1, 600: 1 }, meanMsAtCut: { 0.05: 1000 } });
});

it('a model that knows nothing is no better than silence', () => {
  const guesses = lines.flatMap((line) => [inside(line, 0.5), pause(line, 0.5)]);
  const [once, , silence] = eotFigures(guesses);
  expect(once!.meanMsAtCut).toEqual(silence!.meanMsAtCut);
});
