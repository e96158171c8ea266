/** The small business that the receptionist answers for. Invented; plain data, so that the lines can be checked against it. */
export const BUSINESS = {
  name: 'the Blue Door',
  /** Minutes after midnight, per weekday from Sunday. */
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

export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;

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
