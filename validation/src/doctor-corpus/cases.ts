import { hash32 } from '@firstword/turn/statistics';
import { HEALTHY_WAYS, OTHER_AGENTS, SEEN_BY } from './agents.js';
import { CAUSES, IN_HISTORIES, MORE_PAIRS, PAIRS } from './causes.js';
import { type Difference, merged, type SetUp, setUpOf } from './set-up.js';

/** So that the corpus stays one that is made in minutes. */
const HEALTHY_PAIRS_ONE_OF = 3;

/** One case of the corpus: what was wrong, by the rules that have to find it, and how it was made. */
export interface CorpusCase {
  name: string;
  /** Empty for a healthy one. */
  causes: readonly string[];
  setUp: SetUp;
}

const strengthsOf = (rule: string): readonly Difference[] =>
  CAUSES.find((cause) => cause.rule === rule)!.strengths;

function paired([one, other]: readonly [string, string]): CorpusCase {
  return {
    name: `${one} and ${other}`,
    causes: [one, other],
    setUp: setUpOf(merged(strengthsOf(one)[0]!, strengthsOf(other)[0]!)),
  };
}

const healthy = (name: string, way: Difference): CorpusCase => ({
  name: `healthy, ${name}`,
  causes: [],
  setUp: setUpOf(way),
});

/** What the first cases were: rules were first built on two thirds of these. */
const FIRST_CASES: readonly CorpusCase[] = [
  ...CAUSES.flatMap(({ rule, strengths }) =>
    strengths.map((strength, at) => ({
      name: `${rule} ${at + 1}`,
      causes: [rule],
      setUp: setUpOf(strength),
    })),
  ),
  ...PAIRS.map(paired),
  ...Object.entries(HEALTHY_WAYS).map(([name, way]) => healthy(name, way)),
];

/** The weakest of each cause in one other agent, the strongest in another. */
function inOtherAgents(): CorpusCase[] {
  return CAUSES.flatMap(({ rule, strengths }) =>
    Object.entries(OTHER_AGENTS).map(([agent, base], at) => ({
      name: `${rule}, ${agent}`,
      causes: [rule],
      setUp: setUpOf(merged(base, strengths.at(at === 0 ? 0 : -1)!)),
    })),
  );
}

/** Causes that a chat history can show. */
const seenFromOutside = (): CorpusCase[] =>
  IN_HISTORIES.map((rule) => ({
    name: `${rule}, by its history`,
    causes: [rule],
    setUp: setUpOf(merged(strengthsOf(rule)[0]!, SEEN_BY['by its history']!)),
  }));

const fieldsOf = (way: Difference): string[] =>
  Object.entries(way).flatMap(([part, value]) =>
    typeof value === 'object' ? Object.keys(value).map((field) => `${part}.${field}`) : [part],
  );

/** Two healthy ways at once, where one does not undo the other; of the many that there are a part, by their names. */
function healthyPairs(): CorpusCase[] {
  const ways = Object.entries({ ...HEALTHY_WAYS, ...SEEN_BY }).filter(([name]) => name !== 'plain');
  return ways.flatMap(([one, a], at) =>
    ways.slice(at + 1).flatMap(([other, b]) => {
      const pair = healthy(`${one} and ${other}`, merged(a, b));
      const undoes = fieldsOf(a).some((field) => fieldsOf(b).includes(field));
      return undoes || (hash32(pair.name) >>> 12) % HEALTHY_PAIRS_ONE_OF !== 0 ? [] : [pair];
    }),
  );
}

/** The corpus, in order. What follows the first cases was made after the rules were built on those. */
export const CASES: readonly CorpusCase[] = [
  ...FIRST_CASES,
  ...inOtherAgents(),
  ...MORE_PAIRS.map(paired),
  ...seenFromOutside(),
  ...healthyPairs(),
];

/**
 * Whether a case is one of the third that rules are not built on: by the hash of its name, fixed before any case was made.
 * Nobody looks at what the doctor says of these, one by one: only at their totals.
 */
export const isHeldOut = ({ name }: Pick<CorpusCase, 'name'>): boolean => hash32(name) % 3 === 0;

/** Its file's name without its ending. */
export const fileOf = ({ name }: Pick<CorpusCase, 'name'>): string => name.replace(/[^a-zA-Z0-9]+/g, '-');

/** A seed of its own. */
export const seedOf = ({ name }: Pick<CorpusCase, 'name'>): number => (hash32(name) % 1_000_000) + 1;
