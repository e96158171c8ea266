const STEPS = [
  'The caller wants something from the restaurant.',
  'I should look at what I know so far and at what is still missing.',
  'Opening hours and the book matter here.',
  'I should keep it short, because it will be spoken.',
];

/** Number of reasoning sentences per effort. Only the format is emulated: no provider's reasoning reads like this. */
const SENTENCES: Record<string, number> = { none: 0, minimal: 0, low: 1, medium: 2, high: 4 };

/** The reasoning text that a model streams before its reply, by effort. An unknown effort counts as `medium`. */
export function reasoningText(effort: string): string {
  return STEPS.slice(0, SENTENCES[effort] ?? 2).join(' ');
}
