import { type Fault, startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible, type Timeouts } from '@firstword/llm';

/** A primary and its backup, on an emulator of their own. */
export interface Pair {
  primary: LanguageModel;
  backup: LanguageModel;
  close(): Promise<void>;
}

export interface PairOptions {
  /** Same seed, same words and same times to first token. */
  seed: number;
  /** Strikes every request to the primary; left out, it is healthy. */
  fault?: Fault | undefined;
  /** The models' own timeouts, ms. */
  timeouts?: Partial<Timeouts>;
  /** Emulator profiles of the two; default gpt-4o-mini and Groq's gpt-oss-120b. */
  profiles?: { primary: string; backup: string };
}

const DEFAULT_PROFILES = { primary: 'gpt-4o-mini', backup: 'groq-gpt-oss-120b' };

/** Starts the two with warm connections: a bench of faults must not measure handshakes. */
export async function startPair(options: PairOptions): Promise<Pair> {
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
