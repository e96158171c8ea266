import { ALL_LEVERS, DEFAULT_LEVERS, type Levers } from '@firstword/livekit';
import { FirstwordError } from '@firstword/turn';

/** One of the agents that are compared: the same parts, other levers. */
export interface Arm {
  name: string;
  /** Left out, LiveKit's defaults answer. */
  levers?: Levers;
}

/** Sets each lever by its name. */
function pull(all: Levers, isOn: (lever: string) => boolean): Levers {
  return Object.fromEntries(Object.keys(all).map((lever) => [lever, isOn(lever)])) as unknown as Levers;
}

/** Every arm there is: LiveKit's defaults, Firstword's, all levers, each lever alone, and all but each. */
export function everyArm(all: Levers = ALL_LEVERS): Arm[] {
  const levers = Object.keys(all);
  return [
    { name: 'livekit' },
    { name: 'firstword', levers: DEFAULT_LEVERS },
    { name: 'all-levers', levers: all },
    ...levers.map((one) => ({ name: `only-${one}`, levers: pull(all, (lever) => lever === one) })),
    ...levers.map((one) => ({ name: `all-but-${one}`, levers: pull(all, (lever) => lever !== one) })),
  ];
}

/** Every arm once: of those that pull the same levers, the first. */
function distinctArms(all: Levers): Arm[] {
  const pulled = (arm: Arm) => JSON.stringify(arm.levers ?? null, Object.keys(all));
  const seen = new Set<string>();
  return everyArm(all).filter((arm) => !seen.has(pulled(arm)) && seen.add(pulled(arm)));
}

/**
 * The arms of a comma-separated list; the first is the one that the others are held against. `every` is every one that
 * there is, those that pull the same levers once.
 * @throws FirstwordError `bad_input`, listing what there is
 */
export function armsOf(list: string, all: Levers = ALL_LEVERS): Arm[] {
  if (list.trim() === 'every') return distinctArms(all);
  const known = everyArm(all);
  const names = list.split(',').map((name) => name.trim());
  const arms = names.map((name) => {
    const arm = known.find((a) => a.name === name);
    if (arm) return arm;
    const choices = ['every', ...known.map((a) => a.name)].map((choice) => `  ${choice}`).join('\n');
    throw new FirstwordError('bad_input', `There is no arm "${name}". Choose from:\n${choices}`);
  });
  if (new Set(names).size < names.length) {
    throw new FirstwordError('bad_input', `Name each arm once: "${list}" has one twice.`);
  }
  return arms;
}
