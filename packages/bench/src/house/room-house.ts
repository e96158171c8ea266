import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverBinary, succeeds } from './server-binary.js';

const SERVER_IP = '10.77.7.1';
const CALLER_IP = '10.77.7.2';
const PORT = 17_880;
const KEY = 'firstword-test';
const SECRET = 'a-secret-of-thirty-two-characters-or-more';

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

/** Two networks with a cable between them. Returns how to take them away. */
function layCable(server: string, caller: string): () => void {
  const remove = () => {
    for (const name of [server, caller]) spawnSync('ip', ['netns', 'del', name]);
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
    remove();
    throw error;
  }
  return remove;
}

const CONFIG = [
  `port: ${PORT}`,
  'rtc:',
  `  node_ip: ${SERVER_IP}`,
  '  use_external_ip: false',
  `  tcp_port: ${PORT + 1}`,
  `  udp_port: ${PORT + 2}`,
  `keys: { ${KEY}: ${SECRET} }`,
  'logging: { level: error }',
].join('\n');

/**
 * Makes the two networks and starts the server.
 * @throws Error where this machine cannot: ask `lacking()` before
 */
export async function openRoomHouse(): Promise<RoomHouse> {
  const binary = serverBinary();
  const [server, caller] = [`fw-server-${process.pid}`, `fw-caller-${process.pid}`];
  const removeCable = layCable(server, caller);
  const dir = mkdtempSync(join(tmpdir(), 'firstword-room-'));
  const config = join(dir, 'livekit.yaml');
  writeFileSync(config, CONFIG);
  const child = spawn('ip', ['netns', 'exec', server, binary, '--config', config], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGKILL');
    await gone;
    removeCable();
    rmSync(dir, { recursive: true, force: true });
  };
  const answers = () =>
    succeeds('ip', 'netns', 'exec', caller, 'bash', '-c', `echo > /dev/tcp/${SERVER_IP}/${PORT}`);
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
