import { describe, expect, it } from 'vitest';
import { harness } from '../testing/stream-harness.js';
import { decodeAgain } from './decode-again.js';
import type { Decoded } from './protocol.js';

const MS = 16;
const speech = (ms: number) => Int16Array.from({ length: ms * MS }, (_, i) => (i % 2 ? 3_000 : -3_000));
const silence = (ms: number) => new Int16Array(ms * MS);

/** The caller says something of 400 ms; the first decode comes before the end. */
async function spoken(text: string) {
  const rig = harness();
  rig.stream.push(silence(600));
  rig.stream.push(speech(100));
  rig.stream.beginUtterance();
  rig.stream.push(speech(300));
  rig.stream.push(silence(60));
  rig.stream.hintPause();
  // That of the dip, and that of the pause.
  await rig.answer(text);
  await rig.answer(text);
  rig.stream.push(silence(200));
  rig.stream.endUtterance();
  await rig.settle();
  return rig;
}

describe('a finished utterance without words', () => {
  it('is decoded once more, with the place of its speech', async () => {
    const { requests, texts, answer } = await spoken('');
    const last = requests.at(-1)!;
    expect(texts('final')).toEqual([]);
    // 500 ms of pre-roll before the place where the VAD noticed speech; a pause 360 ms after it.
    expect(last.again).toEqual({ from: 500 * MS, to: 860 * MS });
    expect(last.samples).toHaveLength(1060 * MS);
    await answer('bye');
    expect(texts('final')).toEqual(['bye']);
    expect(requests.at(-1)).toBe(last);
  });

  it('gets an empty final if that yields none either', async () => {
    const { texts, answer, requests } = await spoken('');
    const asked = requests.length;
    await answer('');
    expect(texts('final')).toEqual(['']);
    expect(requests).toHaveLength(asked);
  });

  it('is not decoded again if it has words, or no sound', async () => {
    const withWords = await spoken('bye');
    expect(withWords.texts('final')).toEqual(['bye']);
    expect(withWords.requests.every(({ again }) => again === undefined)).toBe(true);
    const { stream, requests, texts, settle } = harness();
    stream.push(silence(600));
    stream.beginUtterance();
    stream.push(silence(200));
    stream.endUtterance();
    await settle();
    expect(texts('final')).toEqual(['']);
    expect(requests).toEqual([]);
  });

  it('gets an empty final if the engine fails meanwhile, twice', async () => {
    const { texts, die } = await spoken('');
    await die();
    await die();
    expect(texts('final')).toEqual(['']);
  });
});

describe('decodeAgain', () => {
  const clip = { samples: silence(1200), speech: { from: 500 * MS, to: 900 * MS } };
  const nothing: Decoded = { text: '', tokens: [], endConfidence: 0, decodeMs: 10, cancelled: false };

  async function attempts(answers: Partial<Decoded>[], isCancelled = () => false) {
    const lengths: number[] = [];
    const model = {
      transcribe: async ({ samples }: { samples: Int16Array }) => {
        lengths.push(samples.length / MS);
        return { ...nothing, ...answers[lengths.length - 1] };
      },
    };
    return { decoded: await decodeAgain(model, { ...clip, isCancelled }), lengths };
  }

  it('takes the first words that the model is sure of', async () => {
    const { decoded, lengths } = await attempts([
      {},
      { text: 'but', endConfidence: 0.2 },
      { text: 'bye', endConfidence: 0.8 },
    ]);
    expect(decoded).toMatchObject({ text: 'bye', decodeMs: 30 });
    expect(lengths).toHaveLength(3);
  });

  it('takes the surest of words that it is unsure of', async () => {
    const { decoded, lengths } = await attempts([
      { text: 'but', endConfidence: 0.5 },
      { text: 'bye', endConfidence: 0.6 },
      { text: 'by', endConfidence: 0.55 },
    ]);
    expect(decoded.text).toBe('bye');
    expect(lengths).toHaveLength(3);
    expect((await attempts([{ text: 'but', endConfidence: 0.4 }])).decoded.text).toBe('');
  });

  it('decodes less audio around the speech, and slower', async () => {
    const { decoded, lengths } = await attempts([]);
    expect(decoded.text).toBe('');
    expect(Math.max(...lengths)).toBeLessThan(900);
    expect(new Set(lengths).size).toBe(lengths.length);
  });

  it('stops when it is cancelled', async () => {
    const { decoded, lengths } = await attempts([{ cancelled: true }]);
    expect(decoded.cancelled).toBe(true);
    expect(lengths).toHaveLength(1);
  });
});
