import { type Random, seededRandom } from '@firstword/turn/statistics';

/** One line of the caller. */
export interface CallerLine {
  /** The text, split where the caller pauses. */
  parts: readonly string[];
  /** Length of these pauses, ms. */
  breathMs: number;
  /** Barge in: speak this long after the start of the previous answer instead of waiting for its end, ms. */
  bargeInAfterMs?: number | undefined;
  /** Who speaks, for recordings of several people: lines of one speaker are alike, which widens the intervals. */
  speaker?: string;
}

const line = (...parts: string[]): CallerLine => ({ parts, breathMs: 180 });

/** A call to a restaurant: opening hours, a reservation over several turns, price, directions, thanks. */
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

/** Topics of calls to a restaurant; each one gives its lines. */
const TOPICS: readonly ((pick: Pick) => CallerLine[])[] = [
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
 * The lines of a call with the given number of turns: the first lines of `SAMPLE_CALL`, or, for longer calls, further
 * topics drawn with the seed before the closing line.
 * @param options.turns default the length of `SAMPLE_CALL`
 * @param options.seed default 1
 */
export function callLines(options: { turns?: number; seed?: number } = {}): CallerLine[] {
  const turns = options.turns ?? SAMPLE_CALL.length;
  if (turns <= SAMPLE_CALL.length) return SAMPLE_CALL.slice(0, Math.max(0, turns));
  const pick = picker(seededRandom(options.seed ?? 1));
  const lines = SAMPLE_CALL.slice(0, -1);
  while (lines.length < turns - 1) lines.push(...pick(TOPICS)(pick));
  return [...lines.slice(0, turns - 1), SAMPLE_CALL.at(-1)!];
}
