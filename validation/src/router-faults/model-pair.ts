import { type Fault, startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible, type Timeouts } from '@firstword/llm';

/** A primary and a backup model with their own emulator. */
export interface ModelPair {
  primary: LanguageModel;
  backup: LanguageModel;
  close(): Promise<void>;
}

/** Options of `startModelPair`. */
export interface ModelPairOptions {
  /** The same seed gives the same answers and the same TTFT. */
  seed: number;
  /** Fault of every request to the primary; none by default. */
  fault?: Fault | undefined;
  /** The models' own timeouts, ms. */
  timeouts?: Partial<Timeouts>;
  /** Emulator profiles of the two; default gpt-4o-mini and Groq's gpt-oss-120b. */
  profiles?: { primary: string; backup: string };
}

const DEFAULT_PROFILES = { primary: 'gpt-4o-mini', backup: 'groq-gpt-oss-120b' };

/** Starts both models with warm connections, so that the trial does not measure handshakes. */
export async function startModelPair(options: ModelPairOptions): Promise<ModelPair> {
  const { seed, fault, timeouts, profiles = DEFAULT_PROFILES } = options;
  const rules = fault ? [{ fault, profile: profiles.primary }] : [];
  const emulator = await startEmulator({ seed, faults: { rules } });
  const at = (profile: string) =>
    openAiCompatible({
      provider: profile,
      model: profile,
      baseUrl: emulator.urlFor(profile),
      ...(timeouts && { timeouts }),
    });
  const [primary, backup] = [at(profiles.primary), at(profiles.backup)];
  await Promise.all([primary.warm(), backup.warm()]);
  return {
    primary,
    backup,
    async close() {
      await Promise.all([primary.close(), backup.close()]);
      await emulator.close();
    },
  };
}
