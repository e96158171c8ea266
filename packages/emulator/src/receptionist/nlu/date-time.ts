import { MONTHS, WEEKDAYS } from '../business.js';

/** A day as the caller names it; `isoDate` converts it to a date. */
export type Day =
  | { kind: 'relative'; days: number }
  | { kind: 'weekday'; weekday: number }
  | { kind: 'monthDay'; month: number | undefined; day: number };

/** A value found in an utterance, and the text without it. */
export interface TextMatch<T> {
  value: T;
  rest: string;
}

function found<T>(text: string, match: RegExpExecArray, value: T): TextMatch<T> {
  const rest = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
  return { value, rest: rest.replace(/\s+/g, ' ').trim() };
}

const DAY_NAMES = WEEKDAYS.join('|');
const MONTH_NAMES = MONTHS.join('|');

const DAY_PATTERNS: { pattern: RegExp; read: (match: RegExpExecArray) => Day }[] = [
  { pattern: /\bday after tomorrow\b/, read: () => ({ kind: 'relative', days: 2 }) },
  {
    pattern: /\b(tomorrow|tomorow|tomorrow's)( night| evening)?\b/,
    read: () => ({ kind: 'relative', days: 1 }),
  },
  { pattern: /\b(today|tonight|this evening)\b/, read: () => ({ kind: 'relative', days: 0 }) },
  {
    pattern: new RegExp(`\\b(?:on )?(?:(?:this|next|coming) )?(${DAY_NAMES})s?(?: night| evening)?\\b`),
    read: (match) => ({ kind: 'weekday', weekday: indexOf(WEEKDAYS, match[1]) }),
  },
  {
    pattern: new RegExp(`\\b(?:on )?(${MONTH_NAMES})(?: the)? (\\d{1,2})(?:st|nd|rd|th)?\\b`),
    read: (match) => ({ kind: 'monthDay', month: indexOf(MONTHS, match[1]), day: Number(match[2]) }),
  },
  {
    pattern: new RegExp(`\\b(?:on )?(?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH_NAMES})\\b`),
    read: (match) => ({ kind: 'monthDay', month: indexOf(MONTHS, match[2]), day: Number(match[1]) }),
  },
  {
    pattern: /\b(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\b/,
    read: (match) => ({ kind: 'monthDay', month: undefined, day: Number(match[1]) }),
  },
];

function indexOf(names: readonly string[], name: string | undefined): number {
  return names.indexOf(name ?? '');
}

/** The day that an utterance names, if any. Expects normalised text. */
export function findDay(text: string): TextMatch<Day> | undefined {
  for (const { pattern, read } of DAY_PATTERNS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const day = read(match);
    if (day.kind === 'monthDay' && (day.day < 1 || day.day > 31)) continue;
    return found(text, match, day);
  }
  return undefined;
}

/** Minutes after midnight. Without "am", hours from 1 to 11 count as p.m., because guests ask for evenings. */
function minutesOf(hour: number, minute: number, half: string | undefined): number | undefined {
  if (hour > 24 || minute > 59) return undefined;
  const isAfternoon = half === 'pm' || (half !== 'am' && hour >= 1 && hour <= 11);
  const hour24 = hour <= 12 ? (hour % 12) + (isAfternoon || (hour === 12 && half !== 'am') ? 12 : 0) : hour;
  return (hour24 % 24) * 60 + minute;
}

const HALF = '(?: ?(am|pm))?';
const TIME_PATTERNS: { pattern: RegExp; read: (match: RegExpExecArray) => number | undefined }[] = [
  {
    pattern: new RegExp(`\\b(?:at )?(half|quarter) (past|to) (\\d{1,2})\\b${HALF}`),
    read: ([, part, side, hour, half]) => {
      const offset = (part === 'half' ? 30 : 15) * (side === 'to' ? -1 : 1);
      const base = minutesOf(Number(hour), 0, half);
      return base === undefined ? undefined : base + offset;
    },
  },
  {
    pattern: new RegExp(`\\b(?:at |around |by )?(\\d{1,2}):(\\d\\d)\\b${HALF}`),
    read: ([, hour, minute, half]) => minutesOf(Number(hour), Number(minute), half),
  },
  {
    pattern: new RegExp(
      `\\b(?:at |around |by )?(\\d|1[0-2]) (00|05|10|15|20|25|30|35|40|45|50|55)\\b${HALF}`,
    ),
    read: ([, hour, minute, half]) => minutesOf(Number(hour), Number(minute), half),
  },
  {
    pattern: new RegExp(`\\b(?:at |around |by )?([1-9]|1[0-2])([0-5][05])\\b${HALF}(?! (?:people|guests))`),
    read: ([, hour, minute, half]) => minutesOf(Number(hour), Number(minute), half),
  },
  {
    pattern: /\b(?:at |around |by )?(\d{1,2}) ?(am|pm|o'?clock|o clock)\b(?: (am|pm)\b)?/,
    read: ([, hour, word, half]) => minutesOf(Number(hour), 0, half ?? word),
  },
  { pattern: /\b(?:at )?(?:noon|midday)\b/, read: () => 720 },
  {
    pattern:
      /\b(?:at|around|about|by|say|from|like|until) (\d{1,2})\b(?! (?:people|persons?|guests|of us|adults))/,
    read: ([, hour]) => minutesOf(Number(hour), 0, undefined),
  },
];

/**
 * The time of day that an utterance names, minutes after midnight. `isExpected`: the caller was just asked for it, so a
 * number alone also counts.
 */
export function findTime(text: string, isExpected: boolean): TextMatch<number> | undefined {
  const bare = {
    pattern: /\b(\d{1,2})\b/,
    read: ([, hour]: RegExpExecArray) => minutesOf(Number(hour), 0, undefined),
  };
  for (const { pattern, read } of isExpected ? [...TIME_PATTERNS, bare] : TIME_PATTERNS) {
    const match = pattern.exec(text);
    const minutes = match ? read(match) : undefined;
    if (match && minutes !== undefined) return found(text, match, minutes);
  }
  return undefined;
}

const DAY_MS = 86_400_000;

/** The date of a day, `YYYY-MM-DD`: the next matching one from `today` on. */
export function isoDate(day: Day, today: string): string {
  const start = Date.parse(`${today}T00:00:00Z`);
  for (let days = 0; days < 800; days++) {
    const date = new Date(start + days * DAY_MS);
    if (fits(day, date, days)) return date.toISOString().slice(0, 10);
  }
  return today;
}

function fits(day: Day, date: Date, daysAhead: number): boolean {
  if (day.kind === 'relative') return daysAhead === day.days;
  if (day.kind === 'weekday') return date.getUTCDay() === day.weekday;
  return date.getUTCDate() === day.day && (day.month === undefined || date.getUTCMonth() === day.month);
}

/** The weekday of a day, 0 (Sunday) to 6. */
export function weekdayOf(day: Day, today: string): number {
  return new Date(`${isoDate(day, today)}T00:00:00Z`).getUTCDay();
}

/** A time of day as `HH:MM`, 24 hours. */
export function clockTime(minutes: number): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
