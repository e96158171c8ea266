import { expect, it } from 'vitest';
import { shownGainMs } from './gain.js';

it.each([
  [331, 3.04, 3],
  [331, 0, 0],
  [331, 331, undefined],
  [331, 320, undefined],
  [2, 1.5, undefined],
  [331, undefined, undefined],
])('of %d ms with a gain of %s ms, shows %s', (lengthMs, gainMs, shown) => {
  expect(shownGainMs(lengthMs, gainMs)).toBe(shown);
});
