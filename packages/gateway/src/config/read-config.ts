import { readFileSync, statSync } from 'node:fs';
import { FirstwordError, unknownName } from '@firstword/turn';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { keyProblems, schemaProblems, settingProblem } from './problems.js';
import { modelsOf, type PlannedRoute, plannedModel, planRoutes } from './route-plan.js';
import {
  configSchema,
  type GatewayConfig,
  type ModelConfig,
  type ServerConfig,
  type StoreConfig,
} from './schema.js';
import { ConfigSource } from './source.js';

/** Largest config file, bytes: nobody writes a larger one. */
const MAX_BYTES = 1_000_000;

/** A config that can be used: all of it has been checked, except whether keys are set. */
export interface ReadConfig {
  routes: PlannedRoute[];
  server: ServerConfig;
  store: StoreConfig;
}

/** Options of `readConfig` and `parseConfig`. */
export interface ReadConfigOptions {
  /** The emulator's profiles, which `emulated:` may name; default: any. */
  profiles?: readonly string[];
}

function readText(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) {
      throw new FirstwordError('bad_input', `${file} is larger than 1 MB: it is not a config file`);
    }
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof FirstwordError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new FirstwordError(
      'bad_input',
      `the config file ${file} ${reason}: check the path after --config`,
      {
        cause,
      },
    );
  }
}

/**
 * Reads a config file, YAML or JSON.
 * @throws FirstwordError `bad_input` for a file that cannot be read; `ConfigError` with every problem in it
 */
export function readConfig(file: string, options: ReadConfigOptions = {}): ReadConfig {
  return parseConfig(readText(file), { ...options, file });
}

const messageOf = (error: unknown): string => (error as Error).message;

/** Fields of a request body that are the router's. */
const OF_THE_ROUTER = ['model', 'messages', 'stream', 'stream_options'];

/** Fields that the file may not set for a model. */
function bodyProblems(
  source: ConfigSource,
  path: readonly PropertyKey[],
  model: ModelConfig,
): ConfigProblem[] {
  const names = typeof model === 'string' ? [] : Object.keys(model.body ?? {});
  return names
    .filter((name) => OF_THE_ROUTER.includes(name))
    .map((name) =>
      settingProblem(source, [...path, 'body', name], `${name} is set by the gateway: remove it`, 'name'),
    );
}

/** Specs that name no model, and routes that do not exist. */
function meaningProblems(
  source: ConfigSource,
  config: GatewayConfig,
  options: ReadConfigOptions,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, route] of Object.entries(config.routes)) {
    const list = Array.isArray(route) ? ['routes', name] : ['routes', name, 'models'];
    for (const [at, model] of modelsOf(route).entries()) {
      const path = [...list, at, ...(typeof model === 'string' ? [] : ['model'])];
      problems.push(...bodyProblems(source, [...list, at], model));
      try {
        plannedModel(model, options.profiles);
      } catch (error) {
        problems.push(settingProblem(source, path, messageOf(error)));
      }
    }
  }
  const { store } = config;
  if (store?.file !== undefined && store.valkey) {
    problems.push(
      settingProblem(source, ['store'], 'the store is a file or a Valkey server: name one of them'),
    );
  }
  const names = Object.keys(config.routes);
  if (names.includes('*')) {
    const message = 'a route needs a name that clients can ask for; for all other names write defaultRoute';
    problems.push(settingProblem(source, ['routes', '*'], message, 'name'));
  }
  if (names.length === 0) problems.push(settingProblem(source, ['routes'], 'there is no route: add one'));
  const { defaultRoute } = config;
  if (defaultRoute !== undefined && !names.includes(defaultRoute)) {
    const { message } = unknownName('route', defaultRoute, names);
    problems.push(settingProblem(source, ['defaultRoute'], message));
  }
  return problems;
}

/**
 * As `readConfig`, of a text.
 * @param options.file name for error messages
 * @throws ConfigError with every problem in it
 */
export function parseConfig(text: string, options: ReadConfigOptions & { file: string }): ReadConfig {
  const source = new ConfigSource(options.file, text);
  const result = configSchema.safeParse(source.data);
  const keys = keyProblems(source);
  const refused = result.success
    ? meaningProblems(source, result.data, options)
    : schemaProblems(source, result.error);
  // A key is told once, whatever else is wrong with its setting.
  const others = refused.filter(({ setting }) => !keys.some((key) => key.setting === setting));
  const problems = [...keys, ...others];
  if (problems.length > 0 || !result.success) throw new ConfigError(options.file, problems);
  const { server = {}, store = {} } = result.data;
  return { routes: planRoutes(result.data, options.profiles), server, store };
}
