import { PROFILES } from '@firstword/emulator';
import { EMULATED_PROVIDER, type ModelSpec, parseModelSpec } from '@firstword/llm';
import type { SpeechKind } from '@firstword/turn';

/** A model at a provider, a speech engine or a realtime model, as given by the user. */
export interface BenchTarget extends ModelSpec {
  /** Whether the provider emulator answers; `model` is then one of its profiles. */
  emulated: boolean;
  /**
   * Set for a speech engine: `provider` is then `livekit` (LiveKit Inference), `plugin` or `emulated`. Set for a realtime model: it is then
   * the name under which that is opened, or `emulated`.
   */
  kind?: SpeechKind;
}

/**
 * Parses `provider:model` or `provider:model@URL`.
 * @throws FirstwordError `bad_input` for anything else, and for an unknown provider or emulator profile
 */
export function parseTarget(text: string): BenchTarget {
  const spec = parseModelSpec(text, { profiles: PROFILES.map(({ name }) => name) });
  return { ...spec, emulated: spec.provider === EMULATED_PROVIDER };
}
