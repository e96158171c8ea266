import { describe, expect, it } from 'vitest';
import { firstAudibleSample, SpeechEdges } from './speech-edges.js';

const RATE_HZ = 16_000;

/** Deterministic noise with the given peak level. */
function noise(durationMs: number, level: number): Int16Array {
  let state = 12345;
  return Int16Array.from({ length: (RATE_HZ * durationMs) / 1000 }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return Math.round((state / 0x3fffffff - 1) * level);
  });
}

function feed(edges: SpeechEdges, parts: [durationMs: number, level: number][]): number {
  let atMs = 0;
  for (const [durationMs, level] of parts) {
    const samples = noise(durationMs, level);
    for (let i = 0; i < samples.length; i += 320) {
      edges.push(samples.subarray(i, i + 320), atMs + (i / RATE_HZ) * 1000, RATE_HZ);
    }
    atMs += durationMs;
  }
  return atMs;
}

describe('SpeechEdges', () => {
  it.each([
    ['quiet room', 20],
    ['noisy room', 300],
  ])('places the end of speech within 10 ms in a %s', (_room, floor) => {
    const edges = new SpeechEdges();
    const endMs = feed(edges, [
      [1000, floor],
      [1500, 6000],
      [600, floor],
    ]);
    expect(Math.abs(edges.lastSpeech(0, endMs)! - 2500)).toBeLessThanOrEqual(10);
  });

  it('does not look beyond the given time', () => {
    const edges = new SpeechEdges();
    feed(edges, [
      [500, 20],
      [500, 6000],
      [500, 20],
      [500, 6000],
    ]);
    expect(Math.abs(edges.lastSpeech(0, 1400)! - 1000)).toBeLessThanOrEqual(10);
  });

  it('places the start of speech within 10 ms, short pauses included', () => {
    const edges = new SpeechEdges();
    const endMs = feed(edges, [
      [500, 20],
      [300, 6000],
      [600, 20],
      [200, 6000],
      [80, 20],
      [60, 6000],
    ]);
    expect(Math.abs(edges.firstSpeech(0, endMs)! - 1400)).toBeLessThanOrEqual(10);
    expect(edges.firstSpeech(endMs, endMs + 100)).toBeUndefined();
  });

  it('finds nothing without speech', () => {
    const edges = new SpeechEdges();
    expect(edges.lastSpeech(0, 1000)).toBeUndefined();
    feed(edges, [[1000, 0]]);
    expect(edges.lastSpeech(0, 1000)).toBeUndefined();
  });
});

describe('firstAudibleSample', () => {
  it('skips leading silence and faint hiss', () => {
    const audio = new Int16Array(480).fill(20);
    audio.fill(4000, 240);
    expect(firstAudibleSample(audio, 24_000)).toBe(240);
  });

  it('returns −1 for silence', () => {
    expect(firstAudibleSample(new Int16Array(480), 24_000)).toBe(-1);
  });
});
