/** Words after which an utterance is incomplete. */
interface LastWords {
  /** Conjunctions: they begin another clause. */
  joining: ReadonlySet<string>;
  /** Determiners, auxiliaries and hesitations: the word they belong to is still missing. */
  leading: ReadonlySet<string>;
  /** Prepositions: their noun is still missing, except in questions. */
  prepositions: ReadonlySet<string>;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/**
 * The words by ISO 639-1 code. Words that end a sentence just as often are left out ("that", "up", "mit", German
 * separable prefixes), because an unnecessary wait lengthens the felt gap.
 */
export const INCOMPLETE_LAST_WORDS: Readonly<Record<string, LastWords>> = {
  en: {
    joining: set('and or but because cause if when while although unless until whether than plus'),
    leading: set(
      "a an the my your our their its every um uh uhm er erm hmm mm would could should will shall i'd i'll we'd we'll i've we've maybe perhaps very",
    ),
    prepositions: set('of at for from with into onto between during without about near by under since per'),
  },
  de: {
    joining: set('und oder aber weil dass wenn ob sondern denn'),
    leading: set(
      'der die den dem des ein eine einen einem einer mein meine meinen meinem meiner unser unsere äh ähm hm sehr',
    ),
    prepositions: set('für von vom zum zur im am beim bis ohne gegen wegen seit'),
  },
  es: {
    joining: set('y e o u pero porque que aunque cuando'),
    leading: set('el los las un una unos unas mi mis tu tus su sus eh em este muy'),
    prepositions: set('de del al a con por para en sin sobre desde hasta'),
  },
  fr: {
    joining: set('et ou mais que quand si donc car'),
    leading: set('le la les un une des du mon ma mes votre vos notre nos euh heu très'),
    prepositions: set('de à au aux pour avec sans dans chez vers depuis'),
  },
  hi: {
    joining: set('और या लेकिन मगर क्योंकि कि अगर'),
    leading: set('एक मेरा मेरी मेरे हमारा हमारी हमारे मतलब अम्म'),
    prepositions: set('का की के को में से पर ने'),
  },
};
