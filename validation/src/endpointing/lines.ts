import type { CallerLine } from '@firstword/calls';

const line = (text: string): CallerLine => {
  const [, ms] = /\[(\d+)\]/.exec(text) ?? [];
  return { parts: text.split(/\s*\[\d+\]\s*/), breathMs: Number(ms ?? 0) };
};

/**
 * Caller lines of held-out domains: not the restaurant of the compared calls, and not written to fit a policy. `[700]` is
 * a pause of 700 ms inside the line. Pauses are where people make them: after a word that requires continuation, after a
 * complete clause, before a correction, and while looking something up.
 */
export const ENDPOINTING_LINES: readonly CallerLine[] = [
  'I would like to check the balance of my account.',
  'Can you tell me [800] how much I spent last month?',
  'I want to send two hundred dollars to [700] my daughter.',
  'My card was stolen yesterday [500] and I need a new one.',
  'Yes, that is correct.',
  'No, I did not make that payment.',
  'The card ends in [900] four four two one.',
  'Is there a fee for that?',
  'I moved house in March, so my [600] address has changed.',
  'Could you please repeat the last part?',
  'I need to see a doctor because [1000] my back hurts.',
  'It started about three days ago.',
  'I am free on Monday [450] or maybe Wednesday.',
  'Do you have anything earlier?',
  'I take one tablet in the morning [550] and two at night.',
  'My date of birth is [650] the fifth of June.',
  'No, sorry [400] the sixth of June.',
  'Can I bring my son along?',
  'What should I do if [750] it gets worse?',
  'That sounds good, thank you.',
  'I am calling about a package that has not arrived.',
  'The tracking number is, um [1100] nine three seven.',
  'It was supposed to come on Tuesday.',
  'Can you leave it with [600] my neighbor?',
  'She lives in the house next door.',
  'I would rather pick it up myself [400] if that is possible.',
  'What time do you close?',
  'And where is the nearest office?',
  'I think it was sent from [850] Germany.',
  'Never mind, I found it.',
  'I need to change my flight to Boston.',
  'The flight leaves at [700] ten in the morning.',
  'I want to fly back on Sunday [500] not on Saturday.',
  'How much would it cost to [950] take a second bag?',
  'Is breakfast included?',
  'I would like a window seat, and [800] a vegetarian meal.',
  'We are two adults and [500] three children.',
  'Let me see [1200] the booking code is on my phone.',
  'Can I get a refund?',
  'I already paid for the ticket [450] with my credit card.',
  'My internet has been down since this morning.',
  'I have already restarted the [650] router.',
  'The light is blinking red.',
  'I do not know where the [900] serial number is.',
  'Okay, I can see it now.',
  'It says that the connection failed [550] and then it stops.',
  'Could you send a technician?',
  'Tomorrow after five would be great.',
  'Well, I mean [750] it works, but it is slow.',
  'How long will that take?',
  'I want to cancel my subscription.',
  'I signed up for [600] the yearly plan.',
  'Please charge it to the same account.',
  'My email address has changed [400] too.',
  'Hello, I have a question about my bill.',
  'Why is it higher than [850] last time?',
  'I do not remember ordering that.',
  'The invoice is from [700] the second of May.',
  'Can I pay it in two parts?',
  'Great, that is all I wanted to know.',
].map(line);
