import { type Booking, bookingWords, checked, echo, missingSlots, slotsIn, withHeard } from './booking.js';
import { type Heard, hear, type Slot } from './hear/hear.js';
import { FACT_TOPICS, FACTS } from './say/facts.js';
import { LINES, QUESTIONS } from './say/lines.js';

/** What the receptionist knows after some turns. Recovered from the history each time: the server keeps nothing. */
export interface Conversation {
  booking: Booking;
  /** `idle`: no booking was spoken of. `asking`: gathering. `confirming`: "shall I book it?". `booked`: done. */
  stage: 'idle' | 'asking' | 'confirming' | 'booked';
  /** The slot asked for last. */
  expected: Slot | undefined;
  lastSaid: string;
  turns: number;
}

export const START: Conversation = {
  booking: {},
  stage: 'idle',
  expected: undefined,
  lastSaid: '',
  turns: 0,
};

/** What happens when a booking has everything it needs: a question first, or a tool call at once. */
export interface HouseRules {
  /** The date that "tomorrow" is counted from, `YYYY-MM-DD`. */
  today: string;
  /** Chooses the wording. */
  pick(lines: readonly string[], turn: number): string;
  needsName: boolean;
  /** True where a tool makes the booking: it is called as soon as everything is known. */
  booksByTool: boolean;
}

/** A turn's outcome. `wants` says that the booking is complete and should be made now. */
export interface Turn {
  next: Conversation;
  say: string;
  wants: 'book' | undefined;
}

/** One caller's utterance, answered. Pure: the same history always gives the same words. */
export function takeTurn(before: Conversation, utterance: string, rules: HouseRules): Turn {
  const heard = hear(utterance, before.expected);
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (heard.topics.includes('again') && before.lastSaid !== '') {
    return finish(before, before, before.lastSaid);
  }
  const facts = FACT_TOPICS.filter((topic) => heard.topics.includes(topic)).map((topic) =>
    line(FACTS[topic]),
  );
  const turn = bookingTurn(before, heard, facts.length > 0, rules) ?? smallTalk(before, heard, facts, rules);
  return finish(before, turn.next, [...facts, turn.say].filter((s) => s !== '').join(' '), turn.wants);
}

function finish(before: Conversation, next: Conversation, say: string, wants?: 'book'): Turn {
  return { next: { ...next, lastSaid: say, turns: before.turns + 1 }, say, wants };
}

interface Part {
  next: Conversation;
  say: string;
  wants?: 'book';
}

/** Does this utterance speak of a booking: by a word, or by saying what a booking needs? */
function isAboutBooking(before: Conversation, heard: Heard, answeredFacts: boolean): boolean {
  const { topics } = heard;
  if (topics.includes('book')) return !(answeredFacts && slotsIn(heard) === 0 && before.stage === 'idle');
  if (before.stage === 'idle') return !answeredFacts && slotsIn(heard) >= 1 && heard.name === undefined;
  if (before.stage === 'booked') return topics.includes('change') || (slotsIn(heard) > 0 && !answeredFacts);
  return !answeredFacts && (slotsIn(heard) > 0 || topics.includes('change'));
}

function bookingTurn(
  before: Conversation,
  heard: Heard,
  answeredFacts: boolean,
  rules: HouseRules,
): Part | undefined {
  const { topics } = heard;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (topics.includes('cancel')) {
    if (before.stage === 'idle') return { next: before, say: line(LINES.nothingToCancel) };
    return { next: { ...START, turns: before.turns }, say: line(LINES.cancelled) };
  }
  if (before.stage === 'booked' && slotsIn(heard) === 0 && topics.includes('book')) {
    return { next: before, say: `You have ${bookingWords(before.booking)}. ${line(LINES.anythingElse)}` };
  }
  if (before.stage === 'confirming' && slotsIn(heard) === 0) {
    if (topics.includes('no') || topics.includes('change')) return askForChange(before, heard, rules);
    if (topics.includes('yes')) return booked(before, before.booking, rules);
  }
  if (isChanging(before) && slotsIn(heard) === 0 && heard.slotNamed)
    return askForChange(before, heard, rules);
  if (!isAboutBooking(before, heard, answeredFacts)) return undefined;
  if (before.stage !== 'idle' && slotsIn(heard) === 0 && topics.includes('change')) {
    return askForChange(before, heard, rules);
  }
  return gather(before, heard, rules);
}

/** Was the caller asked what to change, and has not said it yet? */
function isChanging(before: Conversation): boolean {
  return before.stage === 'asking' && before.expected === undefined;
}

/** Asks what to change, or for the new value of what the caller named. */
function askForChange(before: Conversation, heard: Heard, rules: HouseRules): Part {
  const slot = heard.slotNamed;
  const lines = slot ? QUESTIONS[slot] : LINES.changeWhat;
  return { next: { ...before, stage: 'asking', expected: slot }, say: rules.pick(lines, before.turns) };
}

/** Takes what was heard into the booking, then asks for what is missing, or confirms. */
function gather(before: Conversation, heard: Heard, rules: HouseRules): Part {
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  const { booking, complaint } = checked(withHeard(before.booking, heard), rules.today);
  const [slot] = missingSlots(booking, rules.needsName);
  if (slot) {
    const opener = complaint ?? echo(heard) ?? (before.stage === 'idle' ? "I'd be happy to book that." : '');
    const next: Conversation = { ...before, booking, stage: 'asking', expected: slot };
    return { next, say: `${opener} ${line(QUESTIONS[slot])}`.trim() };
  }
  if (rules.booksByTool) return booked(before, booking, rules);
  const changed = before.stage === 'booked' ? 'So now it is' : "So that's";
  return {
    next: { ...before, booking, stage: 'confirming', expected: undefined },
    say: `${changed} ${bookingWords(booking)}. Shall I book it?`,
  };
}

function booked(before: Conversation, booking: Booking, rules: HouseRules): Part {
  const say = `Wonderful, I've booked ${bookingWords(booking)}. ${rules.pick(LINES.anythingElse, before.turns)}`;
  return { next: { ...before, booking, stage: 'booked', expected: undefined }, say, wants: 'book' };
}

/** Everything that is not a booking: politeness, questions about the house, and words nobody understood. */
function smallTalk(before: Conversation, heard: Heard, facts: string[], rules: HouseRules): Part {
  const { topics } = heard;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  const pending = before.expected ? line(QUESTIONS[before.expected]) : '';
  if (facts.length > 0) return { next: before, say: pending };
  if (topics.includes('wait')) return { next: before, say: line(LINES.wait) };
  if (topics.includes('goodbye')) return { next: before, say: line(LINES.goodbye) };
  if (before.stage === 'confirming') {
    return { next: before, say: `${line(LINES.notCaught)} Shall I book ${bookingWords(before.booking)}?` };
  }
  if (isChanging(before) && topics.length === 0) {
    return { next: before, say: `${line(LINES.notCaught)} ${line(LINES.changeWhat)}` };
  }
  if (topics.includes('thanks')) {
    return { next: before, say: `${line(LINES.thanks)} ${pending || line(LINES.anythingElse)}` };
  }
  if (pending !== '' && !topics.includes('greeting')) {
    return { next: before, say: `${line(LINES.notCaught)} ${pending}` };
  }
  return { next: before, say: `${openTalk(before, heard, rules)} ${pending}`.trim() };
}

function openTalk(before: Conversation, heard: Heard, rules: HouseRules): string {
  const { topics } = heard;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (topics.includes('greeting')) return line(LINES.greeting);
  if (topics.includes('no')) return line(LINES.goodbye);
  if (topics.includes('change')) return line(LINES.nothingBooked);
  if (topics.includes('yes'))
    return before.stage === 'booked' ? 'Go ahead, I am listening.' : line(LINES.offerHelp);
  return `${line(LINES.notCaught)} ${line(LINES.offerHelp)}`;
}
