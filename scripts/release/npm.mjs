// Questions to npm, answered by its own command line, so that the user's npm configuration counts.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const shell = process.platform === 'win32';
const BUFFER_BYTES = 256 * 1024 * 1024;
/** A registry that does not answer must not hold up a dry run. */
const ASK_ONCE = ['--fetch-retries=0', '--fetch-timeout=10000'];

/** Runs npm in the foreground. Resolves with its exit code. */
export function npm(...args) {
  return new Promise((resolve, reject) => {
    spawn('npm', args, { stdio: 'inherit', shell })
      .once('error', reject)
      .once('close', (code) => resolve(code ?? 1));
  });
}

/** What npm prints with `--json`. */
export async function npmJson(...args) {
  const { stdout } = await run('npm', [...args, '--json'], { maxBuffer: BUFFER_BYTES, shell });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

/** The manifests of all workspaces, with their `location`. */
export const workspacesOf = () => npmJson('query', '.workspace');

/** Those of the packages that are published. */
export const packagesOf = (workspaces) =>
  workspaces.filter(({ location }) => location.startsWith('packages/'));

/** Packs packages into a folder, as `npm publish` would. Returns what npm says of each tarball. */
export async function packInto(folder, packages) {
  const named = packages.flatMap(({ name }) => ['-w', name]);
  const packed = await npmJson('pack', '--pack-destination', folder, '--foreground-scripts=false', ...named);
  // An array, or an object by name, as npm versions differ.
  return Object.values(packed);
}

/** Hosts of the registries that this machine uses, except npm's public one. */
export async function registryHosts() {
  const config = await npmJson('config', 'list');
  return Object.entries(config)
    .filter(([key]) => /(^|:)registry$/.test(key))
    .map(([, url]) => new URL(url).host)
    .filter((host) => host !== 'registry.npmjs.org');
}

/**
 * Whether the registry has this version: `new`, `unchanged` (with the same content), `published with other content`, or
 * `unknown (…)` where the registry cannot be asked.
 */
export async function registryState({ name, version, integrity }) {
  try {
    const published = await npmJson('view', `${name}@${version}`, 'dist.integrity', ...ASK_ONCE);
    if (published === undefined) return 'new';
    return published === integrity ? 'unchanged' : 'published with other content';
  } catch (error) {
    const code = codeOf(error.stdout);
    return code === 'E404' ? 'new' : `unknown (${code})`;
  }
}

function codeOf(stdout) {
  try {
    return JSON.parse(stdout).error.code;
  } catch {
    return 'npm view failed';
  }
}
