import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerUnavailable, startServerProcess } from '../server-process.js';
import type { GatewayArm, GatewayStart } from './arm.js';
import { installedFolder, runCommand } from './install.js';

const VERSION = '1.2.30';
const SONIC = 'v1.15.5';
/** Go's source is not compiled by tsc: it stays in src. */
const SOURCE = fileURLToPath(new URL('../../../src/gateway/arms/bifrost/main.go', import.meta.url));

const goCommand = () =>
  ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find((file) => existsSync(file)) ?? 'go';

/** Its base URLs have no `/v1`. Its timeout is in whole seconds, and also ends a stream that takes longer. */
function configFor({ primaryUrl, backupUrl, routes, timeoutMs }: GatewayStart): object {
  const origin = (url: string) => url.replace(/\/v1$/, '');
  return {
    primaryUrl: origin(primaryUrl),
    backupUrl: origin(backupUrl),
    timeoutSeconds: timeoutMs === undefined ? 0 : Math.ceil(timeoutMs / 1_000),
    routes: Object.fromEntries(routes.map(({ name, primary, backup }) => [name, { primary, backup }])),
  };
}

/** Bifrost's core, from the Go module proxy, behind a bare Go server. */
export const bifrost: GatewayArm = {
  name: 'bifrost',
  version: `core ${VERSION}`,
  async start(options) {
    const { signal } = options;
    const folder = await installedFolder(`bifrost-core-${VERSION}`, async (into) => {
      await cp(SOURCE, join(into, 'main.go'));
      const go = (...args: string[]) => runCommand(goCommand(), args, { cwd: into, signal });
      await go('mod', 'init', 'firstword.example/bifrost');
      await go('get', `github.com/maximhq/bifrost/core@v${VERSION}`);
      // The version that the core asks for does not compile with Go 1.26.
      await go('get', `github.com/bytedance/sonic@${SONIC}`);
      await go('mod', 'tidy');
      await go('build', '-o', 'server', '.');
    });
    const binary = join(folder, 'server');
    if (!existsSync(binary))
      throw new ServerUnavailable(`${binary} is missing: remove the folder, so that it is built again`);
    const config = join(options.folder, 'bifrost.json');
    await writeFile(config, JSON.stringify(configFor(options)));
    const server = await startServerProcess({
      name: 'Bifrost',
      command: (port) => [binary, config, String(port)],
      readyPath: '/',
      readyWithinMs: 30_000,
      signal,
    });
    return {
      ...server,
      baseUrl: `http://127.0.0.1:${server.port}/v1`,
      headersFor: () => ({}),
      bodyFor: ({ name }) => ({ model: name }),
      close: () => server.stop(),
    };
  },
};
