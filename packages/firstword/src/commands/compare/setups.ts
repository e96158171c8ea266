import { type LanguageModel, type LatencyMemory, type RouterOptions, router } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { type LlmChoice, LlmShelf } from '../../llm/shelf.js';

/** Emulated models, and how a router joins them where there are several. */
export interface LlmSetup extends LlmChoice {
  /** Profiles of the emulator, the primary first. */
  profiles: readonly [string, ...string[]];
  routing?: Omit<RouterOptions, 'models'>;
}

const BOTH = ['gpt-4o-mini', 'groq-gpt-oss-120b'] as const;

const setup = (parts: Pick<LlmSetup, 'name' | 'label' | 'profiles' | 'routing'>): LlmSetup => {
  const shelf = new LlmShelf({ seed: 0 });
  const sources = new Set(parts.profiles.map((name) => shelf.choice(name).source));
  return { ...parts, emulated: true, source: [...sources].join('; ') };
};

/** The set-ups that the project's figures are stated for. */
export const setups = (): LlmSetup[] => [
  setup({ name: 'groq', label: 'Groq gpt-oss-120b (emulated)', profiles: [BOTH[1]] }),
  setup({
    name: 'mini',
    label: 'gpt-4o-mini alone, hedged with itself, budget 65 %, two fifths of it at once (emulated)',
    profiles: [BOTH[0]],
    routing: { hedge: { budget: 0.65, atOnce: 0.4 } },
  }),
  setup({
    name: 'mini-backup',
    label: 'gpt-4o-mini, Groq as backup, hedge budget 25 %, a tenth of it at once (emulated)',
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

/** @throws FirstwordError `bad_input`, listing what there is */
export function setupOf(name: string): LlmSetup {
  const all = setups();
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const list = all.map((one) => `  ${one.name.padEnd(14)}${one.label}`).join('\n');
  throw new FirstwordError('bad_input', `There is no set-up "${name}". Choose one of:\n${list}`);
}

/**
 * The model that answers an arm, on a shelf of its own. LiveKit's defaults get the primary alone: routing is ours.
 * The shelf closes the models, and with them all that the router holds.
 */
export async function openSetup(options: {
  setup: LlmSetup;
  shelf: LlmShelf;
  routed: boolean;
  /** What the router learns is kept here, and found there again. */
  memory?: LatencyMemory | undefined;
  signal?: AbortSignal;
}): Promise<LanguageModel> {
  const { setup, shelf, routed, memory, signal } = options;
  const names = routed && setup.routing ? setup.profiles : setup.profiles.slice(0, 1);
  const models = await Promise.all(names.map((name) => shelf.get(name, signal ? { signal } : {})));
  return routed && setup.routing ? router({ models, memory, ...setup.routing }) : models[0]!;
}
