import { MONTHS, WEEKDAYS } from '../business.js';
import type { Day } from '../nlu/date-time.js';

const SMALL = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
  'eighteen nineteen',
]
  .join(' ')
  .split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty'];

/** A number in words, from 0 to 59; digits beyond. */
export function numberWords(n: number): string {
  if (n < 20) return SMALL[n] ?? String(n);
  const tens = TENS[Math.floor(n / 10)];
  if (tens === undefined) return String(n);
  return n % 10 === 0 ? tens : `${tens} ${SMALL[n % 10]}`;
}

const ORDINAL_ENDINGS: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
  twenty: 'twentieth',
  thirty: 'thirtieth',
};

function ordinalWords(n: number): string {
  const words = numberWords(n).split(' ');
  const last = words.pop() ?? '';
  return [...words, ORDINAL_ENDINGS[last] ?? `${last}th`].join(' ');
}

function capital(word: string | undefined): string {
  return word ? word.charAt(0).toUpperCase() + word.slice(1) : '';
}

/** A day in words: "tomorrow", "Friday", "the third of May". */
export function dayWords(day: Day): string {
  if (day.kind === 'relative') return ['today', 'tomorrow', 'the day after tomorrow'][day.days] ?? 'that day';
  if (day.kind === 'weekday') return capital(WEEKDAYS[day.weekday]);
  const ordinal = `the ${ordinalWords(day.day)}`;
  return day.month === undefined ? ordinal : `${ordinal} of ${capital(MONTHS[day.month])}`;
}

/** A day as an adverb: "tomorrow", "on Friday", "on the third of May". */
export function onDayWords(day: Day): string {
  return day.kind === 'relative' ? dayWords(day) : `on ${dayWords(day)}`;
}

/** A time of day in words: "seven thirty" for 19:30. */
export function timeWords(minutes: number): string {
  const hour = numberWords(((Math.floor(minutes / 60) + 11) % 12) + 1);
  const minute = minutes % 60;
  if (minutes === 720) return 'noon';
  if (minute === 0) return `${hour} o'clock`;
  return `${hour} ${minute < 10 ? 'oh ' : ''}${numberWords(minute)}`;
}

/** A number of guests in words: "four people". */
export function partyWords(party: number): string {
  return party === 1 ? 'one person' : `${numberWords(party)} people`;
}
