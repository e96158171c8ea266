/** Words that STT writes instead of a number that sounds the same. */
const HOMOPHONES: Record<string, number> = { won: 1, to: 2, too: 2, for: 4, ate: 8 };

const SIZE = '(\\d{1,3}|to|too|for|ate)';
const PEOPLE = '(?:people|persons?|guests?|of us|adults|diners|covers)';

const PATTERNS = [
  new RegExp(`\\b${SIZE} ${PEOPLE}\\b`),
  new RegExp(`\\b(?:table|party|group|booking|reservation|us) (?:of|for|to|4) ${SIZE}\\b`),
  /\bfor (\d{1,3})\b/,
  /\bthere(?:'ll be| will be|'s| are) (\d{1,3})\b/,
  /\bmake it (\d{1,3})\b/,
];

function sizeOf(word: string): number | undefined {
  const size = HOMOPHONES[word] ?? Number(word);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

/**
 * The number of guests. Expects normalised text without day and time. `isExpected`: the caller was just asked for it, so
 * a number alone, or a single word that sounds like one, also counts.
 */
export function findParty(text: string, isExpected: boolean): number | undefined {
  for (const pattern of PATTERNS) {
    const size = sizeOf(pattern.exec(text)?.[1] ?? '');
    if (size !== undefined) return size;
  }
  if (/\b(just me|only me|just myself|by myself|on my own|table for won)\b/.test(text)) return 1;
  if (/\b(me and my|my \w+ and (me|i)|a couple|both of us|the pair of us)\b/.test(text)) return 2;
  if (!isExpected) return undefined;
  const word =
    /\b\d{1,3}\b/.exec(text)?.[0] ?? (text.split(' ').length <= 2 ? text.split(' ')[0] : undefined);
  return word === undefined ? undefined : sizeOf(word);
}
