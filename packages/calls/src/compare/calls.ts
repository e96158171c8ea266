import { unknownName } from '@firstword/turn';
import type { CallerLine } from '../caller/lines.js';

/** The kind of a line: what it tests. */
export type LineKind =
  | 'short question'
  | 'long question'
  | 'hesitation'
  | 'self-correction'
  | 'trailing please'
  | 'number'
  | 'name'
  | 'barge-in'
  | 'backchannel'
  /** A recording of the user's. */
  | 'recording';

/** A line of a comparison call, labelled with its kind. */
export interface CompareLine extends CallerLine {
  kind: LineKind;
}

/** One of the calls that are played in every arm. */
export interface CompareCall {
  /** Used in file names: letters, digits and `-`. */
  id: string;
  /** A flite voice other than the agent's; `recorded` for the user's own recordings. */
  voice: string;
  /** Signal-to-noise ratio, dB; default a quiet room. */
  snrDb?: number;
  lines: readonly CompareLine[];
}

const say = (kind: LineKind, ...parts: string[]): CompareLine => ({ kind, parts, breathMs: 180 });

/** A line with pauses of `breathMs` between its parts. */
const halting = (kind: LineKind, breathMs: number, ...parts: string[]): CompareLine => ({
  kind,
  parts,
  breathMs,
});

/** A line spoken over the agent, this many ms after the start of its answer. */
const over = (kind: LineKind, bargeInAfterMs: number, text: string): CompareLine => ({
  kind,
  parts: [text],
  breathMs: 0,
  bargeInAfterMs,
});

/**
 * Six calls to a restaurant, 25 lines in three voices; two calls are noisy. The pauses within sentences last 0.4 to
 * 1.2 s, as in human speech.
 */
const CORE_CALLS: readonly CompareCall[] = [
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

/** Nine more calls, 41 lines in four voices; five calls are noisy. */
const MORE_CALLS: readonly CompareCall[] = [
  {
    id: 'party',
    voice: 'rms',
    snrDb: 15,
    lines: [
      say(
        'long question',
        'I wanted to ask if you have a quiet room',
        'where about ten of us could have dinner?',
      ),
      say('number', 'There will be ten or eleven people.'),
      halting('hesitation', 600, 'The best day for us would be', 'Friday evening.'),
      halting('self-correction', 500, 'At seven,', 'no, make that eight.'),
      say('name', 'My name is Peter Wagner.'),
    ],
  },
  {
    id: 'lunch',
    voice: 'awb',
    lines: [
      say('short question', 'Do you serve lunch?'),
      over('backchannel', 1400, 'Okay.'),
      halting('trailing please', 350, 'A table for two at one', 'please.'),
      say('short question', 'Can we sit outside?'),
      say('name', 'Under the name of David Brown.'),
    ],
  },
  {
    id: 'running-late',
    voice: 'kal16',
    snrDb: 10,
    lines: [
      say('long question', 'I have a table for tonight,', 'is it all right if we come half an hour later?'),
      halting('hesitation', 900, 'The table was booked for', 'seven thirty.'),
      say('name', 'It is on the name of Linda Green.'),
      over('barge-in', 1000, 'We will be six people now.'),
    ],
  },
  {
    id: 'prices',
    voice: 'rms',
    lines: [
      say('short question', 'What does the menu cost?'),
      over('barge-in', 1300, 'I mean the one for children.'),
      halting('hesitation', 1100, 'And is there', 'something without meat?'),
      say('long question', 'Do you also take credit cards,', 'or would I have to bring enough cash with me?'),
      say('short question', 'Is the tip included?'),
    ],
  },
  {
    id: 'directions',
    voice: 'awb',
    snrDb: 20,
    lines: [
      say('short question', 'Where are you exactly?'),
      halting('self-correction', 600, 'I am coming by bus,', 'sorry, by train.'),
      say('number', 'How long is the walk from platform twelve?'),
      over('backchannel', 1600, 'Mm hmm.'),
      halting('trailing please', 450, 'Tell me the street again', 'please.'),
    ],
  },
  {
    id: 'birthday',
    voice: 'kal',
    lines: [
      say(
        'long question',
        'It is my mother who has her birthday on Saturday,',
        'could you have a cake for her?',
      ),
      halting('hesitation', 400, 'She will be', 'seventy five.'),
      say('number', 'There are twelve of us altogether.'),
      halting('hesitation', 800, 'Her name is,', 'wait,', 'Maria Evans.'),
    ],
  },
  {
    id: 'cancel',
    voice: 'kal16',
    lines: [
      halting('self-correction', 550, 'I would like to cancel my table for Monday,', 'I mean for Tuesday.'),
      say('name', 'The booking is for Susan Taylor.'),
      say('number', 'It was for eight people at six fifteen.'),
      halting('trailing please', 400, 'Then book me another one for Thursday', 'please.'),
      over('barge-in', 1200, 'Wait, not on Thursday.'),
    ],
  },
  {
    id: 'allergies',
    voice: 'rms',
    snrDb: 30,
    lines: [
      say('short question', 'Do your dishes contain nuts?'),
      say(
        'long question',
        'My daughter must not eat any milk or eggs at all,',
        'what could she have from your menu?',
      ),
      halting('hesitation', 700, 'And for my husband', 'something light.'),
      say('short question', 'How late can we order?'),
    ],
  },
  {
    id: 'group',
    voice: 'awb',
    snrDb: 15,
    lines: [
      halting('hesitation', 1000, 'I am calling because we need', 'a table for nine.'),
      say('number', 'On Wednesday the fourteenth at a quarter to seven.'),
      halting('self-correction', 450, 'Nine adults,', 'no, seven adults and two children.'),
      say('name', 'My name is Robert King.'),
    ],
  },
];

/** All built-in comparison calls: 66 lines in fifteen calls. */
export const COMPARE_CALLS: readonly CompareCall[] = [...CORE_CALLS, ...MORE_CALLS];

/**
 * Parses a comma-separated list of call ids; `core` selects the first six calls, `all` all of them.
 * @throws FirstwordError `bad_input` for an unknown id, listing the known ones
 */
export function callsOf(list: string): readonly CompareCall[] {
  if (list === 'all') return COMPARE_CALLS;
  if (list === 'core') return CORE_CALLS;
  const names = new Set(list.split(',').map((name) => name.trim()));
  const unknown = [...names].find((name) => !COMPARE_CALLS.some((call) => call.id === name));
  if (unknown === undefined) return COMPARE_CALLS.filter((call) => names.has(call.id));
  const choices = ['all', 'core', ...COMPARE_CALLS.map((call) => call.id)];
  throw unknownName('call', unknown, choices, choices.map((id) => `\n  ${id}`).join(''));
}
