const DIGITS = new Map<string, number>([
  ...[...'零一二三四五六七八九'].map((char, value): [string, number] => [char, value]),
  ['〇', 0],
  ['两', 2],
  ['兩', 2],
]);
const UNITS = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1_000],
]);
const MYRIAD = /[万萬]/u;
const NUMBER = /[零〇一二两兩三四五六七八九十百千万萬]+/gu;

/** A number below ten thousand: "二百五十" is 250. Digits without units are read one by one ("二〇二六" is 2026). */
function small(text: string): number | undefined {
  const chars = [...text];
  if (!chars.some((char) => UNITS.has(char))) return Number(chars.map((char) => DIGITS.get(char)).join(''));
  let value = 0;
  let digit: number | undefined;
  let below = Number.POSITIVE_INFINITY;
  for (const char of chars) {
    const unit = UNITS.get(char);
    if (unit === undefined) {
      if (digit !== undefined && digit !== 0) return undefined;
      digit = DIGITS.get(char);
      continue;
    }
    if (unit >= below) return undefined;
    value += (digit || 1) * unit;
    below = unit;
    digit = undefined;
  }
  return value + (digit ?? 0);
}

function digitsOf(text: string): string {
  const parts = text.split(MYRIAD);
  if (parts.length > 2) return text;
  const [high = '', low] = parts;
  // Digits without units keep their zeros: "〇五" is 05.
  if (low === undefined && ![...high].some((char) => UNITS.has(char))) {
    return [...high].map((char) => DIGITS.get(char)).join('');
  }
  const value = small(high || '一');
  const rest = low === undefined ? undefined : low === '' ? 0 : small(low);
  if (value === undefined || (low !== undefined && rest === undefined)) return text;
  return String(low === undefined ? value : value * 10_000 + rest!);
}

/** Replaces Chinese and Japanese numerals by digits. An invalid number such as "百千" stays. */
export function hanToDigits(text: string): string {
  return text.replace(NUMBER, digitsOf);
}
