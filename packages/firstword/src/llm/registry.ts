import { type Emulator, type EmulatorOptions, PROFILES, startEmulator } from '@firstword/emulator';
import { type LanguageModel, llmFromEnv, openAiCompatible, router } from '@firstword/llm';
import { type FirstwordError, unknownName } from '@firstword/turn';

/** An available LLM: an emulated profile, or a real provider configured by environment variables. */
export interface LlmChoice {
  /** What `--profile` takes. */
  name: string;
  /** Name for display. */
  label: string;
  emulated: boolean;
  /** Source of the emulated delays, or the variable that configured the real provider. */
  source: string;
}

/** Share of the requests that may also be sent to the backup. */
const HEDGE_BUDGET = 0.25;
const DEFAULT_PROFILE = 'groq-gpt-oss-120b';

function emulatedChoices(): (LlmChoice & { provider: string })[] {
  return PROFILES.map((profile) => ({
    name: profile.name,
    label: `${profile.model} (emulated)`,
    emulated: true,
    source: profile.source,
    provider: profile.provider,
  }));
}

function unknown(name: string, choices: readonly LlmChoice[]): FirstwordError {
  const list = choices.map((c) => `\n  ${c.name.padEnd(24)}${c.label}`).join('');
  const names = choices.map((c) => c.name);
  return unknownName('profile', name, names, list);
}

/** Options of the emulator that serves the emulated LLMs. */
export interface EmulationOptions {
  /** The same seed gives the same delays. */
  seed: number;
  ttftSequence?: EmulatorOptions['ttftSequence'];
  /** Base URL of an emulator that already runs. The registry does not stop it. By default the registry starts its own. */
  url?: string | undefined;
}

/** All available LLMs: real providers first, then the emulator's profiles. Each is opened on first use. */
export class LlmRegistry {
  readonly choices: readonly LlmChoice[];
  /** The default: the first configured real provider, otherwise the emulated default profile. */
  readonly defaultName: string;
  readonly #emulation: EmulationOptions;
  readonly #real = new Map(llmFromEnv().map((p) => [p.name, p]));
  readonly #open = new Map<string, LanguageModel>();
  /** Routers with a backup, by the primary's name. They are reused so that a router keeps the latencies it has learned. */
  readonly #routers = new Map<string, LanguageModel>();
  #emulator: Promise<Emulator> | undefined;

  constructor(emulation: EmulationOptions) {
    this.#emulation = emulation;
    const real = [...this.#real.values()].map(({ name, label, source }) => ({
      name,
      label,
      emulated: false,
      source: `configured by ${source}`,
    }));
    this.choices = [...real, ...emulatedChoices()];
    this.defaultName = real[0]?.name ?? DEFAULT_PROFILE;
  }

  /**
   * Looks up an LLM by name.
   * @throws FirstwordError `bad_input` that lists the available names
   */
  choice(name: string = this.defaultName): LlmChoice {
    const choice = this.choices.find((c) => c.name === name);
    if (!choice) throw unknown(name, this.choices);
    return choice;
  }

  /** Opens the model with this name and warms its connection. The registry closes it. */
  async get(name: string = this.defaultName, options: { signal?: AbortSignal } = {}): Promise<LanguageModel> {
    const choice = this.choice(name);
    let model = this.#open.get(name);
    if (!model) {
      model = this.#real.get(name)?.create() ?? (await this.#emulated(choice));
      this.#open.set(name, model);
    }
    // Ignore a failed warm-up: the provider may be reachable by the first request, and that request reports the error.
    await model.warm(options).catch(() => {});
    return model;
  }

  /** The backup for an LLM: another real provider for a real one, an emulated profile for an emulated one. */
  backupOf(name: string): LlmChoice | undefined {
    const { emulated } = this.choice(name);
    const others = this.choices.filter((other) => other.emulated === emulated && other.name !== name);
    return others.find((other) => other.name === DEFAULT_PROFILE) ?? others[0];
  }

  /** Opens the model with this name behind a router with its backup, or alone if it has none. The registry closes both. */
  async getWithBackup(name: string, options: { signal?: AbortSignal } = {}): Promise<LanguageModel> {
    const primary = await this.get(name, options);
    const backup = this.backupOf(name);
    if (!backup) return primary;
    const second = await this.get(backup.name, options);
    const known = this.#routers.get(name);
    if (known) return known;
    const routed = router({ models: [primary, second], hedge: { budget: HEDGE_BUDGET } });
    this.#routers.set(name, routed);
    return routed;
  }

  /** Closes every opened model and the emulator that the registry started. */
  async close(): Promise<void> {
    this.#routers.clear();
    await Promise.all([...this.#open.values()].map((model) => model.close()));
    this.#open.clear();
    await (await this.#emulator)?.close();
    this.#emulator = undefined;
  }

  async #emulated(choice: LlmChoice): Promise<LanguageModel> {
    const { url = await this.#ownUrl() } = this.#emulation;
    const profile = PROFILES.find((p) => p.name === choice.name)!;
    return openAiCompatible({
      provider: profile.provider,
      model: profile.model,
      baseUrl: url,
      // Its port differs from run to run; what `--memory` keeps is of the profile.
      address: 'emulator',
      apiKey: 'emulated',
      // The emulator is on this machine.
      proxy: false,
    });
  }

  async #ownUrl(): Promise<string> {
    const { seed, ttftSequence } = this.#emulation;
    this.#emulator ??= startEmulator({ seed, ...(ttftSequence === undefined ? {} : { ttftSequence }) });
    return (await this.#emulator).url;
  }
}
