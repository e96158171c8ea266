import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServerProcess } from '../server-process.js';
import type { GatewayArm, GatewayStart } from './arm.js';

const CLI = fileURLToPath(new URL('../../../../packages/firstword/bin/firstword.js', import.meta.url));

/** Without `defaults`, all settings of the router are as they come: nothing is tuned for the bench. */
const configFor = ({ routes, primaryUrl, backupUrl }: GatewayStart, defaults: object) => ({
  defaults,
  routes: Object.fromEntries(
    routes.map(({ name, primary, backup, holdUntilClause }) => [
      name,
      {
        models: [`custom:${primary}@${primaryUrl}`, `custom:${backup}@${backupUrl}`],
        ...(holdUntilClause && { voice: true }),
      },
    ]),
  ),
});

let configs = 0;

/** `firstword gateway` as users start it. */
export const ownGateway: GatewayArm = {
  name: 'gateway',
  version: 'this tree',
  async start(options) {
    configs += 1;
    const config = join(options.folder, `gateway-${configs}.json`);
    await writeFile(config, JSON.stringify(configFor(options, {})));
    const server = await startServerProcess({
      name: 'firstword gateway',
      command: (port) => [process.execPath, CLI, 'gateway', '--config', config, '--port', String(port)],
      readyPath: '/readyz',
      readyWithinMs: 30_000,
      signal: options.signal,
    });
    let reloads = 0;
    return {
      ...server,
      async reload() {
        reloads += 1;
        // A route that has not changed is kept: a setting that does not matter here makes every reload open new ones.
        const defaults = { giveUpAfterMs: 20_000 + reloads };
        await writeFile(config, JSON.stringify(configFor(options, defaults)));
        server.signal('SIGHUP');
      },
      baseUrl: `http://127.0.0.1:${server.port}/v1`,
      headersFor: () => ({ authorization: 'Bearer any' }),
      bodyFor: ({ name }) => ({ model: name }),
      close: () => server.stop(),
    };
  },
};
