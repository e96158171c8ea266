import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSound, isSilent, speechLevel } from './pause.js';

/** Alternating samples: `ms` of sound at exactly this RMS. */
function sound(level: number, ms: number): Int16Array {
  return Int16Array.from({ length: ms * 16 }, (_, i) => (i % 2 ? level : -level));
}

describe('after a pause', () => {
  it('a quiet consonant is speech, on a clean line', () => {
    const levelRms = speechLevel({ speech: sound(3_000, 500), pause: sound(5, 80) });
    expect(hasSound(sound(250, 40), levelRms)).toBe(true);
  });

  it('the noise of the line is not speech', () => {
    const levelRms = speechLevel({ speech: sound(3_000, 500), pause: sound(300, 80) });
    expect(hasSound(sound(400, 200), levelRms)).toBe(false);
  });

  it('speech as loud as before is speech, wherever the pause was measured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 20_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (loud, pause) => {
          const levelRms = speechLevel({ speech: sound(loud, 500), pause: sound(Math.min(loud, pause), 80) });
          expect(hasSound(sound(loud, 30), levelRms)).toBe(true);
        },
      ),
    );
  });

  it('a click is not speech', () => {
    const levelRms = speechLevel({ speech: sound(3_000, 500), pause: sound(5, 80) });
    const click = new Int16Array(1_600);
    click.set(sound(9_000, 5), 480);
    expect(hasSound(click, levelRms)).toBe(false);
  });
});

it('a clip with almost no sound is silent', () => {
  expect([isSilent(new Int16Array(8_000)), isSilent(sound(10, 300)), isSilent(sound(60, 300))]).toEqual([
    true,
    true,
    false,
  ]);
});
