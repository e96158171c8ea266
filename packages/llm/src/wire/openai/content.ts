import type { Delta } from './chunk.js';

type Part = Exclude<NonNullable<Delta['content']>, string>[number];

/** Part types that are spoken; a part without a type is text. */
const SPOKEN = new Set<string | null | undefined>(['text', 'output_text', undefined, null]);

function spokenOf(part: Part): string {
  if (typeof part === 'string') return part;
  return (SPOKEN.has(part.type) ? part.text : undefined) ?? part.refusal ?? '';
}

/** The words of a delta that the caller should hear: its text, and a refusal, which OpenAI sends apart from it. */
export function spokenText({ content, refusal }: Delta): string {
  const text = typeof content === 'string' ? content : (content ?? []).map(spokenOf).join('');
  return text + (refusal ?? '');
}
