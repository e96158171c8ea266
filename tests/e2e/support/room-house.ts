import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The newest that builds from the Go module proxy (2026-11-23): 1.13.11 asks for a golang.org/x/exp that is not there. */
const SERVER_VERSION = 'v1.9.12';
const MODULE = 'github.com/livekit/livekit-server';

const SERVER_IP = '10.77.7.1';
const CALLER_IP = '10.77.7.2';
const PORT = 17_880;
const KEY = 'firstword-test';
const SECRET = 'a-secret-of-thirty-two-characters-or-more';

const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** What this machine lacks to hold the suite, in words for whoever runs it; `undefined` where it lacks nothing. */
export function lacking(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !has('ip', '-V')) {
    return 'NOT RUN: it makes network namespaces, for which it needs Linux, root and ip (Debian: iproute2).';
  }
  if (process.env.LIVEKIT_SERVER || existsSync(cached()) || has('go', 'version')) return undefined;
  return 'NOT RUN: there is no livekit-server. Name one in LIVEKIT_SERVER, or install Go, which builds it.';
}

function cached(): string {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(caches, 'firstword', `livekit-server-${SERVER_VERSION}`);
}

/** Path of the server's binary, built from its Go module where nobody has yet: minutes, and 70 MB in the cache. */
function serverBinary(): string {
  if (process.env.LIVEKIT_SERVER) return process.env.LIVEKIT_SERVER;
  const path = cached();
  if (existsSync(path)) return path;
  const scratch = mkdtempSync(join(tmpdir(), 'firstword-livekit-server-'));
  const go = (...args: string[]) => execFileSync('go', args, { cwd: scratch, stdio: 'inherit' });
  try {
    go('mod', 'init', 'scratch');
    go('get', `${MODULE}/cmd/server@${SERVER_VERSION}`);
    go('build', '-o', 'livekit-server', `${MODULE}/cmd/server`);
    mkdirSync(join(path, '..'), { recursive: true });
    execFileSync('cp', [join(scratch, 'livekit-server'), `${path}.new`]);
    renameSync(`${path}.new`, path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** A LiveKit server and its agents in one network namespace, callers in another, and nothing else on that network. */
export interface RoomHouse {
  /** For `firstword agent` and `firstword call`. */
  readonly env: NodeJS.ProcessEnv;
  /** What to put before a command for it to run with the server, or where the callers are. */
  readonly atServer: readonly string[];
  readonly atCaller: readonly string[];
  close(): Promise<void>;
}

/** Makes the two networks and starts the server. */
export async function openRoomHouse(): Promise<RoomHouse> {
  const binary = serverBinary();
  const [server, caller] = [`fw-server-${process.pid}`, `fw-caller-${process.pid}`];
  const dir = mkdtempSync(join(tmpdir(), 'firstword-room-'));
  const tearDown = () => {
    for (const name of [server, caller]) spawnSync('ip', ['netns', 'del', name]);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (const name of [server, caller]) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    ip('-n', server, 'link', 'add', 'fw0', 'type', 'veth', 'peer', 'name', 'fw1', 'netns', caller);
    ip('-n', server, 'addr', 'add', `${SERVER_IP}/24`, 'dev', 'fw0');
    ip('-n', caller, 'addr', 'add', `${CALLER_IP}/24`, 'dev', 'fw1');
    ip('-n', server, 'link', 'set', 'fw0', 'up');
    ip('-n', caller, 'link', 'set', 'fw1', 'up');
  } catch (error) {
    tearDown();
    throw error;
  }
  const config = join(dir, 'livekit.yaml');
  writeFileSync(
    config,
    [
      `port: ${PORT}`,
      'rtc:',
      `  node_ip: ${SERVER_IP}`,
      '  use_external_ip: false',
      `  tcp_port: ${PORT + 1}`,
      `  udp_port: ${PORT + 2}`,
      `keys: { ${KEY}: ${SECRET} }`,
      'logging: { level: error }',
    ].join('\n'),
  );
  const child = spawn('ip', ['netns', 'exec', server, binary, '--config', config], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGKILL');
    await gone;
    tearDown();
  };
  const answers = () =>
    has('ip', 'netns', 'exec', caller, 'bash', '-c', `echo > /dev/tcp/${SERVER_IP}/${PORT}`);
  for (let tries = 0; !answers(); tries += 1) {
    if (tries === 100 || child.exitCode !== null) {
      await close();
      throw new Error(`livekit-server did not come up: try ${binary} --config FILE by hand`);
    }
    await sleep(100);
  }
  return {
    env: {
      LIVEKIT_URL: `ws://${SERVER_IP}:${PORT}`,
      LIVEKIT_API_KEY: KEY,
      LIVEKIT_API_SECRET: SECRET,
    },
    atServer: ['ip', 'netns', 'exec', server],
    atCaller: ['ip', 'netns', 'exec', caller],
    close,
  };
}
