import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utteranceEnding } from './utterance-ending.js';

const OPEN = [
  'Great. I am calling from',
  'I would like to talk to',
  'Is there a table for',
  'You are calling from',
  'It is for.',
  'I would like a table for',
  'We would come at.',
  'It would be on.',
  'How expensive is,',
  'And how expensive is',
  'My name is',
  'I need to see a doctor because',
  'and then the',
  'I want, um…',
  'Let me see.',
  'I would like the fish and',
  'I’d like to',
  'How much would it cost to',
  'Can you tell me',
  'And is there',
  "I'll",
];
const STRANDED = [
  'Is there anything else I can help you with?',
  'anything else I can help you with',
  'Okay, got you all set up. Is there anything else I can help you with today or look into?',
  'Where are you calling from?',
  'Great. Where are you calling from?',
  'Okay, and where are you calling from?',
  'What is the phone number you are calling from?',
  'Which floor are you on?',
  'So who should I talk to?',
  'Is there someone I can talk to?',
];
const TRAILING = [
  'It still does not work, so.',
  'I did that already so',
  'You know,',
  'It is hard, you know.',
];
const PLAIN = [
  'Where are you from?',
  'What is it for?',
  'Who should I talk to?',
  'Who should I ask for?',
  'Do you know what the price is?',
  'Yes, it is.',
  'I think so.',
  'Please come in.',
  'Thank you very much, good by.',
  'I can drop by.',
  'Which floor are you on?',
  'There will be seven of us.',
  'What time are you open on Friday?',
  'What time is it?',
  'Yes, there is.',
  'What is there?',
  'Turn it up.',
  'Yes please.',
  'I want that.',
  '',
  '…',
];

describe('utteranceEnding', () => {
  it.each(OPEN)('is incomplete: "%s"', (text) => {
    expect(utteranceEnding(text)).toBe('incomplete');
  });

  it.each([...STRANDED, ...TRAILING])('has its noun before, or needs none: "%s"', (text) => {
    expect(utteranceEnding(text)).not.toBe('incomplete');
  });

  it.each(PLAIN)('is complete: "%s"', (text) => {
    expect(utteranceEnding(text)).not.toBe('incomplete');
  });

  it('names the kind of a last sentence that says something about the end', () => {
    expect(utteranceEnding('What time are you open on Friday?')).toBe('question');
    expect(utteranceEnding('I would like a table for four.')).toBe('complete');
    expect(utteranceEnding('How expensive is?')).toBe('incomplete');
  });

  it('judges other languages by their last word, and unknown ones by their punctuation', () => {
    expect(utteranceEnding('Ich hätte gern einen', 'de-DE')).toBe('incomplete');
    expect(utteranceEnding('Wann fangen Sie an?', 'de')).toBe('question');
    expect(utteranceEnding('Quisiera una mesa para', 'es')).toBe('incomplete');
    expect(utteranceEnding('Je voudrais une table pour', 'fr')).toBe('incomplete');
    expect(utteranceEnding('मुझे चार लोगों के', 'hi')).toBe('incomplete');
    expect(utteranceEnding('I would like a table for', 'xx')).toBe('complete');
  });

  it('ignores case and punctuation, which the STT engine adds, for what has to follow', () => {
    const mark = fc.constantFrom('', '.', ',', '?', '!', '…', ' -');
    fc.assert(
      fc.property(fc.constantFrom(...OPEN, ...PLAIN), mark, (text, end) => {
        const bare = text.replace(/[.,?!…]+$/u, '');
        const isIncomplete = (given: string) => utteranceEnding(given) === 'incomplete';
        expect(isIncomplete(`${bare.toUpperCase()}${end}`)).toBe(isIncomplete(text));
      }),
    );
  });

  it('accepts any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, tag) => {
        expect(utteranceEnding(text, tag)).toBeTypeOf('string');
      }),
    );
  });
});
