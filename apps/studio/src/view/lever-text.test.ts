import { describe, expect, it } from 'vitest';
import { LIVEKIT_LEVERS, leverSetName } from './lever-text.js';

const FIRSTWORD = {
  ...LIVEKIT_LEVERS,
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
};
const name = (set: Partial<typeof LIVEKIT_LEVERS>) => leverSetName({ ...LIVEKIT_LEVERS, ...set }, FIRSTWORD);

describe('the name of a set of levers', () => {
  it('is the preset’s if they are equal', () => {
    expect(name({})).toBe('LiveKit defaults');
    expect(name(FIRSTWORD)).toBe('Firstword');
  });

  it('gives the differences from the preset', () => {
    expect(name({ ...FIRSTWORD, endpointing: true, backup: true })).toBe(
      'Firstword + Adaptive endpointing + Backup LLM',
    );
    expect(name({ ...FIRSTWORD, clause: false })).toBe('Firstword − First clause');
  });

  it('lists the levers that are on if they are few', () => {
    expect(name({ trimSilence: true })).toBe('Only Silence trimming');
    expect(name({ endpointing: true })).toBe('Only Adaptive endpointing');
    expect(name({ speculation: true, backup: true })).toBe('Only Speculation, Backup LLM');
  });
});
