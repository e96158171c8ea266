import type { Slot } from '../nlu/interpret.js';

/** Fixed replies. Each has several wordings, of which the seed chooses one. */
export const LINES = {
  greeting: [
    'Hello, this is the Blue Door. How can I help?',
    'Hi, the Blue Door here. What can I do for you?',
  ],
  notUnderstood: [
    "Sorry, I didn't catch that.",
    "I'm sorry, I didn't quite get that.",
    'Sorry, the line was a bit unclear and I missed that.',
  ],
  offerHelp: ['I can book a table, or tell you about our menu and hours.', 'Would you like to book a table?'],
  anythingElse: ['Is there anything else I can do for you?', 'Anything else?'],
  thanks: ["You're very welcome.", 'My pleasure.', "You're welcome."],
  goodbye: ['Thank you for calling the Blue Door. Goodbye!', 'Thanks for calling. See you soon!'],
  wait: ['Of course, take your time.', 'Sure, no rush.'],
  changeWhat: ['No problem. What would you like to change?', 'Of course. What shall I change?'],
  cancelled: [
    "I've cancelled your booking. We hope to see you another time.",
    'Your booking is cancelled. Thanks for telling us.',
  ],
  nothingToCancel: [
    "There's no booking under this call yet, so nothing to cancel.",
    "I don't have a booking to cancel here.",
  ],
  nothingBooked: [
    "You don't have a booking with us yet. Shall I make one?",
    "I don't see a booking yet. Would you like one?",
  ],
} as const;

/** The question for each slot. */
export const QUESTIONS: Record<Slot, readonly string[]> = {
  party: ['For how many people?', 'How many people will there be?'],
  day: ['Which day would you like to come?', 'What day would you like?'],
  time: ['And at what time?', 'What time would suit you?'],
  name: ['What name shall I put it under?', 'And your name, please?'],
};
