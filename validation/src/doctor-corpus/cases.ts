import { hash32 } from '@firstword/turn/statistics';
import { HEALTHY_VARIANTS, HISTORY_OUTPUTS, OTHER_AGENTS } from './agents.js';
import { CAUSES, MORE_PAIRS, PAIRS, VISIBLE_IN_HISTORY } from './causes.js';
import { mergeChanges, type SetUp, type SetUpChanges, setUpOf } from './set-up.js';

/** Of the pairs of healthy variants, one in this many is included; with all of them the corpus would take too long. */
const HEALTHY_PAIRS_ONE_OF = 3;

/** A case whose causes are known. */
export interface LabelledCase {
  name: string;
  /** Ids of the doctor's rules that have to find the causes; empty for a healthy case. */
  causes: readonly string[];
}

/** One case of the corpus: the injected causes and the setup that injects them. */
export interface CorpusCase extends LabelledCase {
  setUp: SetUp;
}

const strengthsOf = (rule: string): readonly SetUpChanges[] =>
  CAUSES.find((cause) => cause.rule === rule)!.strengths;

function paired([one, other]: readonly [string, string]): CorpusCase {
  return {
    name: `${one} and ${other}`,
    causes: [one, other],
    setUp: setUpOf(mergeChanges(strengthsOf(one)[0]!, strengthsOf(other)[0]!)),
  };
}

const healthy = (name: string, way: SetUpChanges): CorpusCase => ({
  name: `healthy, ${name}`,
  causes: [],
  setUp: setUpOf(way),
});

/** The first cases. The rules were originally developed on two thirds of them. */
const FIRST_CASES: readonly CorpusCase[] = [
  ...CAUSES.flatMap(({ rule, strengths }) =>
    strengths.map((strength, at) => ({
      name: `${rule} ${at + 1}`,
      causes: [rule],
      setUp: setUpOf(strength),
    })),
  ),
  ...PAIRS.map(paired),
  ...Object.entries(HEALTHY_VARIANTS).map(([name, way]) => healthy(name, way)),
];

/** The weakest strength of each cause in one other agent, the strongest in the other. */
function inOtherAgents(): CorpusCase[] {
  return CAUSES.flatMap(({ rule, strengths }) =>
    Object.entries(OTHER_AGENTS).map(([agent, base], at) => ({
      name: `${rule}, ${agent}`,
      causes: [rule],
      setUp: setUpOf(mergeChanges(base, strengths.at(at === 0 ? 0 : -1)!)),
    })),
  );
}

/** Cases whose cause is visible in a chat history. */
const seenFromOutside = (): CorpusCase[] =>
  VISIBLE_IN_HISTORY.map((rule) => ({
    name: `${rule}, by its history`,
    causes: [rule],
    setUp: setUpOf(mergeChanges(strengthsOf(rule)[0]!, HISTORY_OUTPUTS['by its history']!)),
  }));

const fieldsOf = (way: SetUpChanges): string[] =>
  Object.entries(way).flatMap(([part, value]) =>
    typeof value === 'object' ? Object.keys(value).map((field) => `${part}.${field}`) : [part],
  );

/** Pairs of healthy variants that change different fields. A hash of the name selects one third of them. */
function healthyPairs(): CorpusCase[] {
  const variants = Object.entries({ ...HEALTHY_VARIANTS, ...HISTORY_OUTPUTS }).filter(
    ([name]) => name !== 'plain',
  );
  return variants.flatMap(([one, a], at) =>
    variants.slice(at + 1).flatMap(([other, b]) => {
      const pair = healthy(`${one} and ${other}`, mergeChanges(a, b));
      const undoes = fieldsOf(a).some((field) => fieldsOf(b).includes(field));
      return undoes || (hash32(pair.name) >>> 12) % HEALTHY_PAIRS_ONE_OF !== 0 ? [] : [pair];
    }),
  );
}

/** The corpus, in order. The cases after the first ones were added after the rules had been developed. */
export const CASES: readonly CorpusCase[] = [
  ...FIRST_CASES,
  ...inOtherAgents(),
  ...MORE_PAIRS.map(paired),
  ...seenFromOutside(),
  ...healthyPairs(),
];

/**
 * Whether a case is held out: a third of the cases, selected by a hash of the name before any case was made. Rules are not
 * developed on held-out cases, so only their totals are shown, never single results.
 */
export const isHeldOut = ({ name }: Pick<LabelledCase, 'name'>): boolean => hash32(name) % 3 === 0;

/** File name of a case without its extension. */
export const fileNameOf = ({ name }: Pick<LabelledCase, 'name'>): string =>
  name.replace(/[^a-zA-Z0-9]+/g, '-');

/** Seed of a case, derived from its name. */
export const seedOf = ({ name }: Pick<LabelledCase, 'name'>): number => (hash32(name) % 1_000_000) + 1;
