import { type LanguageModel, type RouterMemory, type RouterOptions, router } from '@firstword/llm';
import { unknownName } from '@firstword/turn';
import { type LlmChoice, LlmRegistry } from '../../llm/registry.js';

/** Emulated models, and the options of the router in front of them. */
export interface LlmSetup extends LlmChoice {
  /** Profiles of the emulator, the primary first. */
  profiles: readonly [string, ...string[]];
  /** Router options; without them the primary is used alone. */
  routing?: Omit<RouterOptions, 'models'>;
}

const BOTH = ['gpt-4o-mini', 'groq-gpt-oss-120b'] as const;

const setup = (parts: Pick<LlmSetup, 'name' | 'label' | 'profiles' | 'routing'>): LlmSetup => {
  const registry = new LlmRegistry({ seed: 0 });
  const sources = new Set(parts.profiles.map((name) => registry.choice(name).source));
  return { ...parts, emulated: true, source: [...sources].join('; ') };
};

/** The setups for which the project states its figures. */
export const setups = (): LlmSetup[] => [
  setup({ name: 'groq', label: 'Groq gpt-oss-120b (emulated)', profiles: [BOTH[1]] }),
  setup({
    name: 'mini',
    label: 'gpt-4o-mini hedged with itself, hedge budget 65 %, 40 % of it sent without delay (emulated)',
    profiles: [BOTH[0]],
    routing: { hedge: { budget: 0.65, atOnce: 0.4 } },
  }),
  setup({
    name: 'mini-backup',
    label: 'gpt-4o-mini with Groq as backup, hedge budget 25 %, 10 % of it sent without delay (emulated)',
    profiles: BOTH,
    routing: { hedge: { budget: 0.25, atOnce: 0.1 } },
  }),
  setup({
    name: 'fastest',
    label: "gpt-4o-mini and Groq, order 'fastest' (emulated)",
    profiles: BOTH,
    routing: { order: 'fastest' },
  }),
];

/**
 * Looks up a setup by name.
 * @throws FirstwordError `bad_input` that lists the setups
 */
export function setupOf(name: string): LlmSetup {
  const all = setups();
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const names = ['all', ...all.map((one) => one.name)];
  const list = all.map((one) => `\n  ${one.name.padEnd(14)}${one.label}`);
  throw unknownName('setup', name, names, [...list, '\n  all           each of them'].join(''));
}

/**
 * Opens the model of one arm in the arm's registry. LiveKit's defaults get the primary alone, because routing is a
 * Firstword feature. Closing the registry closes the models.
 */
export async function openSetup(options: {
  setup: LlmSetup;
  registry: LlmRegistry;
  routed: boolean;
  /** Storage for the latencies that the router learns. */
  memory?: RouterMemory | undefined;
  signal?: AbortSignal;
}): Promise<LanguageModel> {
  const { setup, registry, routed, memory, signal } = options;
  const names = routed && setup.routing ? setup.profiles : setup.profiles.slice(0, 1);
  const models = await Promise.all(names.map((name) => registry.get(name, signal ? { signal } : {})));
  return routed && setup.routing ? router({ models, memory, ...setup.routing }) : models[0]!;
}
