import { PROFILES } from '@firstword/emulator';
import {
  missingVariables,
  type PlannedRoute,
  planModels,
  type ReadConfig,
  readConfig,
} from '@firstword/gateway/config';
import { FirstwordError } from '@firstword/turn';
import { isLoopback } from '../../loopback.js';
import type { GatewayCommandOptions } from './options.js';

/** Variable of the clients' token unless the config names another. */
const TOKEN_VARIABLE = 'FIRSTWORD_GATEWAY_TOKEN';
/** How long the answers under way may take when the gateway is stopped, ms. */
const DRAIN_MS = 30_000;
const PORT = 4_100;

/** All that is needed to start a gateway: the config file or the models, with the options of the command line. */
export interface GatewayPlan {
  routes: PlannedRoute[];
  server: ReadConfig['server'];
  store: ReadConfig['store'];
  host: string;
  port: number;
  drainMs: number;
  tokenVariable: string;
}

const TRIAL = 'To try it without a key: firstword gateway emulated:gpt-4o-mini emulated:groq-gpt-oss-120b';

function read({ models, config, voice }: GatewayCommandOptions): ReadConfig {
  const profiles = PROFILES.map(({ name }) => name);
  if (config !== undefined && models.length > 0) {
    throw new FirstwordError('bad_input', '--config names the models: give it, or models, not both');
  }
  if (config !== undefined) {
    if (voice) {
      throw new FirstwordError('bad_input', 'with --config, write voice: true below defaults: in the file');
    }
    return readConfig(config, { profiles });
  }
  if (models.length === 0) {
    throw new FirstwordError(
      'bad_input',
      `Name the model that answers, and its backups: firstword gateway openai:gpt-4o-mini groq:openai/gpt-oss-120b. ${TRIAL}`,
    );
  }
  return {
    routes: [planModels(models, { profiles, settings: voice ? { voice } : {} })],
    server: {},
    store: {},
  };
}

/**
 * Reads what the gateway should do.
 * @throws FirstwordError `bad_input`, or `ConfigError` with every problem of the file
 */
export function readGatewayPlan(options: GatewayCommandOptions): GatewayPlan {
  const { routes, server, store } = read(options);
  return {
    routes,
    server,
    store,
    host: options.host ?? server.host ?? '127.0.0.1',
    port: options.port ?? server.port ?? PORT,
    drainMs: server.drainMs ?? DRAIN_MS,
    tokenVariable: server.tokenVariable ?? TOKEN_VARIABLE,
  };
}

/** An environment variable that is not set, and what needs it. */
export interface MissingVariable {
  variable: string;
  /** Such as `groq:openai/gpt-oss-120b`, or `clients on other machines`. */
  neededFor: string;
  /** Whether a provider's emulator would do without it. */
  isKey: boolean;
}

/** The environment variables that the gateway needs and that are not set. */
export function missingIn(plan: GatewayPlan, env: NodeJS.ProcessEnv = process.env): MissingVariable[] {
  const ofModels = plan.routes.flatMap(({ models }) =>
    models.flatMap((model) =>
      missingVariables(model, env).map((variable) => ({ variable, neededFor: model.spec.text, isKey: true })),
    ),
  );
  const { valkey } = plan.store;
  const urlVariables = valkey?.urlVariable === undefined ? ['VALKEY_URL', 'REDIS_URL'] : [valkey.urlVariable];
  const store =
    valkey && !urlVariables.some((variable) => env[variable])
      ? [{ variable: urlVariables[0]!, neededFor: 'the store', isKey: false }]
      : [];
  const wantsToken = plan.server.tokenVariable !== undefined || !isLoopback(plan.host);
  const neededFor =
    plan.server.tokenVariable === undefined
      ? `clients, because the gateway listens on ${plan.host}`
      : 'clients, as server.tokenVariable says';
  const token =
    wantsToken && !env[plan.tokenVariable] ? [{ variable: plan.tokenVariable, neededFor, isKey: false }] : [];
  const seen = new Set<string>();
  return [...ofModels, ...store, ...token].filter(({ variable, neededFor: what }) => {
    const key = `${variable} ${what}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** @throws FirstwordError `bad_input` that names every missing variable */
export function requireVariables(plan: GatewayPlan): void {
  const missing = missingIn(plan);
  if (missing.length === 0) return;
  const list = missing.map(({ variable, neededFor }) => `${variable} for ${neededFor}`).join(', ');
  const what = missing.length === 1 ? 'An environment variable is' : 'Environment variables are';
  const trial = missing.some(({ isKey }) => isKey) ? `. ${TRIAL}` : '';
  throw new FirstwordError('bad_input', `${what} not set: ${list}${trial}`);
}
