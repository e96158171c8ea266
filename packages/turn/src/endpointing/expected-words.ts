/** Words of one language by which a question is recognized, and whether the caller's words answer it. */
export interface ExpectedWords {
  /** What a question asks for; the first pattern that matches the agent's last sentence counts. */
  questions: readonly (readonly [pattern: RegExp, expects: string])[];
  /** Whole answers that say yes, and that say no. */
  yes: RegExp;
  no: RegExp;
  /** Words of a date: names of months. */
  months: RegExp;
  /** Days that need no month: names of weekdays, "tomorrow". */
  days: RegExp;
  /** What completes a time: "a.m.", "o'clock". */
  times: RegExp;
  /** Words before a name: "my name is". */
  beforeName: RegExp;
  /** Said before a digit that stands twice or three times. */
  repeats: Readonly<Record<string, number>>;
  /** Digits that are no number words, such as "oh". */
  digits: Readonly<Record<string, number>>;
}

/** What divides words. Cheaper than to list the letters of every script: this runs during a call. */
const DIVIDES = `\\s'@+.,;:!?"()–-`;
/** `\b` of a regular expression knows the letters of English only. */
const EDGE = `(?:(?<![^${DIVIDES}])(?=[^${DIVIDES}])|(?<=[^${DIVIDES}])(?![^${DIVIDES}]))`;

const withEdges = (pattern: RegExp): RegExp => new RegExp(pattern.source.replaceAll('\\b', EDGE), 'u');

/** Makes `\b` of all patterns know the letters of every language. */
function inEveryScript(words: ExpectedWords): ExpectedWords {
  return {
    ...words,
    questions: words.questions.map(([pattern, expects]) => [withEdges(pattern), expects]),
    yes: withEdges(words.yes),
    no: withEdges(words.no),
    months: withEdges(words.months),
    days: withEdges(words.days),
    times: withEdges(words.times),
    beforeName: withEdges(words.beforeName),
  };
}

const TABLES: Readonly<Record<string, ExpectedWords>> = {
  en: {
    questions: [
      [/\banything else\b/, 'more'],
      [/\blast four\b/, 'digits(4)'],
      [
        /\b(?:phone|telephone|mobile|cell|callback|contact) number\b|\bnumber (?:can|could|should) (?:we|i)\b/,
        'digits(7-10)',
      ],
      [/\b(?:zip|postal) ?code\b/, 'digits(5)'],
      [/\bsocial security number\b/, 'digits(9)'],
      [/\bcard number\b/, 'digits(13-16)'],
      [/\b(?:account|order|reference|tracking|policy|member|id|routing) number\b/, 'digits(4-)'],
      [/\bpin\b/, 'digits(4)'],
      [/\bspell\b/, 'spelling'],
      [/\be ?mail\b/, 'email'],
      [/\b(?:date of birth|birth ?date|birthday|when were you born)\b/, 'birth-date'],
      [/\bwhat time\b/, 'time'],
      [/\b(?:what|which) (?:day|date)\b/, 'date'],
      [/\bfirst and last name\b|\bfull name\b/, 'name(2-)'],
      [/\byour (?:last |first )?name\b|\bwho am i speaking\b/, 'name'],
      [
        /\b(?:is|was) (?:that|this|it) (?:right|correct|okay|ok|all right)\b|\b(?:correct|right)$|\b(?:would|does) that (?:work|be (?:okay|all right))\b/,
        'yes-no',
      ],
      [
        /^(?:(?:is|are|was|does|did|has|shall|should) |(?:do|have) you (?!know|remember|tell)|would you (?:like|prefer) )/,
        'yes-no',
      ],
    ],
    yes: /^(?:(?:um|uh|oh|okay|ok) )*(?:yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|of course|that's (?:right|correct|it|fine)|that is (?:right|correct)|it is|sounds good|uh huh|mm ?hmm)(?: (?:yes|yeah|please|sure|correct|right|exactly|ma'am|sir|it is|it does|that is|i (?:do|am|have|can|would)|we (?:do|are|have)|that's (?:right|correct|it|fine)|that (?:is|works)(?: (?:right|correct|fine|great))?|thank you|thanks|perfect|great))*$/,
    no: /^(?:(?:um|uh|oh|okay|ok) )*(?:no|nope|nah|not really|nothing)(?: (?:no|that's (?:it|all|everything)|that is all|that will be (?:it|all)|that'll be all|thank you|thanks|so much|very much|i'm (?:good|fine|all set|okay)|not (?:today|now|really|at the moment)|nothing else|it(?:'s| is) not|i (?:don't|do not|haven't)|ma'am|sir|for now|bye|goodbye))*$/,
    months: /\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/,
    days: /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight)\b/,
    times: /\b(?:[ap] ?m|o'? ?clock|noon|midnight|morning|afternoon|evening|half|quarter)\b/,
    beforeName:
      /^(?:(?:um|uh|yes|yeah|sure|okay|hi|hello|it's|it is|this is|my (?:first |last |full )?name is|my name's|i'm|i am|the name is) )+/,
    repeats: { double: 2, triple: 3 },
    digits: { oh: 0, o: 0 },
  },
  de: {
    questions: [
      [/\bsonst noch\b|\bnoch etwas\b/, 'more'],
      [/\bletzten vier\b/, 'digits(4)'],
      [/\b(?:telefon|handy|mobil|rückruf)nummer\b/, 'digits(6-12)'],
      [/\bpostleitzahl\b|\bplz\b/, 'digits(5)'],
      [/\b(?:kunden|vertrags|bestell|konto|auftrags|rechnungs)nummer\b/, 'digits(4-)'],
      [/\bbuchstabieren\b/, 'spelling'],
      [/\be ?mail\b/, 'email'],
      [/\bgeburtsdatum\b|\bgeboren\b/, 'birth-date'],
      [/\bum wie ?viel uhr\b|\bwelche uhrzeit\b/, 'time'],
      [/\bwelche[rnm]? tag\b|\bwelches datum\b|\ban welchem tag\b/, 'date'],
      [/\bvor und nachname\b|\bvollständige[rn]? name\b/, 'name(2-)'],
      [/\bihr(?:en)? name\b|\bwie heißen sie\b/, 'name'],
      [
        /\b(?:ist|war) das (?:so )?(?:richtig|korrekt|in ordnung|okay)\b|\b(?:richtig|korrekt|stimmt das)$/,
        'yes-no',
      ],
      [/^(?:ist|sind|haben|hat|möchten|wollen|darf ich|soll ich|passt) /, 'yes-no'],
    ],
    yes: /^(?:(?:äh|ähm|okay) )*(?:ja|jawohl|genau|richtig|korrekt|stimmt|gerne?|klar|das (?:stimmt|passt|ist (?:richtig|korrekt)))(?: (?:ja|genau|bitte|gerne?|richtig|das (?:stimmt|passt)|danke|stimmt))*$/,
    no: /^(?:(?:äh|ähm|okay) )*(?:nein|nee|nö|nichts)(?: (?:nein|danke|das (?:war|wär)'?s?(?: schon)?|das war alles|sonst nichts|im moment nicht|vielen dank))*$/,
    months: /\b(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)\b/,
    days: /\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|heute|morgen|übermorgen)\b/,
    times: /\b(?:uhr|halb|viertel|mittags?|mitternacht|morgens|abends|nachmittags?)\b/,
    beforeName: /^(?:(?:äh|ähm|ja|hallo|ich heiße|mein name ist|ich bin|hier ist|hier spricht) )+/,
    repeats: { doppel: 2 },
    digits: { zwo: 2, ein: 1, eine: 1 },
  },
  es: {
    questions: [
      [/\b(?:algo|alguna cosa) más\b/, 'more'],
      [/\búltimos cuatro\b/, 'digits(4)'],
      [/\bnúmero de (?:teléfono|móvil|celular|contacto)\b|\bteléfono\b/, 'digits(9-10)'],
      [/\bcódigo postal\b/, 'digits(5)'],
      [/\bnúmero de (?:cuenta|pedido|cliente|referencia|póliza)\b/, 'digits(4-)'],
      [/\bdeletrear?\b/, 'spelling'],
      [/\bcorreo\b|\be ?mail\b/, 'email'],
      [/\bfecha de nacimiento\b|\bcuándo nació\b/, 'birth-date'],
      [/\b(?:a )?qué hora\b/, 'time'],
      [/\bqué (?:día|fecha)\b/, 'date'],
      [/\bnombre (?:completo|y apellidos?)\b/, 'name(2-)'],
      [/\bsu nombre\b|\bcómo se llama\b/, 'name'],
      [/\b(?:es|está) (?:correcto|bien|así)\b|\b(?:verdad|correcto|cierto)$/, 'yes-no'],
      [/^(?:es|está|tiene|quiere|desea|le (?:parece|gustaría)) /, 'yes-no'],
    ],
    yes: /^(?:(?:eh|em|bueno|vale) )*(?:sí|claro|correcto|exacto|eso es|así es|perfecto|vale|de acuerdo|por supuesto)(?: (?:sí|claro|correcto|exacto|eso es|así es|por favor|gracias|perfecto))*$/,
    no: /^(?:(?:eh|em|bueno) )*(?:no|nada)(?: (?:no|nada(?: más)?|gracias|muchas gracias|eso es todo|está bien|por ahora))*$/,
    months:
      /\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b/,
    days: /(?:^| )(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|hoy|mañana)(?: |$)/,
    times: /\b(?:de la (?:mañana|tarde|noche)|en punto|y (?:media|cuarto)|mediodía|medianoche)\b/,
    beforeName: /^(?:(?:eh|sí|hola|me llamo|mi nombre es|soy) )+/,
    repeats: { doble: 2, triple: 3 },
    digits: {},
  },
  fr: {
    questions: [
      [/\bautre chose\b/, 'more'],
      [/\bquatre derniers\b/, 'digits(4)'],
      [/\bnuméro de (?:téléphone|portable|mobile)\b/, 'digits(10)'],
      [/\bcode postal\b/, 'digits(5)'],
      [/\bnuméro (?:de (?:compte|commande|client|dossier)|client)\b/, 'digits(4-)'],
      [/(?:^| )épeler\b/, 'spelling'],
      [/\be ?mail\b|\badresse (?:électronique|mail)\b|\bcourriel\b/, 'email'],
      [/\bdate de naissance\b/, 'birth-date'],
      [/(?:^| )(?:à )?quelle heure\b/, 'time'],
      [/\bquel(?:le)? (?:jour|date)\b/, 'date'],
      [/\bnom et prénom\b|\bnom complet\b/, 'name(2-)'],
      [/\bvotre nom\b|\bcomment vous appelez\b/, 'name'],
      [/\bc'est (?:bien )?(?:ça|cela|exact|correct)\b|\b(?:exact|correct|d'accord)$/, 'yes-no'],
      [/^(?:est ce|êtes vous|avez vous|voulez vous|souhaitez vous) /, 'yes-no'],
    ],
    yes: /^(?:(?:euh|bon) )*(?:oui|ouais|exact|exactement|c'est (?:ça|cela|exact|bien ça|correct)|d'accord|tout à fait|bien sûr|parfait)(?: (?:oui|s'il vous plaît|merci|exact|c'est ça|tout à fait|bien sûr))*$/,
    no: /^(?:(?:euh|bon) )*(?:non|rien)(?: (?:non|merci|c'est (?:tout|bon)|ce sera tout|rien d'autre|ça ira|pas pour le moment))*$/,
    months:
      /(?:^| )(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?: |$)/,
    days: /\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|aujourd'hui|demain)\b/,
    times: /\b(?:heures?|midi|minuit|matin|soir|après midi|demie|quart)\b/,
    beforeName: /^(?:(?:euh|oui|bonjour|je m'appelle|mon nom est|je suis|c'est) )+/,
    repeats: { double: 2, triple: 3 },
    digits: {},
  },
  hi: {
    questions: [
      [/और कुछ/, 'more'],
      [/आख़?िरी चार/, 'digits(4)'],
      [/(?:फ़?ोन|मोबाइल|संपर्क) ?नंबर/, 'digits(10)'],
      [/पिन ?कोड/, 'digits(6)'],
      [/(?:खाता|अकाउंट|ऑर्डर) ?(?:नंबर|संख्या)/, 'digits(4-)'],
      [/स्पेलिंग/, 'spelling'],
      [/ईमेल/, 'email'],
      [/जन्म ?(?:तिथि|तारीख)/, 'birth-date'],
      [/(?:कितने बजे|किस समय)/, 'time'],
      [/(?:किस दिन|कौन सा दिन|किस तारीख|कौन सी तारीख)/, 'date'],
      [/पूरा नाम/, 'name(2-)'],
      [/(?:आपका|शुभ) नाम/, 'name'],
      [/(?:सही|ठीक) है(?: ना| न)?$|^क्या /, 'yes-no'],
    ],
    yes: /^(?:हाँ|हां|जी|सही|बिल्कुल|ठीक|हम्म)(?: (?:हाँ|हां|जी|है|सही|बिल्कुल|ठीक))*$/,
    no: /^(?:नहीं|ना|जी नहीं)(?: (?:नहीं|बस|धन्यवाद|शुक्रिया|जी|और कुछ नहीं))*$/,
    months: /(?:जनवरी|फ़?रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर)/,
    days: /(?:सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|आज|कल|परसों)/,
    times: /(?:बजे|सुबह|शाम|दोपहर|रात)/,
    beforeName: /^(?:(?:जी|हाँ|मेरा नाम|मैं) )+/,
    repeats: { डबल: 2, ट्रिपल: 3 },
    digits: {},
  },
};

const prepared = new Map<string, ExpectedWords>();

/**
 * The words of a language. Patterns are matched against lower-case text without punctuation, its words divided by single
 * spaces.
 * @param base ISO 639-1 code
 * @returns `undefined` for a language without a table
 */
export function expectedWords(base: string): ExpectedWords | undefined {
  const known = prepared.get(base);
  if (known || !Object.hasOwn(TABLES, base)) return known;
  const words = inEveryScript(TABLES[base]!);
  prepared.set(base, words);
  return words;
}
