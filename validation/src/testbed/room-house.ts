import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addRoute, layCable, makeNetwork, removeAbandoned, removeNetwork } from './network.js';
import type { LineFaults, RelayOptions } from './relay.js';
import { serverBinary, succeeds } from './server-binary.js';

const SERVER_IP = '10.77.7.1';
/** At the other end of the server's cable: the caller, or the relay … */
const NEXT_IP = '10.77.7.2';
/** … whose other side is the server, as far as a caller can see. */
const RELAY_IP = '10.77.8.1';
const FAR_CALLER_IP = '10.77.8.2';
const PORT = 17_880;
const UDP_PORT = PORT + 2;
const KEY = 'firstword-test';
const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const RELAY = fileURLToPath(new URL('./relay-child.js', import.meta.url));

/** A LiveKit server and its agents in one network namespace, callers in another, and nothing else on that network. */
export interface RoomHouse {
  /** For `firstword agent`. */
  readonly env: NodeJS.ProcessEnv;
  /** For `firstword call`: where the server is from there. */
  readonly callerEnv: NodeJS.ProcessEnv;
  /** What to put before a command for it to run with the server, or where the callers are. */
  readonly atServer: readonly string[];
  readonly atCaller: readonly string[];
  close(): Promise<void>;
}

export interface RoomHouseOptions {
  /** The callers' line to the server is this long and bad; a short cable unless told. */
  line?: LineFaults | undefined;
}

let houses = 0;

/** The networks, and what has to run in them. */
class Networks {
  readonly #id = `${process.pid}-${++houses}`;
  readonly server = `fw-server-${this.#id}`;
  readonly caller = `fw-caller-${this.#id}`;
  readonly line = `fw-line-${this.#id}`;
  /** Where callers find the server. */
  readonly serverForCallers: string;
  readonly #faults: LineFaults | undefined;
  #relay: ChildProcess | undefined;

  constructor(faults: LineFaults | undefined) {
    this.#faults = faults;
    this.serverForCallers = faults ? RELAY_IP : SERVER_IP;
  }

  async make(): Promise<void> {
    removeAbandoned();
    for (const name of this.#names) makeNetwork(name);
    const atServer = { network: this.server, device: 'fw0', address: `${SERVER_IP}/24` };
    const atCaller = { network: this.caller, device: 'fw3' };
    if (!this.#faults) {
      layCable(atServer, { ...atCaller, address: `${NEXT_IP}/24` });
      return;
    }
    layCable(atServer, { network: this.line, device: 'fw1', address: `${NEXT_IP}/24` });
    layCable(
      { network: this.line, device: 'fw2', address: `${RELAY_IP}/24` },
      { ...atCaller, address: `${FAR_CALLER_IP}/24` },
    );
    // The server tells everybody one address, the relay's. Agents go there and back, too, and are spared.
    addRoute(this.server, RELAY_IP, NEXT_IP);
    await this.#startRelay(this.#faults);
  }

  /** Takes away what there is of them. */
  async remove(): Promise<void> {
    if (this.#relay) await ended(this.#relay);
    for (const name of this.#names) removeNetwork(name);
  }

  get #names(): string[] {
    return [this.server, this.caller, ...(this.#faults ? [this.line] : [])];
  }

  async #startRelay(faults: LineFaults): Promise<void> {
    const options: Omit<RelayOptions, 'clock'> = {
      ...faults,
      host: RELAY_IP,
      spared: SERVER_IP,
      tcpPort: PORT,
      udpPort: UDP_PORT,
      to: { host: SERVER_IP, tcpPort: PORT, udpPort: UDP_PORT },
    };
    const [command, ...rest] = inNetwork(this.line, process.execPath, RELAY, JSON.stringify(options));
    this.#relay = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    const up = once(this.#relay.stdout!, 'data').then(() => true);
    const gone = once(this.#relay, 'exit').then(() => false);
    if (!(await Promise.race([up, gone])))
      throw new Error('the relay between callers and server did not start');
  }
}

const inNetwork = (network: string, ...command: string[]) => ['ip', 'netns', 'exec', network, ...command];

/** Kills it, and waits until it is gone. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const config = (nodeIp: string) =>
  [
    `port: ${PORT}`,
    'rtc:',
    `  node_ip: ${nodeIp}`,
    '  use_external_ip: false',
    `  tcp_port: ${PORT + 1}`,
    `  udp_port: ${UDP_PORT}`,
    `keys: { ${KEY}: ${SECRET} }`,
    'logging: { level: error }',
  ].join('\n');

const envAt = (ip: string): NodeJS.ProcessEnv => ({
  LIVEKIT_URL: `ws://${ip}:${PORT}`,
  LIVEKIT_API_KEY: KEY,
  LIVEKIT_API_SECRET: SECRET,
});

async function startServer(networks: Networks, binary: string, dir: string): Promise<ChildProcess> {
  const path = join(dir, 'livekit.yaml');
  writeFileSync(path, config(networks.serverForCallers));
  const [command, ...rest] = inNetwork(networks.server, binary, '--config', path);
  const child = spawn(command!, rest, { stdio: 'ignore' });
  const probe = `echo > /dev/tcp/${SERVER_IP}/${PORT}`;
  const [asks, ...how] = inNetwork(networks.server, 'bash', '-c', probe);
  for (let tries = 0; !succeeds(asks!, ...how); tries += 1) {
    if (tries === 100 || child.exitCode !== null) {
      await ended(child);
      throw new Error(`livekit-server did not come up: try ${binary} --config FILE by hand`);
    }
    await sleep(100);
  }
  return child;
}

/**
 * Makes the networks and starts the server.
 * @throws Error where this machine cannot: ask `lacking()` before
 */
export async function openRoomHouse(options: RoomHouseOptions = {}): Promise<RoomHouse> {
  const binary = serverBinary();
  const networks = new Networks(options.line);
  const dir = mkdtempSync(join(tmpdir(), 'firstword-room-'));
  let server: ChildProcess | undefined;
  const close = async () => {
    if (server) await ended(server);
    await networks.remove();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await networks.make();
    server = await startServer(networks, binary, dir);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    env: envAt(SERVER_IP),
    callerEnv: envAt(networks.serverForCallers),
    atServer: inNetwork(networks.server),
    atCaller: inNetwork(networks.caller),
    close,
  };
}
