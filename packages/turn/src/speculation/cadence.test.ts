import { expect, it } from 'vitest';
import { Cadence } from './cadence.js';

it('knows no pace before the second interim', () => {
  const cadence = new Cadence();
  cadence.note(1_000);
  expect(cadence.usualMs).toBeUndefined();
  cadence.note(1_200);
  expect(cadence.usualMs).toBe(200);
});

it('follows an engine that becomes slower', () => {
  const cadence = new Cadence();
  for (const nowMs of [0, 200, 400]) cadence.note(nowMs);
  for (let i = 1; i <= 8; i++) cadence.note(400 + i * 600);
  expect(cadence.usualMs).toBeGreaterThan(550);
});

it('does not take the caller’s pauses for its pace', () => {
  const cadence = new Cadence();
  cadence.note(0);
  cadence.note(200);
  cadence.pause();
  cadence.note(9_000);
  cadence.note(9_200);
  expect(cadence.usualMs).toBe(200);
});
