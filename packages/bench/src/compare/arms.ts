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

/** Every arm there is: LiveKit's defaults, Firstword's, every lever, each lever alone, and all but each. */
export function everyArm(all: Levers = ALL_LEVERS): Arm[] {
  const levers = Object.keys(all);
  return [
    { name: 'livekit' },
    { name: 'firstword', levers: DEFAULT_LEVERS },
    { name: 'all', levers: all },
    ...levers.map((one) => ({ name: `only-${one}`, levers: pull(all, (lever) => lever === one) })),
    ...levers.map((one) => ({ name: `all-but-${one}`, levers: pull(all, (lever) => lever !== one) })),
  ];
}

/**
 * The arms of a comma-separated list; the first is the one that the others are held against.
 * @throws FirstwordError `bad_input`, listing what there is
 */
export function armsOf(list: string, all: Levers = ALL_LEVERS): Arm[] {
  const known = everyArm(all);
  const names = list.split(',').map((name) => name.trim());
  const arms = names.map((name) => {
    const arm = known.find((a) => a.name === name);
    if (arm) return arm;
    const choices = known.map((a) => `  ${a.name}`).join('\n');
    throw new FirstwordError('bad_input', `There is no arm "${name}". Choose from:\n${choices}`);
  });
  if (new Set(names).size < names.length) {
    throw new FirstwordError('bad_input', `Name each arm once: "${list}" has one twice.`);
  }
  return arms;
}
