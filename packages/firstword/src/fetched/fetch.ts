import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { runNpm as realNpm, type runNpm } from './npm.js';
import { noNpm, npmFailure, unwritableCache } from './npm-failure.js';
import { manifestOf, type PackageSet } from './package-set.js';
import { markComplete, stateOfTree } from './tree.js';

/** Options of `fetchTree`. */
export interface FetchOptions {
  set: PackageSet;
  version: string;
  /** Where the tree goes (`treeDir`). */
  dir: string;
  /** npm's script; `undefined` if there is none. */
  npm: string | undefined;
  /** The .npmrc of the user's project, which npm would not read in another folder. */
  npmrc: string | undefined;
  signal: AbortSignal;
  /** Called for each answer of the registry. */
  onRequest(): void;
  /** Injected in tests. */
  runNpm?: typeof runNpm;
}

const TEMPORARY = 'fetching-';
/** Temporary folders that are older were left by a process that was killed, ms. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/**
 * Fetches a set of packages into its folder. npm installs into a temporary folder beside it, which is renamed when it is
 * complete: whoever looks at the folder sees a whole tree or none, whatever is interrupted and however many run at once.
 * @throws FirstwordError that says what to do; `aborted` on the signal
 */
export async function fetchTree(options: FetchOptions): Promise<void> {
  const { set, version, dir, npm, signal, runNpm = realNpm } = options;
  if (npm === undefined) throw noNpm(set, version);
  const temporary = await prepare(options);
  try {
    const { exitCode, stderr } = await runNpm({
      npm,
      prefix: temporary,
      signal,
      onRequest: options.onRequest,
    });
    if (exitCode === undefined) throw new FirstwordError('aborted', 'stopped before everything was fetched');
    if (exitCode !== 0) throw npmFailure(set, { stderr, folder: dirname(dir) });
    // It may hold the user's tokens.
    await rm(join(temporary, '.npmrc'), { force: true });
    await removeOtherPlatforms(temporary);
    await markComplete(temporary, set, version);
    await moveInto(temporary, dir);
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes the temporary folder with the manifest that npm installs. */
async function prepare({ set, version, dir, npmrc }: FetchOptions): Promise<string> {
  const parent = dirname(dir);
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await removeAbandoned(parent);
    const temporary = await mkdtemp(join(parent, TEMPORARY));
    await writeFile(join(temporary, 'package.json'), manifestOf(set, version));
    if (npmrc !== undefined) {
      const link = join(temporary, '.npmrc');
      // A link leaves no tokens behind if the process is killed. Windows allows it to administrators only.
      await symlink(npmrc, link).catch(() => copyFile(npmrc, link));
    }
    return temporary;
  } catch (error) {
    throw unwritableCache(parent, error as NodeJS.ErrnoException);
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/** onnxruntime-node brings 211 MB of libraries for five platforms; this one needs 35 of them. */
async function removeOtherPlatforms(dir: string): Promise<void> {
  const bin = join(dir, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
  const names = async (path: string) => (await readdir(path).catch(() => [])) as string[];
  for (const platform of await names(bin)) {
    for (const arch of await names(join(bin, platform))) {
      if (platform === process.platform && arch === process.arch) continue;
      await rm(join(bin, platform, arch), { recursive: true, force: true });
    }
  }
}

/** Puts the complete tree in place. Another process may have done so meanwhile: then its tree is kept. */
async function moveInto(temporary: string, dir: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await rename(temporary, dir);
      return;
    } catch (error) {
      if ((await stateOfTree(dir)) === 'complete') return;
      if (tries === 2) throw unwritableCache(dir, error as NodeJS.ErrnoException);
      // A damaged tree is in the way. Moved first, because another process may look at it while it is deleted.
      const old = join(dirname(dir), `${TEMPORARY}old-${basename(dir)}-${process.pid}`);
      await rename(dir, old).catch(() => {});
      await rm(old, { recursive: true, force: true });
    }
  }
}
