import { describe, expect, it } from 'vitest';
import { clockTime, isoDate } from './date-time.js';
import { interpret, type Slot } from './interpret.js';

const TODAY = '2026-11-22'; // a Sunday

/** [STT transcript, slot asked for before, expected interpretation] */
const CASES: [string, Slot | undefined, { party?: number; day?: string; time?: string; name?: string }][] = [
  ['a table for four tomorrow at seven thirty', undefined, { party: 4, day: '2026-11-23', time: '19:30' }],
  ['A table for 4, tomorrow at 7:30 p.m.', undefined, { party: 4, day: '2026-11-23', time: '19:30' }],
  ['table for for people at eight', undefined, { party: 4, time: '20:00' }],
  ['for people', 'party', { party: 4 }],
  ['to people please', 'party', { party: 2 }],
  ['twenty five people', 'party', { party: 25 }],
  ['just me', 'party', { party: 1 }],
  ['me and my wife', 'party', { party: 2 }],
  ['six', 'party', { party: 6 }],
  ['six', 'time', { time: '18:00' }],
  ['quarter to eight', 'time', { time: '19:45' }],
  ['half past 12', 'time', { time: '12:30' }],
  ['at noon', 'time', { time: '12:00' }],
  ['nine in the morning', 'time', { time: '09:00' }],
  ['730', 'time', { time: '19:30' }],
  ['eight o clock', 'time', { time: '20:00' }],
  ['next friday', 'day', { day: '2026-11-27' }],
  ['the day after tomorrow', 'day', { day: '2026-11-24' }],
  ['tonight', 'day', { day: '2026-11-22' }],
  ['december the third', 'day', { day: '2026-12-03' }],
  ['the 1st of march', 'day', { day: '2027-03-01' }],
  ['on the twenty first', 'day', { day: '2026-12-21' }],
  ['the thirty first', 'day', { day: '2026-12-31' }],
  ["it's under o'neil", 'name', { name: "O'Neil" }],
  ['uh maria lopez please', 'name', { name: 'Maria Lopez' }],
  ['is there parking', 'name', {}],
  ['what are your opening hours', undefined, {}],
];

describe('interprets', () => {
  it.each(CASES)('%s (asked for: %s)', (utterance, expected, meaning) => {
    const interpretation = interpret(utterance, expected);
    expect({
      party: interpretation.party,
      day: interpretation.day && isoDate(interpretation.day, TODAY),
      time: interpretation.timeMinutes === undefined ? undefined : clockTime(interpretation.timeMinutes),
      name: interpretation.name,
    }).toEqual({ party: undefined, day: undefined, time: undefined, name: undefined, ...meaning });
  });
});
