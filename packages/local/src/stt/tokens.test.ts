import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endConfidence, favourWords, loopStart, spokenText, tokenLimit, verifyDraft } from './tokens.js';

const VOCABULARY = 5;
/** Logits of a decoder that chooses these tokens, in this order. */
function wanting(tokens: number[]): Float32Array {
  const logits = new Float32Array(tokens.length * VOCABULARY);
  for (const [row, token] of tokens.entries()) logits[row * VOCABULARY + token] = 1;
  return logits;
}

describe('favouring words', () => {
  const END = 2;
  /** The first token chosen from these scores; the end token scores 10. */
  const firstOf = (scores: Record<number, number>) => {
    const logits = new Float32Array(1000);
    for (const [token, score] of Object.entries({ [END]: 10, ...scores })) logits[Number(token)] = score;
    favourWords(logits, 1000, END);
    return verifyDraft(logits, 1000, []).next;
  };

  it('begins with a word where the end token is hardly better, and ends where it is clearly better', () => {
    expect(firstOf({ 4: 7.6 })).toBe(4);
    expect(firstOf({ 4: 7.4 })).toBe(END);
    expect(firstOf({ 4: 11 })).toBe(4);
  });

  it('ignores the "You" that silence produces, unless its score is high', () => {
    expect(firstOf({ 887: 9, 4: 8 })).toBe(END);
    expect(firstOf({ 887: 11 })).toBe(887);
  });
});

describe('a draft', () => {
  it('is kept exactly as far as the decoder agrees', () => {
    const token = fc.nat(VOCABULARY - 1);
    fc.assert(
      fc.property(fc.array(token), fc.array(token, { minLength: 1 }), (draft, wanted) => {
        const rows = Array.from({ length: draft.length + 1 }, (_, i) => wanted[i] ?? 0);
        const { kept, next } = verifyDraft(wanting(rows), VOCABULARY, draft);
        expect(draft.slice(0, kept)).toEqual(rows.slice(0, kept));
        expect(next).toBe(rows[kept]);
        expect(kept === draft.length || draft[kept] !== rows[kept]).toBe(true);
      }),
    );
  });

  it('that is empty leaves the first token to the decoder', () => {
    expect(verifyDraft(wanting([3]), VOCABULARY, [])).toEqual({ kept: 0, next: 3 });
  });
});

describe('the confidence in the last words', () => {
  const COMMA = 4;
  /** Logits in which each token has this share of the probability. */
  const rowsOf = (tokens: number[], shares: number[]) =>
    tokens.map((token, i) => {
      const row = new Float32Array(VOCABULARY).fill(Math.log((1 - shares[i]!) / (VOCABULARY - 1)));
      row[token] = Math.log(shares[i]!);
      return row;
    });
  const sure = (tokens: number[], shares: number[]) =>
    endConfidence(tokens, rowsOf(tokens, shares), (token) => token !== COMMA);

  it('is the mean over the last three tokens, with equal weight', () => {
    expect(sure([3, 3, 3, 3], [0.01, 0.5, 0.5, 0.5])).toBeCloseTo(0.5);
    expect(sure([3, 1], [0.9, 0.4])).toBeCloseTo(0.6);
  });

  it('ignores punctuation', () => {
    expect(sure([3, COMMA, 3, COMMA], [0.8, 0.1, 0.8, 0.1])).toBeCloseTo(0.8);
  });

  it('is 0 without words', () => {
    expect(sure([], [])).toBe(0);
    expect(sure([COMMA], [0.9])).toBe(0);
  });

  it('is a fraction, whatever the logits', () => {
    const logits = fc.float({ min: -1000, max: 1000, noNaN: true });
    const row = fc.array(logits, { minLength: VOCABULARY, maxLength: VOCABULARY });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const tokens = rows.map((r) => r.indexOf(Math.max(...r)));
        const share = endConfidence(
          tokens,
          rows.map((r) => Float32Array.from(r)),
          () => true,
        );
        expect(share).toBeGreaterThanOrEqual(1 / VOCABULARY - 1e-6);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a repetition loop', () => {
  it('is found at any length, and cut to one round', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 100 }), { minLength: 1, maxLength: 12 }), (phrase) => {
        const rounds = Math.max(4, Math.ceil(12 / phrase.length));
        const tokens = [1, 2, 3, ...Array.from({ length: rounds }, () => phrase).flat()];
        expect(tokens.slice(0, loopStart(tokens))).toEqual([1, 2, 3, ...phrase]);
      }),
    );
  });

  it.each([
    ['no, no, no, no', [5, 9, 5, 9, 5, 9, 5, 9]],
    ['a number with zeros', [7, 0, 0, 0, 0, 0, 0]],
    ['nothing', []],
  ])('is not detected in normal speech: %s', (_what, tokens) => {
    expect(loopStart(tokens)).toBeUndefined();
  });
});

it('allows more tokens for longer audio, and a few for the shortest', () => {
  expect([0, 16_000, 160_000].map(tokenLimit)).toEqual([4, 7, 65]);
});

it.each([
  ['  Hello.', 'Hello.'],
  [' ...', ''],
  ['♪ ♪', ''],
  ['7', '7'],
])('reads %j as %j', (text, spoken) => {
  expect(spokenText(text)).toBe(spoken);
});
