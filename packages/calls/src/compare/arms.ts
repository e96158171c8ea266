import { ALL_LEVERS, DEFAULT_LEVERS, type Levers, type RealtimeMode } from '@firstword/livekit';
import { FirstwordError, unknownName } from '@firstword/turn';

/** One of the compared agents: the same STT, LLM and TTS with different levers. */
export interface Arm {
  name: string;
  /** Firstword's levers; absent: LiveKit's defaults without Firstword. */
  levers?: Levers;
  /** A realtime model in the place of the STT, and of what it does itself. */
  realtime?: RealtimeArm;
}

/** How an arm uses a realtime model. */
export interface RealtimeArm {
  /** Name of the model, as in `REALTIME_MODELS`. */
  model: string;
  mode: RealtimeMode;
  /** Who answers: the model, or the LLM of the other arms. */
  answers: 'itself' | 'llm';
}

/** The arms with a realtime model, with Firstword's defaults. */
export const REALTIME_ARMS: readonly Arm[] = [
  { name: 'realtime:openai', realtime: { model: 'openai', mode: 'audio', answers: 'itself' } },
  { name: 'realtime:xai', realtime: { model: 'xai', mode: 'audio', answers: 'itself' } },
  { name: 'realtime:gemini', realtime: { model: 'gemini', mode: 'audio', answers: 'itself' } },
  { name: 'half-cascade', realtime: { model: 'openai', mode: 'text', answers: 'itself' } },
  { name: 'transcript', realtime: { model: 'openai', mode: 'hears', answers: 'llm' } },
  { name: 'realtime:gpt-live', realtime: { model: 'gpt-live', mode: 'audio', answers: 'itself' } },
  { name: 'delegation', realtime: { model: 'gpt-live', mode: 'hears', answers: 'llm' } },
].map((arm) => ({ ...arm, levers: DEFAULT_LEVERS }) as Arm);

/** A set of levers, each one on or off. */
function leversWith(all: Levers, isOn: (lever: string) => boolean): Levers {
  return Object.fromEntries(Object.keys(all).map((lever) => [lever, isOn(lever)])) as unknown as Levers;
}

/** All arms: LiveKit's defaults, Firstword's defaults, all levers, each lever alone, and all levers except one. */
export function everyArm(all: Levers = ALL_LEVERS): Arm[] {
  const levers = Object.keys(all);
  return [
    { name: 'livekit' },
    { name: 'firstword', levers: DEFAULT_LEVERS },
    { name: 'all-levers', levers: all },
    ...levers.map((one) => ({ name: `only-${one}`, levers: leversWith(all, (lever) => lever === one) })),
    ...levers.map((one) => ({ name: `all-but-${one}`, levers: leversWith(all, (lever) => lever !== one) })),
  ];
}

/** All arms without duplicates: of arms with the same levers, the first. */
function distinctArms(all: Levers): Arm[] {
  const leversOf = (arm: Arm) => JSON.stringify(arm.levers ?? null, Object.keys(all));
  const seen = new Set<string>();
  return everyArm(all).filter((arm) => !seen.has(leversOf(arm)) && seen.add(leversOf(arm)));
}

/**
 * Parses a comma-separated list of arms. The first one is the baseline. `every` gives all arms of a cascade, without duplicates.
 * @throws FirstwordError `bad_input` for an unknown arm, listing the known ones, and for one named twice
 */
export function armsOf(list: string, all: Levers = ALL_LEVERS): Arm[] {
  if (list.trim() === 'every') return distinctArms(all);
  const known = [...everyArm(all), ...REALTIME_ARMS];
  const names = list.split(',').map((name) => name.trim());
  const arms = names.map((name) => {
    const arm = known.find((a) => a.name === name);
    if (arm) return arm;
    const choices = ['every', ...known.map((a) => a.name)];
    throw unknownName('arm', name, choices, choices.map((choice) => `\n  ${choice}`).join(''));
  });
  if (new Set(names).size < names.length) {
    throw new FirstwordError('bad_input', `"${list}" names an arm twice: name each arm once.`);
  }
  return arms;
}
