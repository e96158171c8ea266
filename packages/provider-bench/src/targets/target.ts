import { PROFILES } from '@firstword/emulator';
import { EMULATED_PROVIDER, type ModelSpec, parseModelSpec } from '@firstword/llm';

/** A model at a provider, or a speech engine, as given by the user. */
export interface BenchTarget extends ModelSpec {
  /** Whether the provider emulator answers; `model` is then one of its profiles. */
  emulated: boolean;
  /** Set for a speech engine; `provider` is then `livekit` (LiveKit Inference), `plugin` or `emulated`. */
  kind?: 'stt' | 'tts';
}

/**
 * Parses `provider:model` or `provider:model@URL`.
 * @throws FirstwordError `bad_input` for anything else, and for an unknown provider or emulator profile
 */
export function parseTarget(text: string): BenchTarget {
  const spec = parseModelSpec(text, { profiles: PROFILES.map(({ name }) => name) });
  return { ...spec, emulated: spec.provider === EMULATED_PROVIDER };
}
