import { type Emulator, type EmulatorOptions, PROFILES, startEmulator } from '@firstword/emulator';
import { type LanguageModel, llmFromEnv, openAiCompatible, router } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';

/** An LLM that can answer: an emulated profile, or a real one that the environment configures. */
export interface LlmChoice {
  name: string;
  label: string;
  emulated: boolean;
  /** Where the emulated figures come from, or the variable that configured the real one. */
  source: string;
}

/** Share of the requests that may be sent to the backup, too. */
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
  const list = choices.map((c) => `  ${c.name.padEnd(24)}${c.label}`).join('\n');
  return new FirstwordError('bad_input', `There is no profile "${name}". Choose one of:\n${list}`);
}

/** What the emulated LLMs are drawn from. */
export interface Emulation {
  seed: number;
  ttftSequence?: EmulatorOptions['ttftSequence'];
  /** An emulator that is running already, and is not this shelf's to stop. */
  url?: string | undefined;
}

/** Every LLM on offer: real ones first, then the emulator's profiles, each opened when first asked for. */
export class LlmShelf {
  readonly choices: readonly LlmChoice[];
  /** What answers when nobody chooses: a configured real one, else the emulated default. */
  readonly defaultName: string;
  readonly #emulation: Emulation;
  readonly #real = new Map(llmFromEnv().map((p) => [p.name, p]));
  readonly #open = new Map<string, LanguageModel>();
  /** Each with a backup beside it: what they learn of each other's pace is kept. */
  readonly #backed = new Map<string, LanguageModel>();
  #emulator: Promise<Emulator> | undefined;

  /** @param emulation what the emulated ones are drawn from */
  constructor(emulation: Emulation) {
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

  /** @throws FirstwordError `bad_input`, listing what there is. */
  choice(name: string = this.defaultName): LlmChoice {
    const choice = this.choices.find((c) => c.name === name);
    if (!choice) throw unknown(name, this.choices);
    return choice;
  }

  /** The model behind a name, warm. The shelf closes it. */
  async get(name: string = this.defaultName, options: { signal?: AbortSignal } = {}): Promise<LanguageModel> {
    const choice = this.choice(name);
    let model = this.#open.get(name);
    if (!model) {
      model = this.#real.get(name)?.create() ?? (await this.#emulated(choice));
      this.#open.set(name, model);
    }
    // A provider that cannot be reached now may be when it is asked; its error is told then.
    await model.warm(options).catch(() => {});
    return model;
  }

  /** The LLM to ask where this one is late: a real one for a real one, the emulated default for an emulated one. */
  backupOf(name: string): LlmChoice | undefined {
    const { emulated } = this.choice(name);
    const others = this.choices.filter((other) => other.emulated === emulated && other.name !== name);
    return others.find((other) => other.name === DEFAULT_PROFILE) ?? others[0];
  }

  /** The model behind a name with its backup beside it, where there is one. The shelf closes both. */
  async getWithBackup(name: string, options: { signal?: AbortSignal } = {}): Promise<LanguageModel> {
    const primary = await this.get(name, options);
    const backup = this.backupOf(name);
    if (!backup) return primary;
    const second = await this.get(backup.name, options);
    const known = this.#backed.get(name);
    if (known) return known;
    const backed = router({ models: [primary, second], hedge: { budget: HEDGE_BUDGET } });
    this.#backed.set(name, backed);
    return backed;
  }

  async close(): Promise<void> {
    this.#backed.clear();
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
      apiKey: 'emulated',
    });
  }

  async #ownUrl(): Promise<string> {
    const { seed, ttftSequence } = this.#emulation;
    this.#emulator ??= startEmulator({ seed, ...(ttftSequence === undefined ? {} : { ttftSequence }) });
    return (await this.#emulator).url;
  }
}
