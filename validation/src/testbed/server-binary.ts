import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The newest that builds from the Go module proxy (2026-11-23): 1.13.11 asks for a golang.org/x/exp that is not there. */
const SERVER_VERSION = 'v1.9.12';
const MODULE = 'github.com/livekit/livekit-server';

export const succeeds = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** What this machine lacks to hold a room, in words for whoever asks for one; `undefined` where it lacks nothing. */
export function lacking(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !succeeds('ip', '-V')) {
    return 'it makes network namespaces, for which it needs Linux, root and ip (Debian: iproute2), or Docker (docs/room.md)';
  }
  if (!mayMakeNetworks()) {
    return 'it may not make network namespaces here: in a container, that takes --privileged (docs/room.md)';
  }
  if (process.env.LIVEKIT_SERVER || existsSync(cached()) || succeeds('go', 'version')) return undefined;
  return 'there is no livekit-server: name one in LIVEKIT_SERVER, or install Go, which builds it (docs/room.md)';
}

/** Root in a container often may not. */
function mayMakeNetworks(): boolean {
  const name = `fw-probe-${process.pid}`;
  return succeeds('ip', 'netns', 'add', name) && succeeds('ip', 'netns', 'del', name);
}

function cached(): string {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(caches, 'firstword', `livekit-server-${SERVER_VERSION}`);
}

/** Path of the server's binary, built from its Go module where nobody has yet: minutes, and 70 MB in the cache. */
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
