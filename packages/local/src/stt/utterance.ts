import type { Decoded } from './protocol.js';

/** A part of an utterance that is decoded as one clip. Positions are in samples since the stream began. */
export interface SpeechSegment {
  readonly from: number;
  /** Where speech was detected; the pre-roll is before it. */
  readonly begun: number;
  /** Where it ends; `undefined` while it is open. */
  to: number | undefined;
  /** The last pause in it, and the level above which later audio counts as more speech. */
  pause: { at: number; levelRms: number } | undefined;
  /** Where the speaker last became quiet: the end of a sentence, or of a syllable. */
  dip: number | undefined;
  /** The latest complete decode, and the position up to which it decoded. */
  decoded: { to: number; text: string; endConfidence: number; decodeMs: number } | undefined;
  /** Position up to which an interim has been reported. */
  reportedTo: number;
  /** Tokens to try first in the next decode. */
  draft: readonly number[];
  /** It yielded no words, and was decoded again in other ways. */
  decodedAgain: boolean;
  /** Failed decodes since it was closed. */
  failures: number;
  /** Nothing more will be decoded; `decoded` is the final result, if there is one. */
  settled: boolean;
}

/** The segments from `beginUtterance` to `endUtterance`; all but the last are finished. */
export interface Utterance {
  readonly segments: SpeechSegment[];
  ended: boolean;
}

/** A new open segment. */
export function newSegment(places: { from: number; begun: number }): SpeechSegment {
  return {
    ...places,
    to: undefined,
    pause: undefined,
    dip: undefined,
    decoded: undefined,
    reportedTo: 0,
    draft: [],
    decodedAgain: false,
    failures: 0,
    settled: false,
  };
}

/** Records the result of a decode. Of a cancelled decode only the draft is kept, and only if it is longer than the last. */
export function noteDecoded(segment: SpeechSegment, decoded: Decoded, to: number): void {
  const { text, endConfidence, decodeMs } = decoded;
  if (!decoded.cancelled) segment.decoded = { to, text, endConfidence, decodeMs };
  if (!decoded.cancelled || decoded.tokens.length > segment.draft.length) segment.draft = decoded.tokens;
}

const MAX_FAILURES = 2;

/** Records a failed decode. A finished segment that fails twice gets an empty text. */
export function noteFailed(segment: SpeechSegment): void {
  // The draft may have caused the failure.
  segment.draft = [];
  if (segment.to === undefined) return;
  segment.failures += 1;
  if (segment.failures >= MAX_FAILURES) giveUp(segment);
}

/** Settles a segment with an empty text. */
export function giveUp(segment: SpeechSegment): void {
  segment.decoded = undefined;
  segment.settled = true;
}

/** Text of the utterance, as far as it is decoded. */
export function textOf(utterance: Utterance): string {
  const texts = utterance.segments.map((segment) => segment.decoded?.text ?? '');
  return texts.filter((text) => text !== '').join(' ');
}

/** Length of the utterance up to a position, samples. */
export function lengthOf(utterance: Utterance, upTo: number): number {
  const [first] = utterance.segments;
  return first ? upTo - first.from : 0;
}

/** The first finished segment that still has to be decoded. */
export function unsettled(
  utterances: readonly Utterance[],
): { segment: SpeechSegment; ended: boolean } | undefined {
  for (const { segments, ended } of utterances) {
    const segment = segments.find((s) => s.to !== undefined && !s.settled);
    if (segment) return { segment, ended };
  }
  return undefined;
}

/** Whether it has ended and nothing is left to decode, so that its final can be delivered. */
export function isComplete(utterance: Utterance): boolean {
  return utterance.ended && utterance.segments.every((segment) => segment.settled);
}
