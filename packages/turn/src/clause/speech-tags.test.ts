import { describe, expect, it } from 'vitest';
import { ClauseCutter } from './cutter.js';
import { toSpeech } from './speakable.js';

/** What a TTS is given: the clauses of a text that arrives in chunks of `size` characters. */
function spoken(text: string, size: number, firstPhraseLetters = 15): string[] {
  const cutter = new ClauseCutter({ firstPhraseLetters });
  const clauses = [];
  for (let at = 0; at < text.length; at += size) clauses.push(...cutter.push(text.slice(at, at + size)));
  clauses.push(...cutter.end());
  return clauses.map((clause) => toSpeech(clause.text)).filter((clause) => clause !== '');
}

describe.each([1, 3, 7, 10_000])('markup for the TTS, in chunks of %i', (size) => {
  it.each([
    [
      'a pause, and a pronunciation with marks inside',
      'Please hold. <break time="1.5s"/> Thank you, <phoneme alphabet="ipa" ph="təˈmeɪtoʊ, yes. no">tomato</phoneme> is here.',
      [
        'Please hold.',
        '<break time="1.5s"/> Thank you, <phoneme alphabet="ipa" ph="təˈmeɪtoʊ, yes. no">tomato</phoneme> is here.',
      ],
    ],
    [
      'an SSML document',
      '<speak>Fish &amp; chips: <say-as interpret-as="digits">1, 2. 3</say-as>. <p>Good bye.</p></speak>',
      ['<speak>Fish &amp; chips: <say-as interpret-as="digits">1, 2. 3</say-as>. <p>Good bye.</p></speak>'],
    ],
    [
      'digits that belong together',
      'Your code is <say-as interpret-as="digits">1, 2. 3</say-as>. Write it down.',
      ['Your code is <say-as interpret-as="digits">1, 2. 3</say-as>.', 'Write it down.'],
    ],
    [
      'Cartesia’s tags',
      'Sure! <emotion value="happy"/> I can do that. It is <spell>A7. B, 9</spell>.',
      ['Sure!', '<emotion value="happy"/> I can do that.', 'It is <spell>A7. B, 9</spell>.'],
    ],
    [
      'a substitution',
      'It is <sub alias="World Wide Web, W3">W3</sub> now.',
      ['It is <sub alias="World Wide Web, W3">W3</sub> now.'],
    ],
    [
      'cues in brackets',
      '[laughs][sighs] Sure. [whispers] I can.',
      ['[laughs][sighs] Sure.', '[whispers] I can.'],
    ],
    ['other pauses', 'Wait. <#0.5#> And <200> go.', ['Wait.', '<#0.5#> And <200> go.']],
    [
      'phonemes',
      'Ask for <<h|ɛ|l|oʊ>> or [Kokoro](/kˈOkəɹO/) there.',
      ['Ask for <<h|ɛ|l|oʊ>> or [Kokoro](/kˈOkəɹO/) there.'],
    ],
    [
      'braces',
      'We can take {"word": "dupilumab", "say": "duː"} now.',
      ['We can take {"word": "dupilumab", "say": "duː"} now.'],
    ],
    ['a sound alone', 'That is funny. <laugh/>', ['That is funny.', '<laugh/>']],
    ['a pause at the end, which has no use', 'Good bye. <break time="1s"/>', ['Good bye.']],
    [
      'HTML, which is not spoken',
      'It is <b class="a, b">H<sub>2</sub>O</b>, see.<br/> Yes.',
      ['It is H 2 O , see. Yes.'],
    ],
    [
      'less than',
      'If x<y then we go, and 5 < 6. I <3 you. So.',
      ['If x<y then we go, and 5 < 6.', 'I <3 you.', 'So.'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(spoken(text, size)).toEqual(expected);
  });

  it('does not count as letters, and is not cut in a long sentence', () => {
    const tag = '<emotion value="very, very happy"/>';
    expect(spoken(`${tag} Yes, we do it. `, size)).toEqual([`${tag} Yes, we do it.`]);
    const long = `${`${tag} word `.repeat(100)}end.`;
    const clauses = spoken(long, size);
    expect(clauses.length).toBeGreaterThan(1);
    expect(clauses.join(' ')).toBe(long.replace(/ +/g, ' '));
    for (const clause of clauses) expect(clause.replaceAll(tag, '')).not.toMatch(/[<>"]/);
  });

  it('is spoken at the end of the answer if it is never closed', () => {
    expect(spoken('<prosody rate="slow">One. Two.', size)).toEqual(['<prosody rate="slow">One.', 'Two.']);
  });
});
