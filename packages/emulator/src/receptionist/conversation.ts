import {
  type Booking,
  bookingWords,
  countSlots,
  mergeBooking,
  missingSlots,
  repeatBack,
  validateBooking,
} from './booking.js';
import { type Interpretation, interpret, type Slot } from './nlu/interpret.js';
import { FACT_TOPICS, FACTS } from './phrases/facts.js';
import { LINES, QUESTIONS } from './phrases/lines.js';

/** The state of a conversation. It is rebuilt from the history for every request, because the server keeps none. */
export interface Conversation {
  /** The booking so far. */
  booking: Booking;
  /** `idle`: no booking yet. `asking`: collecting slots. `confirming`: asked "Shall I book it?". `booked`: done. */
  stage: 'idle' | 'asking' | 'confirming' | 'booked';
  /** The slot that was asked for last. */
  expected: Slot | undefined;
  /** The receptionist's last reply. */
  lastSaid: string;
  /** Number of caller turns so far. */
  turns: number;
}

/** The state before the first turn. */
export const INITIAL_CONVERSATION: Conversation = {
  booking: {},
  stage: 'idle',
  expected: undefined,
  lastSaid: '',
  turns: 0,
};

/** How the receptionist handles bookings and chooses its wording. */
export interface BusinessRules {
  /** The date that "tomorrow" is counted from, `YYYY-MM-DD`. */
  today: string;
  /** Chooses one of several wordings. */
  pick(lines: readonly string[], turn: number): string;
  /** Whether a booking needs a name. */
  needsName: boolean;
  /** True if a tool makes the booking: it is called without confirmation as soon as all slots are filled. */
  bookWithTool: boolean;
}

/** The result of one turn. `action: 'book'` means that the booking is complete and must be made now. */
export interface ConversationTurn {
  next: Conversation;
  say: string;
  action: 'book' | undefined;
}

/** Replies to one utterance of the caller. Pure: the same history always gives the same words. */
export function takeTurn(before: Conversation, text: string, rules: BusinessRules): ConversationTurn {
  const utterance = interpret(text, before.expected);
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (utterance.topics.includes('again') && before.lastSaid !== '') {
    return finish(before, before, before.lastSaid);
  }
  const facts = FACT_TOPICS.filter((topic) => utterance.topics.includes(topic)).map((topic) =>
    line(FACTS[topic]),
  );
  const turn =
    bookingTurn(before, utterance, facts.length > 0, rules) ?? smallTalk(before, utterance, facts, rules);
  return finish(before, turn.next, [...facts, turn.say].filter((s) => s !== '').join(' '), turn.action);
}

function finish(before: Conversation, next: Conversation, say: string, action?: 'book'): ConversationTurn {
  return { next: { ...next, lastSaid: say, turns: before.turns + 1 }, say, action };
}

interface DraftReply {
  next: Conversation;
  say: string;
  action?: 'book';
}

/** Whether an utterance is about a booking, by a keyword or by filling a booking slot. */
function isAboutBooking(before: Conversation, utterance: Interpretation, answeredFacts: boolean): boolean {
  const { topics } = utterance;
  if (topics.includes('book'))
    return !(answeredFacts && countSlots(utterance) === 0 && before.stage === 'idle');
  if (before.stage === 'idle')
    return !answeredFacts && countSlots(utterance) >= 1 && utterance.name === undefined;
  if (before.stage === 'booked')
    return topics.includes('change') || (countSlots(utterance) > 0 && !answeredFacts);
  return !answeredFacts && (countSlots(utterance) > 0 || topics.includes('change'));
}

function bookingTurn(
  before: Conversation,
  utterance: Interpretation,
  answeredFacts: boolean,
  rules: BusinessRules,
): DraftReply | undefined {
  const { topics } = utterance;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (topics.includes('cancel')) {
    if (before.stage === 'idle') return { next: before, say: line(LINES.nothingToCancel) };
    return { next: { ...INITIAL_CONVERSATION, turns: before.turns }, say: line(LINES.cancelled) };
  }
  if (before.stage === 'booked' && countSlots(utterance) === 0 && topics.includes('book')) {
    return { next: before, say: `You have ${bookingWords(before.booking)}. ${line(LINES.anythingElse)}` };
  }
  if (before.stage === 'confirming' && countSlots(utterance) === 0) {
    if (topics.includes('no') || topics.includes('change')) return askForChange(before, utterance, rules);
    if (topics.includes('yes')) return booked(before, before.booking, rules);
  }
  if (isAwaitingChange(before) && countSlots(utterance) === 0 && utterance.namedSlot)
    return askForChange(before, utterance, rules);
  if (!isAboutBooking(before, utterance, answeredFacts)) return undefined;
  if (before.stage !== 'idle' && countSlots(utterance) === 0 && topics.includes('change')) {
    return askForChange(before, utterance, rules);
  }
  return gather(before, utterance, rules);
}

/** Whether the caller was asked what to change and has not answered yet. */
function isAwaitingChange(before: Conversation): boolean {
  return before.stage === 'asking' && before.expected === undefined;
}

/** Asks what to change, or for the new value of the slot that the caller named. */
function askForChange(before: Conversation, utterance: Interpretation, rules: BusinessRules): DraftReply {
  const slot = utterance.namedSlot;
  const lines = slot ? QUESTIONS[slot] : LINES.changeWhat;
  return { next: { ...before, stage: 'asking', expected: slot }, say: rules.pick(lines, before.turns) };
}

/** Adds the utterance to the booking, then asks for the next missing slot or for confirmation. */
function gather(before: Conversation, utterance: Interpretation, rules: BusinessRules): DraftReply {
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  const { booking, objection } = validateBooking(mergeBooking(before.booking, utterance), rules.today);
  const [slot] = missingSlots(booking, rules.needsName);
  if (slot) {
    const opener =
      objection ?? repeatBack(utterance) ?? (before.stage === 'idle' ? "I'd be happy to book that." : '');
    const next: Conversation = { ...before, booking, stage: 'asking', expected: slot };
    return { next, say: `${opener} ${line(QUESTIONS[slot])}`.trim() };
  }
  if (rules.bookWithTool) return booked(before, booking, rules);
  const changed = before.stage === 'booked' ? 'So now it is' : "So that's";
  return {
    next: { ...before, booking, stage: 'confirming', expected: undefined },
    say: `${changed} ${bookingWords(booking)}. Shall I book it?`,
  };
}

function booked(before: Conversation, booking: Booking, rules: BusinessRules): DraftReply {
  const say = `Wonderful, I've booked ${bookingWords(booking)}. ${rules.pick(LINES.anythingElse, before.turns)}`;
  return { next: { ...before, booking, stage: 'booked', expected: undefined }, say, action: 'book' };
}

/** Replies to everything but bookings: small talk, questions about the restaurant, and utterances without a match. */
function smallTalk(
  before: Conversation,
  utterance: Interpretation,
  facts: string[],
  rules: BusinessRules,
): DraftReply {
  const { topics } = utterance;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  const pending = before.expected ? line(QUESTIONS[before.expected]) : '';
  if (facts.length > 0) return { next: before, say: pending };
  if (topics.includes('wait')) return { next: before, say: line(LINES.wait) };
  if (topics.includes('goodbye')) return { next: before, say: line(LINES.goodbye) };
  if (before.stage === 'confirming') {
    return {
      next: before,
      say: `${line(LINES.notUnderstood)} Shall I book ${bookingWords(before.booking)}?`,
    };
  }
  if (isAwaitingChange(before) && topics.length === 0) {
    return { next: before, say: `${line(LINES.notUnderstood)} ${line(LINES.changeWhat)}` };
  }
  if (topics.includes('thanks')) {
    return { next: before, say: `${line(LINES.thanks)} ${pending || line(LINES.anythingElse)}` };
  }
  if (pending !== '' && !topics.includes('greeting')) {
    return { next: before, say: `${line(LINES.notUnderstood)} ${pending}` };
  }
  return { next: before, say: `${otherReply(before, utterance, rules)} ${pending}`.trim() };
}

function otherReply(before: Conversation, utterance: Interpretation, rules: BusinessRules): string {
  const { topics } = utterance;
  const line = (lines: readonly string[]) => rules.pick(lines, before.turns);
  if (topics.includes('greeting')) return line(LINES.greeting);
  if (topics.includes('no')) return line(LINES.goodbye);
  if (topics.includes('change')) return line(LINES.nothingBooked);
  if (topics.includes('yes'))
    return before.stage === 'booked' ? 'Go ahead, I am listening.' : line(LINES.offerHelp);
  return `${line(LINES.notUnderstood)} ${line(LINES.offerHelp)}`;
}
