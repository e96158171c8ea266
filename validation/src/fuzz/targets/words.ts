import {
  answerState,
  continuation,
  expectedAnswer,
  isOpeningPhrase,
  isSentenceFragment,
  parseExpected,
  sameWords,
  utteranceEnding,
  wordsOf,
} from '@firstword/turn';
import { oneOf } from '@firstword/turn/statistics';
import { mutated, textOf } from '../inputs.js';
import { expect, type FuzzTarget } from './target.js';

const SPOKEN =
  'book a table for two at seven thirty 7:30 p.m. uh um huh mm-hmm twenty hundred and five 5 first o’clock $20 10% -5 v2.0 e.g. Dr. ' +
  'vierundzwanzig hundert uhr quatre-vingt treize treinta y cinco बीस पाँच लोगों 我想订 一张 桌子 七点 嗯 二百五十 えっと 予約 テーブル ต้องการ โต๊ะ ครับ';
const WORDS = [...SPOKEN.split(' '), ' ', ' ', ' ', '  ', '\n', ', ', '. ', '? ', "'", '-', '。', '，'];
const LANGUAGES = ['en', 'de', 'fr', 'es', 'hi', 'zh', 'ja', 'th', 'pt', 'xx', ''];

/** The comparison of transcripts, and what the end of an utterance is judged by. */
export const words: FuzzTarget<string[]> = {
  name: 'words',
  make(random) {
    const earlier = textOf(WORDS, random);
    const later = random.uniform() < 0.5 ? earlier + textOf(WORDS, random) : mutated(earlier, WORDS, random);
    return [earlier, later, oneOf(LANGUAGES, random), oneOf(['', 'please', '我想'], random)];
  },
  read([earlier = '', later = '', language, filler]) {
    const options = { language, fillers: filler ? [filler] : [] };
    expect(
      wordsOf(earlier, options).every((word) => word !== ''),
      'a word is empty',
    );
    const found = continuation(earlier, later, options);
    if (found.kind === 'same') expect(sameWords(earlier, later, options), 'the words are not the same');
    if (found.kind === 'more') {
      expect(later.trimEnd().endsWith(found.rest), 'the rest is not the end of the text');
      expect(wordsOf(found.rest, options).length > 0, 'the rest has no words');
    }
    for (const text of [earlier, later]) {
      utteranceEnding(text, language);
      const expected = expectedAnswer(text, language) ?? parseExpected('digits(7-10)');
      answerState(text, expected, language);
      isSentenceFragment(text, language);
      isOpeningPhrase(text, language);
    }
  },
};
