import { expect, it } from 'vitest';
import type { CallOutcome } from './outcome.js';
import { addedTokensShare } from './tokens.js';

const call = (name: string, answerTokens?: number, wastedTokens?: number): CallOutcome => ({
  arm: 'a',
  round: 1,
  call: name,
  voice: 'rms',
  lines: [],
  speculation: {
    turns: 1,
    startedTurns: 0,
    keptTurns: 0,
    requests: 1,
    hiddenMs: [],
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(wastedTokens === undefined ? {} : { wastedTokens }),
  },
  errors: [],
});

it('compares answered and wasted tokens with the same calls of the other arm', () => {
  const base = [call('hours', 150, 50), call('menu', 200)];
  expect(addedTokensShare([call('hours', 180, 60), call('menu', 200, 40)], base)).toBeCloseTo(0.2);
});

it('leaves out calls that only one arm has, or that report no tokens', () => {
  const base = [call('hours', 100), call('menu', 900)];
  expect(addedTokensShare([call('hours', 150), call('menu'), call('visit', 5000)], base)).toBeCloseTo(0.5);
  expect(addedTokensShare([call('visit', 1)], base)).toBeUndefined();
});
