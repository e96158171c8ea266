import { describe, expect, it } from 'vitest';
import type { EmulatedAnswer, EmulatedMessage, EmulatedToolChoice, OfferedTool } from '../chat/chat.js';
import { answerAsReceptionist } from './receptionist.js';

const TODAY = '2026-11-22'; // a Sunday

function said(role: EmulatedMessage['role'], text: string): EmulatedMessage {
  return { role, text, toolCalls: [] };
}

function answer(
  messages: EmulatedMessage[],
  tools: OfferedTool[] = [],
  toolChoice: EmulatedToolChoice = 'auto',
): EmulatedAnswer {
  return answerAsReceptionist({ messages, tools, toolChoice, parallelTools: true, today: TODAY, seed: 1 });
}

/** Sends a caller's lines one by one and returns the reply to each. */
function talk(lines: string[]): string[] {
  const messages: EmulatedMessage[] = [said('system', 'You are a receptionist.')];
  return lines.map((line) => {
    messages.push(said('user', line));
    const { text } = answer(messages);
    messages.push(said('assistant', text));
    return text;
  });
}

/** [what the caller says, what the reply must match]. One conversation per entry. */
const CONVERSATIONS: Record<string, [string, RegExp][]> = {
  'a booking, one slot at a time': [
    ['Hello!', /Blue Door/],
    ['I would like to book a table.', /people/],
    ['Four.', /Four people.*day/],
    ['On Friday.', /Friday.*time/],
    ['Half past seven.', /Seven thirty.*name/],
    ["It's Maria.", /four people on Friday at seven thirty, under Maria\. Shall I book it\?/],
    ['Yes please.', /booked a table for four people/],
    ['Thanks, bye.', /Goodbye|See you/],
  ],
  'a booking in one breath, without punctuation': [
    [
      'can i get a table for six people tomorrow at seven thirty under the name lopez',
      /six people tomorrow at seven thirty, under Lopez/,
    ],
    ['yeah', /booked/],
  ],
  'numbers that STT transcribes as other words': [
    ['I want to reserve a table', /people/],
    ['for people', /Four people/],
    ['the twenty third of december', /twenty third of December/],
    ['730 pm', /Seven thirty/],
  ],
  'a lone homophone where a number is expected': [
    ['book a table', /people/],
    ['ate', /Eight people/],
  ],
  'a correction before the confirmation': [
    ['book a table for two on saturday at eight', /name/],
    ['anna', /two people on Saturday at eight o'clock, under Anna/],
    ['no', /change/],
    ['make it five people', /five people on Saturday at eight o'clock, under Anna/],
    ['yes', /booked a table for five people/],
  ],
  'a change after the booking': [
    ['table for three today at seven under Kim', /three people/],
    ['yes', /booked/],
    ['Actually, can we move it to eight thirty?', /eight thirty, under Kim/],
    ['yes', /booked.*eight thirty/],
    ['do i have a booking', /You have a table for three/],
    ['cancel my booking', /cancel/],
    ['cancel my booking', /no booking|don't have/],
  ],
  'a change of something named first': [
    ['table for three today at seven under Kim', /three people/],
    ['no', /change/],
    ['flurb', /change/],
    ['the time please', /time/],
    ['eight', /eight o'clock, under Kim\. Shall I book it/],
    ['yes', /booked/],
    ['can I change the name', /name/],
    ['Lee', /under Lee/],
  ],
  'a question in the middle of a booking': [
    ['book a table for two', /day/],
    ['is there parking?', /park.*day/],
    ['Tuesday', /Tuesday.*time/],
  ],
  'requests that the restaurant cannot fulfil': [
    ['a table for twenty people on sunday', /largest table seats twelve.*people/],
    ['four', /time/],
    ['at five in the morning', /from noon until nine o'clock.*time/],
    ['at noon', /Noon|noon/],
  ],
  'several questions at once': [
    ['Where are you, and is there parking?', /Harbor Street.*park/],
    ['How much is it and are you open on Monday?', /noon.*dollars|noon.*twenty/],
  ],
  'small talk, nonsense and repetition': [
    ['How are you?', /well|great/],
    ['are you a robot', /emulat/],
    ['flurb the wazzle', /catch|get that|missed/],
    ['', /catch|get that|missed/],
    ['what are your opening hours', /noon/],
    ['sorry, can you say that again?', /noon/],
  ],
};

describe.each(Object.entries(CONVERSATIONS))('%s', (_, turns) => {
  it('gets the expected replies', () => {
    const answers = talk(turns.map(([line]) => line));
    for (const [index, [, expected]] of turns.entries()) expect(answers[index]).toMatch(expected);
  });
});

it('answers in one, two and four sentences', () => {
  const lengths = talk(['is there parking', 'what are your opening hours', 'what is on the menu']).map(
    (text) => text.match(/[.!?](\s|$)/g)?.length,
  );
  expect(lengths).toEqual([1, 2, 4]);
});

it('greets when there is no message yet', () => {
  expect(answer([said('system', 'Greet the caller.')]).text).toMatch(/Blue Door/);
});

it('uses the same wording for the same seed and different wording for other seeds', () => {
  const messages = [said('user', 'what are your opening hours')];
  const words = (seed: number) =>
    answerAsReceptionist({ messages, tools: [], toolChoice: 'auto', parallelTools: true, today: TODAY, seed })
      .text;
  expect(words(3)).toBe(words(3));
  expect(new Set([1, 2, 3, 4, 5, 6].map(words)).size).toBeGreaterThan(1);
});

const BOOK: OfferedTool = {
  name: 'book_table',
  description: 'Books a table',
  parameters: {
    type: 'object',
    properties: {
      date: { type: 'string', format: 'date' },
      time: { type: 'string' },
      party_size: { type: 'integer' },
      notes: { type: 'string' },
    },
    required: ['date', 'time', 'party_size'],
  },
};
const WEATHER: OfferedTool = {
  name: 'get_weather',
  description: '',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('with tools', () => {
  const request = [said('user', 'book a table for four on friday at seven')];

  it('books through the tool, with arguments from the conversation', () => {
    const { text, toolCalls } = answer(request, [WEATHER, BOOK]);
    expect(text).toBe('');
    expect(toolCalls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
      ['book_table', { date: '2026-11-27', time: '19:00', party_size: 4 }],
    ]);
  });

  it('asks first for a required argument that the caller has not given', () => {
    expect(answer([said('user', 'book a table for four')], [BOOK])).toMatchObject({
      text: expect.stringMatching(/day/),
      toolCalls: [],
    });
  });

  it('answers from a successful result', () => {
    const toolCalls = answer(request, [BOOK]).toolCalls;
    const messages: EmulatedMessage[] = [
      ...request,
      { role: 'assistant', text: '', toolCalls },
      { ...said('tool', '{"ok":true,"confirmation":"A42"}'), toolCallId: toolCalls[0]?.id },
    ];
    expect(answer(messages, [BOOK]).text).toMatch(/booked a table for four.*A42/);
  });

  it('asks for another time when the table is taken, and books that', () => {
    const toolCalls = answer(request, [BOOK]).toolCalls;
    const messages: EmulatedMessage[] = [
      ...request,
      { role: 'assistant', text: '', toolCalls },
      {
        ...said('tool', '{"available":false,"message":"We are full at seven."}'),
        toolCallId: toolCalls[0]?.id,
      },
    ];
    const sorry = answer(messages, [BOOK]).text;
    expect(sorry).toMatch(/sorry, we are full at seven\..*time/);
    messages.push(said('assistant', sorry), said('user', 'eight thirty then'));
    expect(JSON.parse(answer(messages, [BOOK]).toolCalls[0]?.arguments ?? '{}')).toMatchObject({
      time: '20:30',
    });
  });

  it('calls a tool whose subject the caller mentioned', () => {
    const { toolCalls } = answer([said('user', "What's the weather in Paris?")], [WEATHER, BOOK]);
    expect(toolCalls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
      ['get_weather', { city: 'Paris' }],
    ]);
  });

  it('calls no tool with tool_choice none', () => {
    expect(answer(request, [BOOK], 'none').toolCalls).toEqual([]);
  });

  it('calls a tool with tool_choice required', () => {
    expect(answer([said('user', 'hello')], [BOOK], 'required').toolCalls).toHaveLength(1);
  });

  it('calls the named tool, with every required argument of the right type', () => {
    const { toolCalls } = answer([said('user', 'hello')], [WEATHER, BOOK], { name: 'book_table' });
    expect(toolCalls).toHaveLength(1);
    expect(JSON.parse(toolCalls[0]?.arguments ?? '')).toEqual({ date: '', time: '', party_size: 0 });
  });
});
