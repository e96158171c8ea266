import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServerProcess } from '../server-process.js';
import type { GatewayArm, GatewayStart } from './arm.js';
import { installedFolder, runCommand } from './install.js';

const VERSION = '1.108.3';

/** Its documentation's config for fallbacks: two model groups a route, and the order between them. JSON is YAML too. */
function configFor({ primaryUrl, backupUrl, routes, timeoutMs }: GatewayStart): object {
  const deployment = (model_name: string, model: string, api_base: string) => ({
    model_name,
    litellm_params: {
      model: `openai/${model}`,
      api_base,
      api_key: 'any',
      ...(timeoutMs && { timeout: 10, stream_timeout: timeoutMs / 1_000 }),
      max_retries: 0,
    },
  });
  return {
    model_list: routes.flatMap(({ name, primary, backup }) => [
      deployment(name, primary, primaryUrl),
      deployment(`${name}-backup`, backup, backupUrl),
    ]),
    router_settings: {
      num_retries: 0,
      fallbacks: routes.map(({ name }) => ({ [name]: [`${name}-backup`] })),
    },
  };
}

/** LiteLLM's proxy, from PyPI, with one worker. */
export const litellm: GatewayArm = {
  name: 'litellm',
  version: VERSION,
  async start(options) {
    const { signal } = options;
    const folder = await installedFolder(`litellm-${VERSION}`, async (into) => {
      await runCommand('python3', ['-m', 'venv', into], { signal });
      const pip = ['install', '--quiet', '--disable-pip-version-check', `litellm[proxy]==${VERSION}`];
      await runCommand(join(into, 'bin', 'pip'), pip, { signal });
    });
    const config = join(options.folder, 'litellm.yaml');
    await writeFile(config, JSON.stringify(configFor(options)));
    const server = await startServerProcess({
      name: 'LiteLLM',
      command: (port) => [
        join(folder, 'bin', 'litellm'),
        '--config',
        config,
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--num_workers',
        '1',
        '--telemetry',
        'False',
      ],
      readyPath: '/health/liveliness',
      readyWithinMs: 120_000,
      // Without it, it fetches its list of prices when it starts.
      env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_LOG: 'ERROR' },
      signal,
    });
    return {
      ...server,
      baseUrl: `http://127.0.0.1:${server.port}/v1`,
      headersFor: () => ({ authorization: 'Bearer any' }),
      bodyFor: ({ name }) => ({ model: name }),
      close: () => server.stop(),
    };
  },
};
