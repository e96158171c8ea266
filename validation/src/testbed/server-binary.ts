import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Newest version that builds from the Go module proxy (2026-11-23). 1.13.11 needs a golang.org/x/exp that is not there. */
const SERVER_VERSION = 'v1.9.12';
const MODULE = 'github.com/livekit/livekit-server';

/** Whether a command exits with 0. */
export const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** The requirement of the room testbed that this machine does not meet, as text; `undefined` if it meets all. */
export function missingRequirement(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !succeeds('ip', '-V')) {
    return 'creating network namespaces needs Linux, root and ip (Debian: iproute2), or Docker (docs/room.md)';
  }
  if (!mayMakeNetworks()) {
    return 'creating network namespaces is not permitted; a container needs --privileged (docs/room.md)';
  }
  if (process.env.LIVEKIT_SERVER || existsSync(cached()) || succeeds('go', 'version')) return undefined;
  return 'livekit-server is missing: set LIVEKIT_SERVER to its path, or install Go to build it (docs/room.md)';
}

/** Tries it, because root in a container often lacks the permission. */
function mayMakeNetworks(): boolean {
  const name = `fw-probe-${process.pid}`;
  return succeeds('ip', 'netns', 'add', name) && succeeds('ip', 'netns', 'del', name);
}

function cached(): string {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(caches, 'firstword', `livekit-server-${SERVER_VERSION}`);
}

/**
 * Path of the server's binary: LIVEKIT_SERVER, or a cached build. The first call builds it from its Go module, which takes
 * minutes and 70 MB in the cache folder.
 */
export function serverBinary(): string {
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
