import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addLink, addNamespace, addRoute, removeAbandonedNamespaces, removeNamespace } from './network.js';
import type { LinkFaults, RelayOptions } from './relay.js';
import { serverBinary, succeeds } from './server-binary.js';

const SERVER_IP = '10.77.7.1';
/** The other end of the server's link: the caller, or the relay if there is one. */
const NEXT_IP = '10.77.7.2';
/** The caller's side of the relay. Callers use it as the server's address. */
const RELAY_IP = '10.77.8.1';
const FAR_CALLER_IP = '10.77.8.2';
const PORT = 17_880;
const UDP_PORT = PORT + 2;
const KEY = 'firstword-test';
const SECRET = 'a-secret-of-thirty-two-characters-or-more';
const RELAY = fileURLToPath(new URL('./relay-child.js', import.meta.url));

/** A LiveKit server in one network namespace, where agents run too, and a second namespace for the callers. */
export interface RoomTestbed {
  /** Environment of `firstword agent`. */
  readonly env: NodeJS.ProcessEnv;
  /** Environment of `firstword call`, with the server's address for callers. */
  readonly callerEnv: NodeJS.ProcessEnv;
  /** Command prefix that runs a command in the server's namespace. */
  readonly atServer: readonly string[];
  /** Command prefix that runs a command in the callers' namespace. */
  readonly atCaller: readonly string[];
  /** Ends the server and removes the namespaces. */
  close(): Promise<void>;
}

/** Options of `openRoomTestbed`. */
export interface RoomTestbedOptions {
  /** Impairments of the link between callers and server; none by default. */
  link?: LinkFaults | undefined;
}

let testbedCount = 0;

/** The network namespaces, and the relay between them. */
class Networks {
  readonly #id = `${process.pid}-${++testbedCount}`;
  readonly server = `fw-server-${this.#id}`;
  readonly caller = `fw-caller-${this.#id}`;
  readonly link = `fw-link-${this.#id}`;
  /** The server's address for callers. */
  readonly serverForCallers: string;
  readonly #faults: LinkFaults | undefined;
  #relay: ChildProcess | undefined;

  constructor(faults: LinkFaults | undefined) {
    this.#faults = faults;
    this.serverForCallers = faults ? RELAY_IP : SERVER_IP;
  }

  async make(): Promise<void> {
    removeAbandonedNamespaces();
    for (const name of this.#names) addNamespace(name);
    const atServer = { network: this.server, device: 'fw0', address: `${SERVER_IP}/24` };
    const atCaller = { network: this.caller, device: 'fw3' };
    if (!this.#faults) {
      addLink(atServer, { ...atCaller, address: `${NEXT_IP}/24` });
      return;
    }
    addLink(atServer, { network: this.link, device: 'fw1', address: `${NEXT_IP}/24` });
    addLink(
      { network: this.link, device: 'fw2', address: `${RELAY_IP}/24` },
      { ...atCaller, address: `${FAR_CALLER_IP}/24` },
    );
    // The server announces a single address, the relay's. So agents also pass through the relay, without impairments.
    addRoute(this.server, RELAY_IP, NEXT_IP);
    await this.#startRelay(this.#faults);
  }

  /** Ends the relay and removes the namespaces. */
  async remove(): Promise<void> {
    if (this.#relay) await killed(this.#relay);
    for (const name of this.#names) removeNamespace(name);
  }

  get #names(): string[] {
    return [this.server, this.caller, ...(this.#faults ? [this.link] : [])];
  }

  async #startRelay(faults: LinkFaults): Promise<void> {
    const options: Omit<RelayOptions, 'clock'> = {
      ...faults,
      host: RELAY_IP,
      bypassAddress: SERVER_IP,
      tcpPort: PORT,
      udpPort: UDP_PORT,
      to: { host: SERVER_IP, tcpPort: PORT, udpPort: UDP_PORT },
    };
    const [command, ...rest] = inNetwork(this.link, process.execPath, RELAY, JSON.stringify(options));
    this.#relay = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ready = once(this.#relay.stdout!, 'data').then(() => true);
    const exited = once(this.#relay, 'exit').then(() => false);
    if (!(await Promise.race([ready, exited])))
      throw new Error('the relay between callers and server did not start');
  }
}

const inNetwork = (network: string, ...command: string[]) => ['ip', 'netns', 'exec', network, ...command];

/** Kills a process and waits until it has exited. */
async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
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
  const [probeCommand, ...probeArgs] = inNetwork(networks.server, 'bash', '-c', probe);
  for (let tries = 0; !succeeds(probeCommand!, ...probeArgs); tries += 1) {
    if (tries === 100 || child.exitCode !== null) {
      await killed(child);
      throw new Error(`livekit-server did not start: run ${binary} --config FILE by hand to see why`);
    }
    await sleep(100);
  }
  return child;
}

/**
 * Creates the namespaces and starts the server.
 * @throws Error if this machine does not meet the requirements; check `missingRequirement()` first
 */
export async function openRoomTestbed(options: RoomTestbedOptions = {}): Promise<RoomTestbed> {
  const binary = serverBinary();
  const networks = new Networks(options.link);
  const dir = mkdtempSync(join(tmpdir(), 'firstword-room-'));
  let server: ChildProcess | undefined;
  const close = async () => {
    if (server) await killed(server);
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
