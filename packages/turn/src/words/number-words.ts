/** The number words of a language. */
export interface NumberWords {
  /** The value of a word that is not a multiplier: at least 0 to 99. */
  cardinal: (word: string) => number | undefined;
  /** Ordinals: "third" is 3. Compounds consist of a ten and one of these. */
  ordinals?: ReadonlyMap<string, number>;
  /** Multipliers: "hundred" is 100. */
  multipliers: ReadonlyMap<string, number>;
  /** Whether a multiplier without a number before it means one of it: "mil" is 1000; default false. */
  bare?: boolean;
  /** A word allowed inside a number: "two hundred and fifty", "treinta y cinco". */
  joiner?: string;
  /** Where the joiner is allowed: after multipliers (default), or after tens. */
  joins?: 'tens';
  /**
   * After a word of this value, the next word belongs to the same number only if its value is below the result; 0:
   * never.
   */
  roomAfter: (value: number) => number;
}

function counted(units: string, from: number, step = 1): [string, number][] {
  return units.split(' ').map((word, i) => [word, from + i * step]);
}

/** A unit may follow a ten: "twenty five" is 25. */
const tensTakeUnits = (value: number) => (value >= 20 && value % 10 === 0 ? 10 : 0);

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth';
const TENTHS = 'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth';
const english = new Map([...counted(UNITS, 0), ...counted(TENS, 20, 10)]);

/** English number words. */
export const ENGLISH_NUMBERS: NumberWords = {
  cardinal: (word) => english.get(word),
  ordinals: new Map([...counted(ORDINALS, 1), ...counted(TENTHS, 20, 10)]),
  multipliers: new Map([
    ['hundred', 100],
    ['thousand', 1_000],
    ['million', 1_000_000],
  ]),
  joiner: 'and',
  roomAfter: tensTakeUnits,
};

const german = new Map([
  ...counted(
    'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
    0,
  ),
  ...counted('zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig', 20, 10),
  ['zwo', 2] as const,
]);

/** The longest German number has 75 letters. Longer words would only deepen the recursion. */
const MAX_NUMBER_LETTERS = 80;

/** A German number is a single word: "zweihundertfünfundzwanzig". */
function germanCardinal(word: string): number | undefined {
  const known = german.get(word);
  if (known !== undefined) return known;
  if (word.length > MAX_NUMBER_LETTERS) return undefined;
  for (const [name, by] of [
    ['tausend', 1_000],
    ['hundert', 100],
  ] as const) {
    const at = word.indexOf(name);
    if (at < 0) continue;
    const factor = at === 0 ? 1 : germanFactor(word.slice(0, at));
    const rest = word.slice(at + name.length).replace(/^und/, '');
    const more = rest === '' ? 0 : germanCardinal(rest);
    return factor === undefined || more === undefined || more >= by ? undefined : factor * by + more;
  }
  const [, unit, ten] = /^(.+?)und(.+)$/.exec(word) ?? [];
  if (unit === undefined || ten === undefined) return undefined;
  const value = unit === 'ein' ? 1 : german.get(unit);
  const tens = german.get(ten);
  return value !== undefined && value < 10 && tens !== undefined && tens >= 20 ? tens + value : undefined;
}

const germanFactor = (word: string): number | undefined => (word === 'ein' ? 1 : germanCardinal(word));

/** German number words. */
export const GERMAN_NUMBERS: NumberWords = {
  cardinal: germanCardinal,
  multipliers: new Map([
    ['hundert', 100],
    ['tausend', 1_000],
    ['million', 1_000_000],
    ['millionen', 1_000_000],
  ]),
  roomAfter: () => 0,
};

const french = new Map([
  ...counted(
    'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize',
    0,
  ),
  ...counted('vingt trente quarante cinquante soixante septante huitante nonante', 20, 10),
  ['une', 1] as const,
]);

/** French number words: "soixante dix sept" is 77. "quatre-vingts" must already be replaced by "huitante". */
export const FRENCH_NUMBERS: NumberWords = {
  cardinal: (word) => french.get(word),
  multipliers: new Map([
    ['cent', 100],
    ['cents', 100],
    ['mille', 1_000],
    ['million', 1_000_000],
    ['millions', 1_000_000],
  ]),
  bare: true,
  joiner: 'et',
  joins: 'tens',
  roomAfter: (value) => (value === 60 || value === 80 ? 20 : value === 10 ? 10 : tensTakeUnits(value)),
};

const spanish = new Map([
  ...counted(
    'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
    0,
  ),
  ...counted('treinta cuarenta cincuenta sesenta setenta ochenta noventa', 30, 10),
  ...counted(
    'cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
    100,
    100,
  ),
  ...counted(
    'doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas novecientas',
    200,
    100,
  ),
  ...([
    ['ciento', 100],
    ['un', 1],
    ['una', 1],
    ['veintiún', 21],
    ['veintiuna', 21],
    ['dieciseis', 16],
    ['veintidos', 22],
    ['veintitres', 23],
    ['veintiseis', 26],
  ] as const),
]);

/** Spanish number words: "treinta y cinco" is 35. Each hundred has its own word. */
export const SPANISH_NUMBERS: NumberWords = {
  cardinal: (word) => spanish.get(word),
  multipliers: new Map([
    ['mil', 1_000],
    ['millón', 1_000_000],
    ['millones', 1_000_000],
  ]),
  bare: true,
  joiner: 'y',
  joins: 'tens',
  roomAfter: (value) => (value >= 100 ? 100 : value >= 30 && value % 10 === 0 ? 10 : 0),
};

/** Each number up to a hundred has its own word. */
const HINDI =
  'शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस ' +
  'बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस ' +
  'चालीस इकतालीस बयालीस तैंतालीस चवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ ' +
  'साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी ' +
  'अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे';
const hindi = new Map(
  [
    ...counted(HINDI, 0),
    ...([
      ['पांच', 5],
      ['छः', 6],
      ['छे', 6],
      ['पन्द्रह', 15],
      ['पंद्रा', 15],
    ] as const),
  ].map(([word, value]) => [word.normalize('NFC'), value] as const),
);

/** Hindi number words. */
export const HINDI_NUMBERS: NumberWords = {
  cardinal: (word) => hindi.get(word),
  multipliers: new Map(
    (
      [
        ['सौ', 100],
        ['हज़ार', 1_000],
        ['हजार', 1_000],
        ['लाख', 100_000],
        ['करोड़', 10_000_000],
      ] as const
    ).map(([word, by]) => [word.normalize('NFC'), by] as const),
  ),
  bare: true,
  roomAfter: () => 0,
};
