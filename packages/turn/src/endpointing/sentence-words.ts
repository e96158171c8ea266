/** Words that say what kind of sentence a turn ends with. */
interface SentenceWords {
  /** Words that ask, wherever they stand. */
  asking: ReadonlySet<string>;
  /** Words that ask at the start of a sentence. */
  inverted: ReadonlySet<string>;
  /** Thanks and farewells: people say nothing after them. */
  closing: RegExp;
  /** Words that make up a short reply after which people often go on. */
  acknowledging: ReadonlySet<string>;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** English words that begin a question. */
export const QUESTION_WORDS = set('what which where who whose whom when why how');

/** English words before a question that are no part of it: "Okay, and where are you from?" */
export const OPENING_WORDS = set(
  'okay ok so well great alright right sure perfect and or but um uh oh yes no sorry then now',
);

/** The words by ISO 639-1 code. */
export const SENTENCE_WORDS: Readonly<Record<string, SentenceWords>> = {
  en: {
    asking: QUESTION_WORDS,
    inverted: set(
      'do does did is are was were can could would will may might should shall have has had am any anything',
    ),
    closing: /\b(?:thanks?|thank you|bye|goodbye|have an? (?:great|good|nice|lovely))\b/,
    acknowledging: set('okay ok right alright all sure hello hi oh well great perfect fine hmm'),
  },
  de: {
    asking: set('was welche welcher welches wo wer wen wem wann warum wieso wie wohin woher'),
    inverted: set(
      'ist sind war kann können könnten könnte haben hat gibt darf dürfen soll wird werden würden',
    ),
    closing: /(?:^| )(?:danke|dankeschön|tschüss|tschüs|wiedersehen|wiederhören|schönen tag)(?: |$)/,
    acknowledging: set('okay ok gut genau klar hallo ach also schön super alles'),
  },
  es: {
    asking: set('qué cuál cuáles dónde quién cuándo cómo cuánto cuánta cuántos cuántas'),
    inverted: set('es son está están puede puedo podría tiene tienen hay hace'),
    closing: /(?:^| )(?:gracias|adiós|hasta luego|buen día|buenas tardes)(?: |$)/,
    acknowledging: set('vale bien bueno claro hola perfecto ah oh okay ok muy'),
  },
  fr: {
    asking: set('que quoi quel quelle quels quelles où qui quand pourquoi comment combien'),
    inverted: set('est-ce est sont peut pouvez puis-je pourriez avez-vous avez'),
    closing: /(?:^| )(?:merci|au revoir|bonne journée|bonne soirée)(?: |$)/,
    acknowledging: set("bon d'accord ok okay bonjour allô ah oh parfait très bien"),
  },
  hi: {
    asking: set('क्या कौन कहाँ कब क्यों कैसे कितना कितने कितनी कौनसा'),
    inverted: new Set<string>(),
    closing: /(?:^| )(?:धन्यवाद|शुक्रिया|नमस्ते|अलविदा)(?: |$)/,
    acknowledging: set('ठीक अच्छा हाँ हैलो सही'),
  },
};
