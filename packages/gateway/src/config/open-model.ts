import {
  accessToModel,
  azure,
  bedrock,
  EMULATED_PROVIDER,
  httpModel,
  type LanguageModel,
  openAiCompatible,
} from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import type { PlannedModel } from './route-plan.js';

/** How the models of a gateway are opened. */
export interface ModelSource {
  /** Environment with the API keys; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The base URL of an emulator's profile, for `emulated:` models; default: such a model is refused. */
  emulatorUrl?: (profile: string) => string;
}

function emulatedModel(profile: string, emulatorUrl: ModelSource['emulatorUrl']): LanguageModel {
  if (!emulatorUrl) {
    throw new FirstwordError('bad_input', `emulated:${profile} needs an emulator: give emulatorUrl`);
  }
  return openAiCompatible({
    provider: EMULATED_PROVIDER,
    model: profile,
    baseUrl: emulatorUrl(profile),
    // Its port differs from start to start; what a store keeps is of the profile.
    address: 'emulator',
    // The emulator is on this machine.
    proxy: false,
  });
}

/**
 * Opens one model of a route. A missing key is not an error here: see `missingVariables`.
 * @throws FirstwordError `bad_input` for a service tier that the provider does not have, or a missing base URL or region
 */
export function openModel(planned: PlannedModel, source: ModelSource): LanguageModel {
  const { env = process.env, emulatorUrl } = source;
  const { spec, keyVariable, serviceTier, body } = planned;
  if (spec.provider === EMULATED_PROVIDER) return emulatedModel(spec.model, emulatorUrl);
  const key = keyVariable === undefined ? undefined : env[keyVariable];
  const common = {
    model: spec.model,
    ...(spec.baseUrl === undefined ? {} : { baseUrl: spec.baseUrl }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(body ? { fixedFields: body } : {}),
  };
  // Their address depends on the environment, and Bedrock may sign instead of sending a key.
  if (spec.baseUrl === undefined && spec.provider === 'azure') {
    return azure({ ...common, ...(key === undefined ? {} : { apiKey: key }) });
  }
  if (spec.provider === 'bedrock') {
    return bedrock({ ...common, ...(key === undefined ? {} : { apiKey: key }) });
  }
  const access = accessToModel(spec, env);
  const apiKey = key ?? access.apiKey;
  const variable = keyVariable ?? access.keyVariable;
  return httpModel(access.provider, {
    ...common,
    ...(access.baseUrl === undefined ? {} : { baseUrl: access.baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(variable === undefined ? {} : { keyVariable: variable }),
  });
}
