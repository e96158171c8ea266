import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerState, EXPECTED_KINDS, expectedAnswer, parseExpected } from './expected-answer.js';

const ASKED = [
  ['What is your phone number?', 'digits(7-10)'],
  ['Sure. And what number can we reach you at?', 'digits(7-10)'],
  ['And the last four digits of your social?', 'digits(4)'],
  ['Could you give me your zip code, please?', 'digits(5)'],
  ['What is your account number?', 'digits(4-)'],
  ['Could you spell that for me?', 'spelling'],
  ['What is your email address?', 'email'],
  ['Can I have your date of birth?', 'birth-date'],
  ['Which day would suit you?', 'date'],
  ['What time would you like to come in?', 'time'],
  ['May I have your first and last name?', 'name(2-)'],
  ['What is your name?', 'name'],
  ['You would like a table for four. Is that right?', 'yes-no'],
  ['So that is Tuesday at three, correct?', 'yes-no'],
  ['Would you like to hear our specials?', 'yes-no'],
  ['It is booked. Is there anything else I can help you with?', 'more'],
] as const;

const ASKED_ELSEWHERE = [
  ['de', 'Wie lautet Ihre Telefonnummer?', 'digits(6-12)'],
  ['de', 'Am Dienstag um drei. Ist das richtig?', 'yes-no'],
  ['de-DE', 'Kann ich sonst noch etwas für Sie tun?', 'more'],
  ['es', '¿Cuál es su número de teléfono?', 'digits(9-10)'],
  ['es', '¿Cuáles son los últimos cuatro dígitos?', 'digits(4)'],
  ['es', '¿A qué hora le viene bien?', 'time'],
  ['fr', 'Quel est votre numéro de téléphone ?', 'digits(10)'],
  ['fr', 'À quelle heure ?', 'time'],
  ['hi', 'आपका फ़ोन नंबर क्या है?', 'digits(10)'],
  ['hi-IN', 'आपका पूरा नाम क्या है?', 'name(2-)'],
] as const;

const NOTHING_KNOWN = [
  'How can I help you?',
  'Your phone number is 555 1234.',
  'One moment, please.',
  'Can you tell me what happened?',
  '',
  '…',
];

describe('what the agent asks for', () => {
  it.each(ASKED)('"%s": %s', (said, expects) => {
    expect(expectedAnswer(said)).toEqual(parseExpected(expects));
  });

  it.each(ASKED_ELSEWHERE)('in %s, "%s": %s', (language, said, expects) => {
    expect(expectedAnswer(said, language)).toEqual(parseExpected(expects));
  });

  it.each(NOTHING_KNOWN)('nothing that the table knows: "%s"', (said) => {
    expect(expectedAnswer(said)).toBeUndefined();
  });

  it('is not known in a language without a table', () => {
    expect(expectedAnswer('What is your phone number?', 'ja')).toBeUndefined();
  });
});

const ANSWERS = [
  ['digits(7-10)', 'five five five', 'incomplete'],
  ['digits(7-10)', "It's 555, 12", 'incomplete'],
  ['digits(7-10)', 'five five five one two one two', 'unknown'],
  ['digits(7-10)', '(555) 123-4567', 'complete'],
  ['digits(7-10)', 'area code four one five, double five five, eight hundred, two', 'complete'],
  ['digits(7-10)', 'five five five double', 'incomplete'],
  ['digits(7-10)', "I don't have it with me.", 'unknown'],
  ['digits(7-10)', 'five five five is all I know', 'unknown'],
  ['digits(4)', 'oh nine twenty five', 'complete'],
  ['digits(5)', '7 0 0 2 3', 'complete'],
  ['digits(5)', '7002', 'incomplete'],
  ['digits(4-)', 'nine nine', 'incomplete'],
  ['digits(4-)', 'nine nine one two three', 'unknown'],
  ['spelling(6)', 'A B C', 'incomplete'],
  ['spelling(6)', 'A B C 1 2 3', 'complete'],
  ['spelling', 'S M I T H', 'unknown'],
  ['name(2-)', 'My name is Linda', 'incomplete'],
  ['name(2-)', 'Linda Jones', 'unknown'],
  ['name(2-)', 'My name is', 'unknown'],
  ['yes-no', 'Yes.', 'complete'],
  ['yes-no', "Yeah, that's right.", 'complete'],
  ['yes-no', 'Correct', 'complete'],
  ['yes-no', 'Yes, but on Monday', 'unknown'],
  ['yes-no', 'No.', 'unknown'],
  ['more', "No, that's all, thank you.", 'complete'],
  ['more', 'Nope', 'complete'],
  ['more', 'Yes', 'incomplete'],
  ['more', 'Yes, I need a new card', 'unknown'],
  ['date', 'Tuesday', 'complete'],
  ['date', 'on March', 'incomplete'],
  ['date', 'March fifth', 'complete'],
  ['date', 'the 5th of August', 'complete'],
  ['date', 'August', 'incomplete'],
  ['birth-date', 'March fifth', 'incomplete'],
  ['birth-date', 'March fifth nineteen eighty two', 'complete'],
  ['birth-date', 'March 5th, 1982', 'complete'],
  ['birth-date', '03/05/1982', 'complete'],
  ['time', 'three', 'unknown'],
  ['time', 'three p.m.', 'complete'],
  ['email', 'john dot smith at', 'incomplete'],
  ['email', 'john dot smith at gmail', 'incomplete'],
  ['email', 'john.smith@gmail.com', 'complete'],
  ['email', 'john dot smith at gmail dot com.', 'complete'],
  ['anything', 'five', 'unknown'],
  ['digits(4)', '', 'unknown'],
] as const;

const ANSWERS_ELSEWHERE = [
  ['de', 'digits(6-12)', 'null eins fünf', 'incomplete'],
  ['de', 'digits(6-12)', 'null eins fünf eins fünfundzwanzig', 'unknown'],
  ['de', 'yes-no', 'Ja, genau.', 'complete'],
  ['de', 'more', 'Nein, danke', 'complete'],
  ['de', 'date', 'übermorgen', 'complete'],
  ['es', 'digits(9)', 'seis uno dos', 'incomplete'],
  ['es', 'yes-no', 'Sí, correcto', 'complete'],
  ['es', 'date', 'el martes', 'complete'],
  ['fr', 'digits(10)', 'zéro six douze', 'incomplete'],
  ['fr', 'yes-no', "Oui, c'est ça", 'complete'],
  ['fr', 'date', 'le cinq août', 'complete'],
  ['hi', 'digits(10)', 'नौ आठ सात', 'incomplete'],
  ['hi', 'yes-no', 'जी हाँ', 'complete'],
  ['ja', 'digits(4)', '1234', 'complete'],
  ['ja', 'yes-no', 'はい', 'unknown'],
] as const;

describe('an answer', () => {
  it.each(ANSWERS)('to %s, "%s", is %s', (expects, text, state) => {
    expect(answerState(text, parseExpected(expects))).toBe(state);
  });

  it.each(ANSWERS_ELSEWHERE)('in %s to %s, "%s", is %s', (language, expects, text, state) => {
    expect(answerState(text, parseExpected(expects), language)).toBe(state);
  });

  it('is judged for any text and language', () => {
    const kind = fc.constantFrom(...EXPECTED_KINDS);
    const language = fc.constantFrom('en', 'de', 'es', 'fr', 'hi', 'ja', 'constructor', '');
    fc.assert(
      fc.property(kind, fc.string(), language, (expects, text, tag) => {
        expect(['complete', 'incomplete', 'unknown']).toContain(
          answerState(text, parseExpected(expects), tag),
        );
        expect(() => expectedAnswer(text, tag)).not.toThrow();
      }),
    );
  });
});

describe('parseExpected', () => {
  it('reads counts', () => {
    expect(parseExpected('digits(10)')).toEqual({ kind: 'digits', least: 10, most: 10 });
    expect(parseExpected('digits(7-10)')).toEqual({ kind: 'digits', least: 7, most: 10 });
    expect(parseExpected('name(2-)')).toEqual({ kind: 'name', least: 2, most: Number.POSITIVE_INFINITY });
    expect(parseExpected(' date ')).toMatchObject({ kind: 'date' });
  });

  it.each(['digit(10)', 'digits(ten)', 'digits(10', '', 'phone'])('refuses "%s"', (text) => {
    expect(() => parseExpected(text)).toThrow(/no expected answer/);
  });
});
