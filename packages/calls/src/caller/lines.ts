import { type Random, seededRandom } from '@firstword/turn/statistics';

/** One thing the caller says. */
export interface CallerLine {
  /** The sentence, cut where the caller takes a breath in the middle of it. */
  parts: readonly string[];
  /** Length of that breath, ms. Short of what an agent should take for the end of a turn. */
  breathMs: number;
  /** Speak over the agent, this long after its answer to the line before was first heard, instead of waiting. */
  bargeInAfterMs?: number | undefined;
}

const line = (...parts: string[]): CallerLine => ({ parts, breathMs: 180 });

/** A call to a restaurant: opening hours, a table over several turns, the price, the way, thanks. */
export const SAMPLE_CALL: readonly CallerLine[] = [
  line('Hello, what time are you open on Friday?'),
  line('Great, I would like to book a table.'),
  line('There will be four of us.'),
  line('Friday evening, please,', 'if you have something.'),
  line('Seven thirty would be perfect.'),
  line('My name is Maria.'),
  line('How much is dinner for one person?'),
  line('And how do I find you from the station?'),
  line('Thank you very much, goodbye.'),
];

const PARTIES = ['two', 'three', 'four', 'five', 'six', 'eight'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const TIMES = ['one', 'six thirty', 'seven', 'seven thirty', 'eight', 'eight fifteen'];
const NAMES = ['Maria', 'Peter', 'Susan', 'Robert', 'Linda', 'David'];

type Pick = <T>(from: readonly T[]) => T;

/** What people ring a restaurant about; each gives the lines of one errand. */
const ERRANDS: readonly ((pick: Pick) => CallerLine[])[] = [
  (pick) => [
    line(`${pick(['What time do you open', 'When do you close', 'Are you open'])} on ${pick(DAYS)}?`),
  ],
  (pick) => [
    line(pick(['I would like to book a table.', 'Can I make a reservation?', 'Could I reserve a table?'])),
    line(`${pick(['There will be', 'It is for'])} ${pick(PARTIES)} people.`),
    line(`${pick(DAYS)} evening, please.`),
    line(`At ${pick(TIMES)} in the evening.`),
    line(`My name is ${pick(NAMES)}.`),
  ],
  (pick) => [
    line(
      `I need a table for ${pick(PARTIES)} people`,
      `on ${pick(DAYS)} at ${pick(TIMES)} in the evening, please.`,
    ),
    line(`The name is ${pick(NAMES)}.`),
  ],
  (pick) => [line(pick(['How much is dinner?', 'What are your prices?', 'How expensive is the menu?']))],
  (pick) => [line(pick(['How do I get to you?', 'Where are you?', 'How do I find you from the station?']))],
  (pick) => [line(pick(['Is there parking nearby?', 'Where can I park my car?']))],
  (pick) => [
    line(pick(['Do you have vegetarian dishes?', 'What is on the menu?', 'Can I bring my children?'])),
  ],
];

function picker(random: Random): Pick {
  return (from) => from[random.integer(0, from.length - 1)]!;
}

/**
 * The lines of a call of so many turns. Up to its own length it is `SAMPLE_CALL` from the beginning; a longer one goes
 * on with errands drawn from the seed, and ends with thanks.
 */
export function callLines(options: { turns?: number; seed?: number } = {}): CallerLine[] {
  const turns = options.turns ?? SAMPLE_CALL.length;
  if (turns <= SAMPLE_CALL.length) return SAMPLE_CALL.slice(0, Math.max(0, turns));
  const pick = picker(seededRandom(options.seed ?? 1));
  const lines = SAMPLE_CALL.slice(0, -1);
  while (lines.length < turns - 1) lines.push(...pick(ERRANDS)(pick));
  return [...lines.slice(0, turns - 1), SAMPLE_CALL.at(-1)!];
}
