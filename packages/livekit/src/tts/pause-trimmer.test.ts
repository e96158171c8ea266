import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { join, PauseTrimmer } from './pause-trimmer.js';

const rateHz = 16_000;
const silence = (durationMs: number) => new Int16Array((rateHz * durationMs) / 1000);
const sound = (durationMs: number) => silence(durationMs).fill(3000);
const ms = (samples: Int16Array) => (samples.length / rateHz) * 1000;

function trimmer(marginMs = 20, maxPauseMs = Number.POSITIVE_INFINITY): PauseTrimmer {
  const made = new PauseTrimmer({ rateHz, channels: 1, marginMs });
  made.maxPauseMs = maxPauseMs;
  return made;
}

const through = (made: PauseTrimmer, ...parts: Int16Array[]) =>
  join([...parts.map((part) => made.push(part)), made.end()]);

describe('PauseTrimmer', () => {
  it('trims leading silence to the margin', () => {
    const made = trimmer();
    expect(ms(through(made, silence(225), sound(100)))).toBe(120);
    expect(made.trimmedMs).toBe(205);
  });

  it('distinguishes leading silence from later pauses', () => {
    const made = trimmer(20, 100);
    through(made, silence(225), sound(100), silence(300), sound(100));
    expect(made.leadingMs).toBe(205);
    expect(made.trimmedMs).toBeGreaterThan(made.leadingMs);
  });

  it('keeps leading silence that is shorter than the margin', () => {
    expect(ms(through(trimmer(), silence(10), sound(100)))).toBe(110);
  });

  it('emits the first sound in the push that contains it', () => {
    const made = trimmer();
    made.push(silence(225));
    expect(ms(made.push(sound(10)))).toBe(30);
  });

  it('passes an allowed pause on at once', () => {
    const made = trimmer(20, 400);
    made.push(sound(100));
    expect(ms(made.push(silence(300)))).toBe(300);
  });

  it('trims a longer pause to the allowed length', () => {
    expect(ms(through(trimmer(20, 400), sound(100), silence(900), sound(100)))).toBe(600);
  });

  it('passes at most the margin of pure silence', () => {
    expect(ms(through(trimmer(), silence(500)))).toBe(20);
  });

  it('loses no sound, whatever the chunk sizes', () => {
    const part = fc.record({ loud: fc.boolean(), windows: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.integer({ min: 1, max: 700 })), (parts, steps) => {
        const all = join(parts.map((p) => (p.loud ? sound(p.windows * 2.5) : silence(p.windows * 2.5))));
        const made = trimmer(20, 100);
        const out: Int16Array[] = [];
        let at = 0;
        for (const step of steps) {
          out.push(made.push(all.subarray(at, at + step)));
          at += step;
        }
        out.push(made.push(all.subarray(at)), made.end());
        const count = (samples: Int16Array) => samples.filter((s) => s !== 0).length;
        expect(count(join(out))).toBe(count(all));
        expect(ms(join(out)) + made.trimmedMs).toBeCloseTo(ms(all), 6);
      }),
    );
  });
});
