import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, start, succeed, tail } from './process.js';
import { CannotRun, machineEnv } from './tools.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const STARTED_WITHIN_MS = 60_000;
const COMMAND_WITHIN_MS = 120_000;

/** A running registry. */
export interface Registry {
  /** Address, with a trailing slash. */
  url: string;
  stop(): Promise<void>;
}

/** Verdaccio takes no port 0, so a free one is looked for first. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Our own packages come from here alone. The machine's registry answers for the others. */
function configuration(uplink: string): string {
  const open = { access: '$all', publish: '$all' };
  return JSON.stringify({
    storage: './storage',
    web: { enable: false },
    max_body_size: '300mb',
    auth: { htpasswd: { file: './htpasswd', max_users: -1 } },
    uplinks: {
      machine: {
        url: uplink,
        maxage: '60m',
        timeout: '60s',
        max_fails: 10,
        agent_options: { keepAlive: true, maxSockets: 24 },
      },
    },
    packages: {
      '@firstword/*': open,
      firstword: open,
      '**': { access: '$all', proxy: 'machine' },
    },
    log: { type: 'stdout', format: 'json', level: 'warn' },
  });
}

async function untilItAnswers(url: string): Promise<void> {
  const limit = AbortSignal.timeout(STARTED_WITHIN_MS);
  for (;;) {
    try {
      if ((await fetch(new URL('-/ping', url), { signal: limit })).ok) return;
    } catch {
      if (limit.aborted) throw new Error(`verdaccio does not answer within ${STARTED_WITHIN_MS} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Starts a registry in a folder of its own.
 * @throws CannotRun if the machine's registry cannot be reached through it
 */
export async function startRegistry({ tools, folder }: { tools: string; folder: string }): Promise<Registry> {
  const options = { cwd: folder, env: machineEnv(), withinMs: COMMAND_WITHIN_MS };
  const uplink = (await succeed('npm', ['config', 'get', 'registry'], options)).stdout.trim();
  mkdirSync(folder, { recursive: true });
  // YAML includes JSON.
  writeFileSync(join(folder, 'config.yaml'), configuration(uplink));
  const url = `http://127.0.0.1:${await freePort()}/`;
  const bin = join(tools, 'verdaccio', 'bin', 'verdaccio');
  const verdaccio = start(process.execPath, [bin, '--config', 'config.yaml', '--listen', url], options);
  try {
    const failed = verdaccio.ended.then((result) => {
      throw new Error(tail(result));
    });
    await Promise.race([untilItAnswers(url), failed]);
    const seen = await run('npm', ['view', '@livekit/agents', 'version', '--registry', url], options);
    if (seen.code !== 0) throw new CannotRun(`the npm registry cannot be reached: ${tail(seen)}`);
    return { url, stop: verdaccio.stop };
  } catch (error) {
    await verdaccio.stop();
    throw error;
  }
}

/** Folders of the packages that would be published. */
export function publicPackages(): string[] {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((folder) => {
      try {
        return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private !== true;
      } catch {
        return false;
      }
    });
}

/** Packs every public package and publishes the tarballs. Returns name@version of each. */
export async function publishAll({ url, folder }: { url: string; folder: string }): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  // npm wants a token before it publishes; the registry takes any.
  const config = join(folder, 'npmrc');
  writeFileSync(config, `registry=${url}\n${url.slice('http:'.length)}:_authToken=anybody\n`);
  const options = { cwd: ROOT, env: machineEnv(), withinMs: COMMAND_WITHIN_MS };
  const packed = await succeed(
    'npm',
    ['pack', '--json', '--pack-destination', folder, ...publicPackages()],
    options,
  );
  // An array, or an object by name, as npm versions differ. Scripts of the packages may print before it.
  const list: unknown = JSON.parse(packed.stdout.slice(packed.stdout.search(/^[[{]/m)));
  const tarballs = Object.values(list as object) as { id: string; filename: string }[];
  const publish = async ({ filename }: { filename: string }) => {
    const args = ['publish', join(folder, filename), '--userconfig', config, '--provenance=false'];
    await succeed('npm', args, { ...options, cwd: folder });
  };
  // Each `npm publish` mostly waits.
  const waiting = [...tarballs];
  const next = async (): Promise<void> => {
    for (let tarball = waiting.shift(); tarball; tarball = waiting.shift()) await publish(tarball);
  };
  await Promise.all([next(), next(), next()]);
  return tarballs.map(({ id }) => id);
}
