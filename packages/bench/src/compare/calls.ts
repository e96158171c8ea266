import type { CallerLine } from '../caller/lines.js';

/** What a line puts to the test. */
export type LineKind =
  | 'short question'
  | 'long question'
  | 'hesitation'
  | 'self-correction'
  | 'trailing please'
  | 'number'
  | 'name'
  | 'barge-in'
  | 'backchannel';

/** A line of a compared call, labelled. */
export interface CompareLine extends CallerLine {
  kind: LineKind;
}

/** One of the calls that every arm gets. */
export interface CompareCall {
  /** Names its files: letters, digits and `-`. */
  id: string;
  /** A flite voice; not the agent's. */
  voice: string;
  /** How far the voice stands above the noise around, dB; a quiet room where left out. */
  snrDb?: number;
  lines: readonly CompareLine[];
}

const say = (kind: LineKind, ...parts: string[]): CompareLine => ({ kind, parts, breathMs: 180 });

/** Said with a pause of so many ms between its parts. */
const halting = (kind: LineKind, breathMs: number, ...parts: string[]): CompareLine => ({
  kind,
  parts,
  breathMs,
});

/** Said over the agent, so many ms after its answer was first heard. */
const over = (kind: LineKind, bargeInAfterMs: number, text: string): CompareLine => ({
  kind,
  parts: [text],
  breathMs: 0,
  bargeInAfterMs,
});

/**
 * One round: 25 lines in six calls to a restaurant, by three voices. Two of the calls come from noisy places. The pauses
 * inside sentences are as long as people's: 0.4 to 1.2 s.
 */
export const COMPARE_CALLS: readonly CompareCall[] = [
  {
    id: 'hours',
    voice: 'rms',
    lines: [
      say('short question', 'What time are you open on Friday?'),
      say(
        'long question',
        'And could you tell me if you are also open on Sunday evening,',
        'because my parents are coming to visit us for the weekend?',
      ),
      halting('trailing please', 300, 'Then I would like to book a table', 'please.'),
      say('number', 'There will be seven of us.'),
    ],
  },
  {
    id: 'booking',
    voice: 'awb',
    lines: [
      say('short question', 'Can I make a reservation?'),
      halting('hesitation', 700, 'It is for', 'four people.'),
      halting('self-correction', 450, 'On Friday evening.', 'No, sorry, on Saturday evening.'),
      say('number', 'At seven thirty in the evening.'),
      say('name', 'My name is Robert Miller.'),
    ],
  },
  {
    id: 'visit',
    voice: 'kal',
    lines: [
      say('short question', 'How much is dinner for one person?'),
      say('long question', 'And how do I get to you from the station,', 'if I come by train on Saturday?'),
      over('backchannel', 1500, 'Uh huh.'),
      say('short question', 'Is there parking nearby?'),
    ],
  },
  {
    id: 'changes',
    voice: 'rms',
    snrDb: 20,
    lines: [
      halting('trailing please', 400, 'I need a table for two people on Monday', 'please.'),
      over('barge-in', 1200, 'Sorry, I meant for three people.'),
      halting('hesitation', 1000, 'We would come at', 'half past eight.'),
      say('name', 'The name is Susan Clark.'),
    ],
  },
  {
    id: 'thinking',
    voice: 'awb',
    snrDb: 30,
    lines: [
      halting('hesitation', 500, 'I would like a table for', 'let me see,', 'six people.'),
      halting('hesitation', 1200, 'It would be on', 'Thursday evening.'),
      halting('self-correction', 500, 'At six thirty,', 'I mean at eight fifteen.'),
      say('name', 'My name is Linda.'),
    ],
  },
  {
    id: 'menu',
    voice: 'kal',
    lines: [
      say('short question', 'Do you have vegetarian dishes?'),
      over('barge-in', 1500, 'And can I bring my children?'),
      halting('hesitation', 850, 'How expensive is', 'the menu for five people?'),
      say('short question', 'Where can I park my car?'),
    ],
  },
];
