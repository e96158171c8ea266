import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Of what this house makes, with the number of the process that made it. */
const OURS = /^fw-(?:server|caller|line)-(\d+)-\d+$/;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** One end of a cable: a network namespace, the interface there, and its address with the length of its prefix. */
export interface CableEnd {
  network: string;
  device: string;
  address: string;
}

export function makeNetwork(name: string): void {
  ip('netns', 'add', name);
  ip('-n', name, 'link', 'set', 'lo', 'up');
}

export function layCable(one: CableEnd, other: CableEnd): void {
  ip(
    ...['-n', one.network, 'link', 'add', one.device, 'type', 'veth'],
    ...['peer', 'name', other.device, 'netns', other.network],
  );
  for (const { network, device, address } of [one, other]) {
    ip('-n', network, 'addr', 'add', address, 'dev', device);
    ip('-n', network, 'link', 'set', device, 'up');
  }
}

/** From that network on, an address is found by way of another one. */
export function addRoute(network: string, address: string, via: string): void {
  ip('-n', network, 'route', 'add', `${address}/32`, 'via', via);
}

export function removeNetwork(name: string): void {
  spawnSync('ip', ['netns', 'del', name]);
}

/** Takes away what a run left behind that was killed before it could do so itself: its networks, and what runs in them. */
export function removeAbandoned(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ');
    const maker = OURS.exec(name)?.[1];
    if (maker === undefined || existsSync(`/proc/${maker}`)) continue;
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) endProcess(Number(pid));
    removeNetwork(name);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
