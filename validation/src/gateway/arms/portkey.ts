import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServerProcess } from '../server-process.js';
import type { BenchRoute, GatewayArm, GatewayStart } from './arm.js';
import { installedFolder, runCommand } from './install.js';

const VERSION = '1.15.2';
/**
 * Portkey's version ranges admit later releases that break it: with @hono/node-server 1.14 and later, each of its streams
 * ends in "TypeError: immutable".
 */
const MANIFEST = {
  private: true,
  dependencies: { '@portkey-ai/gateway': VERSION },
  overrides: { hono: '4.9.7', '@hono/node-server': '1.13.2' },
};

/** Its documentation's config for a fallback: a strategy and targets, in a header of each request. */
const configFor = ({ primary, backup }: BenchRoute, { primaryUrl, backupUrl, timeoutMs }: GatewayStart) => ({
  strategy: { mode: 'fallback' },
  ...(timeoutMs && { request_timeout: timeoutMs }),
  targets: [
    [primaryUrl, primary],
    [backupUrl, backup],
  ].map(([custom_host, model]) => ({
    provider: 'openai',
    api_key: 'any',
    custom_host,
    override_params: { model },
  })),
});

/** Portkey's gateway, from npm. */
export const portkey: GatewayArm = {
  name: 'portkey',
  version: VERSION,
  async start(options) {
    const { signal } = options;
    const folder = await installedFolder(`portkey-${VERSION}`, async (into) => {
      await writeFile(join(into, 'package.json'), JSON.stringify(MANIFEST));
      const flags = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
      await runCommand('npm', flags, { cwd: into, signal });
    });
    const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
    const server = await startServerProcess({
      name: 'Portkey',
      command: (port) => [process.execPath, script, `--port=${port}`, '--headless'],
      readyPath: '/',
      readyWithinMs: 30_000,
      cwd: folder,
      env: { NODE_ENV: 'production' },
      signal,
    });
    return {
      ...server,
      baseUrl: `http://127.0.0.1:${server.port}/v1`,
      headersFor: (route) => ({
        authorization: 'Bearer any',
        'x-portkey-config': JSON.stringify(configFor(route, options)),
      }),
      bodyFor: ({ name }) => ({ model: name }),
      close: () => server.stop(),
    };
  },
};
