import { findName } from './name.js';
import { normalise } from './normalise.js';
import { findParty } from './party.js';
import { findTopics, type Topic } from './topics.js';
import { type Day, findDay, findTime } from './when.js';

/** What a booking needs, in the order in which it is asked for. */
export type Slot = 'party' | 'day' | 'time' | 'name';

/** What was understood of one utterance. */
export interface Heard {
  text: string;
  topics: Topic[];
  day: Day | undefined;
  timeMinutes: number | undefined;
  party: number | undefined;
  name: string | undefined;
  /** The slot that was spoken of without its value: "the time, please". */
  slotNamed: Slot | undefined;
}

/** Questions about the house, which are not the answer to "what name shall I put it under?". */
const QUESTIONS: Topic[] = [
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

/** Understands one utterance, given what the caller was asked just before. */
export function hear(utterance: string, expected: Slot | undefined): Heard {
  const text = normalise(utterance);
  const topics = findTopics(text);
  const day = findDay(text);
  const time = findTime(day?.rest ?? text, expected === 'time');
  const rest = time?.rest ?? day?.rest ?? text;
  const asksSomething = topics.some((topic) => QUESTIONS.includes(topic));
  const mayBeName = expected === 'name' && !asksSomething && day === undefined && time === undefined;
  return {
    text,
    topics,
    day: day?.value,
    timeMinutes: time?.value,
    party: findParty(rest, expected === 'party'),
    name: findName(rest, mayBeName),
    slotNamed: findSlotName(text),
  };
}
