import {
  accessToModel,
  EMULATED_PROVIDER,
  keyVariablesOf,
  type ModelSpec,
  modelNeedsKey,
  PROVIDERS,
  parseModelSpec,
} from '@firstword/llm';
import type { GatewayConfig, ModelConfig, RouteConfig, RouteSettingsConfig } from './schema.js';

type Env = Readonly<Record<string, string | undefined>>;

/** One model of a route: what is asked, and with which key. */
export interface PlannedModel {
  spec: ModelSpec;
  /** Environment variable with the key, where the file names one. */
  keyVariable?: string;
  serviceTier?: string;
  /** Fields added to every request body. */
  body?: Record<string, unknown>;
}

/** One route with the settings that apply to it. */
export interface PlannedRoute {
  /** The model name that clients send. */
  name: string;
  /** Whether it also answers every model name that no route has. */
  isDefault: boolean;
  models: PlannedModel[];
  settings: RouteSettingsConfig;
}

/** A model as written, with its spec parsed. @throws FirstwordError `bad_input` for a spec that names no model */
export function plannedModel(model: ModelConfig, profiles: readonly string[] | undefined): PlannedModel {
  const { model: text, ...own } = typeof model === 'string' ? { model } : model;
  return { spec: parseModelSpec(text, profiles ? { profiles } : {}), ...definedOnly(own) };
}

/** The models of a route as written. */
export const modelsOf = (route: RouteConfig): ModelConfig[] => (Array.isArray(route) ? route : route.models);

/** Without the fields that are `undefined`. */
function definedOnly<T extends object>(fields: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}

/** Settings of a route over the common ones; groups such as `hedge` are merged field by field. */
function merged(common: RouteSettingsConfig, own: RouteSettingsConfig): RouteSettingsConfig {
  return {
    ...common,
    ...own,
    ...(common.hedge || own.hedge ? { hedge: { ...common.hedge, ...own.hedge } } : {}),
    ...(common.stall || own.stall ? { stall: { ...common.stall, ...own.stall } } : {}),
    ...(common.breaker || own.breaker ? { breaker: { ...common.breaker, ...own.breaker } } : {}),
  };
}

/**
 * The routes of a config that the schema and the model specs have passed.
 * @param profiles the emulator's profiles; default: any
 */
export function planRoutes(config: GatewayConfig, profiles?: readonly string[]): PlannedRoute[] {
  const { defaults = {}, defaultRoute } = config;
  return Object.entries(config.routes).map(([name, route]) => {
    const { models, ...own } = Array.isArray(route) ? { models: route } : route;
    return {
      name,
      isDefault: name === defaultRoute,
      models: models.map((model) => plannedModel(model, profiles)),
      settings: merged(defaults, own),
    };
  });
}

/** Of each list one variable, or all of one group, must be set. */
function unset(env: Env, ...names: string[]): string[] {
  return names.filter((name) => !env[name]);
}

function missingForBedrock(env: Env): string[] {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION ? [] : ['AWS_REGION'];
  const signed = unset(env, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY').length === 0;
  return [...region, ...(signed ? [] : unset(env, 'AWS_BEARER_TOKEN_BEDROCK'))];
}

/** The environment variables that a model needs and that are not set. */
export function missingVariables({ spec, keyVariable }: PlannedModel, env: Env): string[] {
  const { provider, baseUrl } = spec;
  if (provider === EMULATED_PROVIDER) return [];
  if (keyVariable !== undefined) return unset(env, keyVariable);
  if (provider === 'bedrock' && baseUrl === undefined) return missingForBedrock(env);
  if (provider === 'custom') return baseUrl === undefined ? unset(env, 'FIRSTWORD_LLM_BASE_URL') : [];
  const endpoint = provider === 'azure' && baseUrl === undefined ? unset(env, 'AZURE_OPENAI_ENDPOINT') : [];
  const access = accessToModel(spec, env);
  const key = modelNeedsKey(access) ? unset(env, ...keyVariablesOf(access.provider)) : [];
  return [...endpoint, ...key];
}

/** The environment variables from which the key of a model is read; empty for one that needs none. */
export function keyVariablesFor({ spec, keyVariable }: PlannedModel): string[] {
  if (keyVariable !== undefined) return [keyVariable];
  const provider = PROVIDERS.find(({ name }) => name === spec.provider);
  if (spec.provider === 'custom') return ['FIRSTWORD_LLM_API_KEY'];
  return provider && provider.needsKey !== false ? keyVariablesOf(provider) : [];
}

/**
 * The route of a gateway without a config file: the first model answers, the others are its backups. It has the first model's
 * name, and answers every other model name too, so that clients need not change theirs.
 * @throws FirstwordError `bad_input` for a spec that names no model
 */
export function planModels(
  specs: readonly string[],
  options: { profiles?: readonly string[]; settings?: RouteSettingsConfig } = {},
): PlannedRoute {
  const models = specs.map((text) => plannedModel(text, options.profiles));
  const name = models[0]!.spec.model;
  return { name, isDefault: true, models, settings: options.settings ?? {} };
}
