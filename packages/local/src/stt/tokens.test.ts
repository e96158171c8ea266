import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leanToWords, loopStart, spokenText, tokenLimit, verifyDraft } from './tokens.js';

const VOCABULARY = 5;
/** Logits of a decoder that wants these tokens, in this order. */
function wanting(tokens: number[]): Float32Array {
  const logits = new Float32Array(tokens.length * VOCABULARY);
  for (const [row, token] of tokens.entries()) logits[row * VOCABULARY + token] = 1;
  return logits;
}

describe('leaning to words', () => {
  const END = 2;
  /** The first token of logits in which an end scores 10, and the others what they are given. */
  const firstOf = (scores: Record<number, number>) => {
    const logits = new Float32Array(1000);
    for (const [token, score] of Object.entries({ [END]: 10, ...scores })) logits[Number(token)] = score;
    leanToWords(logits, 1000, END);
    return verifyDraft(logits, 1000, []).next;
  };

  it('begins with a word where an end is hardly better, and ends where it clearly is', () => {
    expect(firstOf({ 4: 7.6 })).toBe(4);
    expect(firstOf({ 4: 7.4 })).toBe(END);
    expect(firstOf({ 4: 11 })).toBe(4);
  });

  it('does not take the "You" that silence brings for a word, unless the model is sure of it', () => {
    expect(firstOf({ 887: 9, 4: 8 })).toBe(END);
    expect(firstOf({ 887: 11 })).toBe(887);
  });
});

describe('a draft', () => {
  it('is kept as far as the decoder agrees, and no further', () => {
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

describe('a repetition loop', () => {
  it('is found whatever its length, and cut back to one round', () => {
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
  ])('is not seen in what people say: %s', (_what, tokens) => {
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
])('takes %j for %j', (text, spoken) => {
  expect(spokenText(text)).toBe(spoken);
});
