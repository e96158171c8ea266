import { STT_RATE_HZ } from './protocol.js';

/**
 * Most tokens that one second of speech can yield; more are hallucinated. Flite at its usual pace stays below it
 * (moonshine.test.ts). Not checked on fast human speakers.
 */
const MAX_TOKENS_PER_SECOND = 6.5;
const LONGEST_LOOP_TOKENS = 12;
/** A phrase repeated this often, over at least this many tokens, is a decoder loop. */
const LOOP_REPEATS = 4;
const LOOP_MIN_TOKENS = 12;

/**
 * By how much the end token must exceed every word to be chosen first, in logits. On short speech the model often prefers
 * the end, with the right words second: without this margin, 24 of the 36 clips of model.test.ts, 15 dB above noise, came
 * out empty. On bursts of noise the end leads by 2.9 or more; only hums ("Mm.") came closer.
 */
const END_MARGIN = 2.5;
/** Number of word tokens at the end that `endConfidence` covers. */
const END_TOKENS = 3;
/** Tokens this many logits lower are left out of the sum: even 32,768 of them do not change it noticeably. */
const NEGLIGIBLE = 20;
/** "You": the model's output for digital silence, by a margin of 1.1. */
const YOU = 887;

/** How many tokens a clip may yield. */
export function tokenLimit(sampleCount: number): number {
  return Math.max(4, Math.ceil((sampleCount / STT_RATE_HZ) * MAX_TOKENS_PER_SECOND));
}

/** Where a repetition loop at the end of the tokens begins its second round; `undefined` when there is none. */
export function loopStart(tokens: readonly number[]): number | undefined {
  for (let period = 1; period <= LONGEST_LOOP_TOKENS; period++) {
    const repeats = Math.max(LOOP_REPEATS, Math.ceil(LOOP_MIN_TOKENS / period));
    const from = tokens.length - period * repeats;
    if (from < 0) continue;
    let looping = true;
    for (let i = from + period; i < tokens.length && looping; i++) looping = tokens[i] === tokens[i - period];
    if (looping) return from + period;
  }
  return undefined;
}

/** How much of a draft the decoder agrees with, and the token it wants next. */
export interface VerifiedDraft {
  kept: number;
  next: number;
}

/**
 * Checks a draft against the logits of one decoder call over `[BOS, ...draft]`: row n holds the scores of the token
 * after n draft tokens. The kept tokens are exactly those of greedy decoding.
 */
export function verifyDraft(
  logits: Float32Array,
  vocabulary: number,
  draft: readonly number[],
): VerifiedDraft {
  for (let kept = 0; ; kept++) {
    const next = bestToken(logits, kept * vocabulary, vocabulary);
    if (kept === draft.length || draft[kept] !== next) return { kept, next };
  }
}

/**
 * Confidence in the last words, 0 to 1: the geometric mean of their tokens' probabilities, without punctuation. The last
 * token alone predicts errors less well: docs/endpointing.md. 0 if there are no words.
 *
 * @param rows the logits that each token was chosen from
 */
export function endConfidence(
  tokens: readonly number[],
  rows: readonly Float32Array[],
  isWord: (token: number) => boolean,
): number {
  let count = 0;
  let logarithms = 0;
  for (let i = tokens.length - 1; i >= 0 && count < END_TOKENS; i--) {
    if (!isWord(tokens[i]!)) continue;
    count += 1;
    logarithms += Math.log(probabilityOf(tokens[i]!, rows[i]!));
  }
  return count === 0 ? 0 : Math.exp(logarithms / count);
}

function probabilityOf(token: number, logits: Float32Array): number {
  const score = logits[token]!;
  let all = 0;
  for (const other of logits) if (other > score - NEGLIGIBLE) all += Math.exp(other - score);
  return 1 / all;
}

/** Lowers the end token's logit of the first position, so that a word is chosen unless the end is clearly better. */
export function favourWords(logits: Float32Array, vocabulary: number, end: number): void {
  const endScore = logits[end]!;
  logits[end] = endScore - END_MARGIN;
  if (bestToken(logits, 0, vocabulary) === YOU && logits[YOU]! < endScore) logits[end] = endScore;
}

function bestToken(logits: Float32Array, offset: number, vocabulary: number): number {
  let best = 0;
  let bestScore = logits[offset]!;
  for (let token = 1; token < vocabulary; token++) {
    const score = logits[offset + token]!;
    if (score > bestScore) {
      bestScore = score;
      best = token;
    }
  }
  return best;
}

/** The trimmed text; empty if it contains no letter or digit. */
export function spokenText(text: string): string {
  return /[\p{L}\p{N}]/u.test(text) ? text.trim() : '';
}
