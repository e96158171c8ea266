import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cli, firstword } from '../support/cli.js';
import { anthropicName, CLIENT_MODELS } from './upstream.js';

/** A running `firstword gateway`. */
export interface GatewayProcess {
  /** Base URL for OpenAI's clients, ending in `/v1`. */
  baseUrl: string;
  cli: Cli;
  stop(): Promise<void>;
}

/**
 * One model a route, so that what fails is what the provider says.
 * @param upstreamUrl base URL of the provider, ending in `/v1`
 */
export function clientRoutes(upstreamUrl: string): Record<string, string[]> {
  const origin = upstreamUrl.replace(/\/v1$/, '');
  return Object.fromEntries(
    CLIENT_MODELS.flatMap((model) => [
      [model, [`custom:${model}@${upstreamUrl}`]],
      [anthropicName(model), [`anthropic:${anthropicName(model)}@${origin}/v1`]],
    ]),
  );
}

/** Starts the command with this config, and waits until it listens. */
export async function startGatewayProcess(options: {
  folder: string;
  config: object;
  env?: NodeJS.ProcessEnv;
}): Promise<GatewayProcess> {
  const file = join(options.folder, 'gateway.json');
  await writeFile(file, JSON.stringify(options.config));
  const cli = firstword(['gateway', '--config', file, '--port', '0', '--json'], {
    env: { ANTHROPIC_API_KEY: 'any', ...options.env },
  });
  const line = await cli.stdout.until('address', (text) => text.startsWith('{'));
  const { url } = JSON.parse(line) as { url: string };
  return {
    baseUrl: url,
    cli,
    async stop() {
      cli.signal('SIGTERM');
      const timer = setTimeout(() => cli.signal('SIGKILL'), 5_000);
      await cli.ended;
      clearTimeout(timer);
    },
  };
}
