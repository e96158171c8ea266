import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Names of the testbed's namespaces, with the id of the process that created them. */
const NAMESPACE_NAME = /^fw-(?:server|caller|link)-(\d+)-\d+$/;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** One end of a virtual link: network namespace, interface, and address with prefix length. */
export interface LinkEnd {
  network: string;
  device: string;
  address: string;
}

/** Adds a network namespace with a loopback interface. */
export function addNamespace(name: string): void {
  ip('netns', 'add', name);
  ip('-n', name, 'link', 'set', 'lo', 'up');
}

/** Connects two namespaces with a veth pair. */
export function addLink(one: LinkEnd, other: LinkEnd): void {
  ip(
    ...['-n', one.network, 'link', 'add', one.device, 'type', 'veth'],
    ...['peer', 'name', other.device, 'netns', other.network],
  );
  for (const { network, device, address } of [one, other]) {
    ip('-n', network, 'addr', 'add', address, 'dev', device);
    ip('-n', network, 'link', 'set', device, 'up');
  }
}

/** Adds a route in a namespace: `address` is reached via `via`. */
export function addRoute(network: string, address: string, via: string): void {
  ip('-n', network, 'route', 'add', `${address}/32`, 'via', via);
}

/** Removes a network namespace if it exists. */
export function removeNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name]);
}

/** Removes the namespaces of runs whose process was killed, and ends the processes in them. */
export function removeAbandonedNamespaces(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ');
    const creatorPid = NAMESPACE_NAME.exec(name)?.[1];
    if (creatorPid === undefined || existsSync(`/proc/${creatorPid}`)) continue;
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) endProcess(Number(pid));
    removeNamespace(name);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
