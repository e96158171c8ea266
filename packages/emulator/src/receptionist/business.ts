/** The fictional restaurant that the receptionist answers for. */
export const BUSINESS = {
  name: 'the Blue Door',
  /** Opening times per weekday, starting with Sunday, in minutes after midnight. */
  opening: [
    { fromMinutes: 720, toMinutes: 1320 },
    { fromMinutes: 720, toMinutes: 1320 },
    { fromMinutes: 720, toMinutes: 1320 },
    { fromMinutes: 720, toMinutes: 1320 },
    { fromMinutes: 720, toMinutes: 1320 },
    { fromMinutes: 720, toMinutes: 1380 },
    { fromMinutes: 720, toMinutes: 1380 },
  ],
  largestParty: 12,
} as const;

/** Weekday names, starting with Sunday. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

/** Month names, starting with January. */
export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
