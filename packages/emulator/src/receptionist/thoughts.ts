const STEPS = [
  'The caller wants something from the restaurant.',
  'I should look at what I know so far and at what is still missing.',
  'Opening hours and the book matter here.',
  'I should keep it short, because it will be spoken.',
];

/** Sentences of visible reasoning per effort. An emulation of form only: no provider's thoughts look like this. */
const SENTENCES: Record<string, number> = { none: 0, minimal: 0, low: 1, medium: 2, high: 4 };

/** What a reasoning model thinks aloud before it answers. */
export function thoughts(effort: string): string {
  return STEPS.slice(0, SENTENCES[effort] ?? 2).join(' ');
}
