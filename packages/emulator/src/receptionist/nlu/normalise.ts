const UNITS = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
  'seventeen eighteen nineteen',
]
  .join(' ')
  .split(' ');
const TENS = ['twenty', 'thirty', 'forty', 'fifty'];
const ORDINALS = [
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth',
  'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
]
  .join(' ')
  .split(' ');

function tensOf(word: string): number | undefined {
  const index = TENS.indexOf(word);
  return index < 0 ? undefined : (index + 2) * 10;
}

function unitOf(word: string | undefined): number | undefined {
  const index = word === undefined ? -1 : UNITS.indexOf(word);
  return index < 0 ? undefined : index;
}

function ordinalOf(word: string | undefined): number | undefined {
  const index = word === undefined ? -1 : ORDINALS.indexOf(word);
  return index < 0 ? undefined : index + 1;
}

/** Converts number words to digits: "twenty five" to 25, "seven thirty" to 7 30, "twenty third" to 23th. */
function wordsToDigits(words: string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const tens = tensOf(word);
    const unit = unitOf(word);
    const nextUnit = unitOf(words[i + 1]) ?? 0;
    const nextOrdinal = ordinalOf(words[i + 1]) ?? 10;
    if (tens !== undefined && nextUnit > 0 && nextUnit < 10) {
      out.push(String(tens + nextUnit));
      i += 1;
    } else if (tens !== undefined && nextOrdinal < 10) {
      out.push(`${tens + nextOrdinal}th`);
      i += 1;
    } else if (tens !== undefined) out.push(String(tens));
    else if (unit !== undefined) out.push(String(unit));
    else if (ordinalOf(word) !== undefined) out.push(`${ordinalOf(word)}th`);
    else out.push(word);
  }
  return out;
}

/**
 * Normalises an STT transcript: lower case, numbers as digits, no punctuation except the colon of a time. It accepts
 * transcripts with or without punctuation, and numbers as words or digits.
 */
export function normalise(text: string): string {
  const words = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[’`]/g, "'")
    .replace(/\b([ap])\.?\s?m\b\.?/g, '$1m')
    .replace(/ in the morning\b/g, ' am')
    .replace(/ in the (?:evening|afternoon)\b| at night\b/g, ' pm')
    .replace(/(\d)[.](\d\d)\b/g, '$1:$2')
    .replace(/(\d)(am|pm)\b/g, '$1 $2')
    .replace(/-/g, ' ')
    .replace(/[^\p{L}\p{N}':\s]/gu, ' ')
    .replace(/(?<!\d):|:(?!\d)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  return wordsToDigits(words).join(' ');
}
