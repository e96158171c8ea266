import { describe, expect, it } from 'vitest';
import { shouldFinalise } from './finalise.js';

const options = { silenceMs: 200 };
const heard = { unchangedSinceMs: 900, revisions: 2, lastInterimMs: 1_100 };

describe('shouldFinalise', () => {
  it('is not final while the caller speaks, or if silence is not measured', () => {
    expect(shouldFinalise(heard, 9_000, options)).toEqual({ final: false, waitMs: undefined });
  });

  it('waits for enough silence if the interim arrived during the silence', () => {
    const silent = { ...heard, silentSinceMs: 1_000 };
    expect(shouldFinalise(silent, 1_150, options)).toEqual({ final: false, waitMs: 50 });
    expect(shouldFinalise(silent, 1_200, options)).toEqual({ final: true });
  });

  it('waits twice as long if the last word may still be missing', () => {
    const silent = { ...heard, silentSinceMs: 1_100 };
    expect(shouldFinalise(silent, 1_300, options)).toEqual({ final: false, waitMs: 200 });
    expect(shouldFinalise(silent, 1_500, options)).toEqual({ final: true });
  });
});
