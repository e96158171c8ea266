import { type Day, findDay, findTime } from './date-time.js';
import { findName } from './name.js';
import { normalise } from './normalise.js';
import { findParty } from './party.js';
import { findTopics, type Topic } from './topics.js';

/** The slots of a booking, in the order of asking. */
export type Slot = 'party' | 'day' | 'time' | 'name';

/** The interpretation of one utterance. */
export interface Interpretation {
  /** The normalised text. */
  text: string;
  topics: Topic[];
  day: Day | undefined;
  timeMinutes: number | undefined;
  party: number | undefined;
  name: string | undefined;
  /** The slot that was mentioned: "the time, please". */
  namedSlot: Slot | undefined;
}

/** Topics that cannot be an answer to "What name shall I put it under?". */
const QUESTION_TOPICS: Topic[] = [
  'hours',
  'menu',
  'diets',
  'prices',
  'directions',
  'parking',
  'children',
  'again',
  'wait',
];

const SLOT_NAMES: [Slot, RegExp][] = [
  ['party', /\b(how many|number of|party|people|guests)\b/],
  ['day', /\b(date|day)\b/],
  ['time', /\b(time|hour)\b/],
  ['name', /\bname\b/],
];

function findSlotName(text: string): Slot | undefined {
  return SLOT_NAMES.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Interprets one utterance. `expected` is the slot that the caller was asked for just before. */
export function interpret(utterance: string, expected: Slot | undefined): Interpretation {
  const text = normalise(utterance);
  const topics = findTopics(text);
  const day = findDay(text);
  const time = findTime(day?.rest ?? text, expected === 'time');
  const rest = time?.rest ?? day?.rest ?? text;
  const asksSomething = topics.some((topic) => QUESTION_TOPICS.includes(topic));
  const mayBeName = expected === 'name' && !asksSomething && day === undefined && time === undefined;
  return {
    text,
    topics,
    day: day?.value,
    timeMinutes: time?.value,
    party: findParty(rest, expected === 'party'),
    name: findName(rest, mayBeName),
    namedSlot: findSlotName(text),
  };
}
