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
  it('is that of the preset it is', () => {
    expect(name({})).toBe('LiveKit defaults');
    expect(name(FIRSTWORD)).toBe('Firstword');
  });

  it('tells what is other than the preset', () => {
    expect(name({ ...FIRSTWORD, endpointing: true, backup: true })).toBe(
      'Firstword + Fitting wait + Backup LLM',
    );
    expect(name({ ...FIRSTWORD, clause: false })).toBe('Firstword − First clause');
  });

  it('is what is left of it where that is little', () => {
    expect(name({ trimSilence: true })).toBe('Only Trimmed silence');
    expect(name({ endpointing: true })).toBe('Only Fitting wait');
    expect(name({ speculation: true, backup: true })).toBe('Only Early start, Backup LLM');
  });
});
