import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FirstwordError } from '@firstword/turn';
import { cacheDir } from '@firstword/turn/store';
import { stopSignal, unwatchSignals } from '../stop-signal.js';
import { countSeconds } from '../terminal/count-seconds.js';
import { fetchTree } from './fetch.js';
import { missingPackages } from './missing.js';
import { findNpm } from './npm.js';
import type { PackageSet } from './package-set.js';
import { stateOfTree, treeDir, treeMain } from './tree.js';

const HERE = fileURLToPath(import.meta.url);

/** How one command line runs. */
export interface RunContext {
  /** Arguments without node and script. */
  args: string[];
  version: string;
  /** The fetched tree that this module is in; absent in a normal installation. */
  fetchedDir?: string | undefined;
}

/** Entry of a fetched tree: `run` of its `main.js`. */
interface FetchedMain {
  run(args: string[], options: { fetchedDir: string }): Promise<void>;
}

/**
 * Runs the command from a fetched tree if this installation lacks packages that it needs, and fetches that tree first if
 * it is not there. Returns false, having done nothing, if nothing is missing: the caller then runs the command itself.
 * @throws FirstwordError that says what to do
 */
export async function runFetched(set: PackageSet, context: RunContext): Promise<boolean> {
  const { args, version, fetchedDir } = context;
  const missing = missingPackages(set, { version, from: HERE });
  if (missing.length === 0) return false;
  if (fetchedDir !== undefined) {
    throw new FirstwordError(
      'internal',
      `${fetchedDir} lacks ${missing.join(', ')}: delete the folder, and try again.`,
    );
  }
  if (set.install !== undefined) throw new FirstwordError('bad_input', set.install);
  const dir = treeDir(cacheDir(), set, version);
  const state = await stateOfTree(dir);
  if (state !== 'complete') {
    if (state !== 'absent')
      process.stderr.write(`${dir} is damaged (${state.damaged}) and is fetched again.\n`);
    await fetchWithProgress(set, { dir, version });
  }
  const { run } = (await import(pathToFileURL(treeMain(dir)).href)) as FetchedMain;
  if (stopSignal().aborted) return true;
  // The tree has its own copy of the module that handles signals.
  unwatchSignals();
  await run(args, { fetchedDir: dir });
  return true;
}

/** The project's .npmrc: in the nearest folder that npm takes for a project's. */
export function projectNpmrc(
  from: string,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (exists(join(dir, 'package.json')) || exists(join(dir, 'node_modules'))) {
      const file = join(dir, '.npmrc');
      return exists(file) ? file : undefined;
    }
    if (dir === dirname(dir)) return undefined;
  }
}

/** What is said before the download. */
export function announcement(set: PackageSet, dir: string): string {
  return `This command needs ${set.what}. npm fetches it once: about ${set.downloadMb} MB to download, ${set.diskMb} MB in ${dir}`;
}

/**
 * Fetches with a progress line.
 * @throws FirstwordError `aborted` if Ctrl-C stopped it; then nothing is left
 */
async function fetchWithProgress(
  set: PackageSet,
  { dir, version }: { dir: string; version: string },
): Promise<void> {
  let requests = 0;
  const onRequest = () => {
    requests += 1;
  };
  process.stderr.write(`${announcement(set, dir)}\n`);
  const npmrc = projectNpmrc(process.cwd());
  const { seconds } = await countSeconds(
    (elapsed) => `Fetching … ${requests} requests, ${elapsed} s`,
    () => fetchTree({ set, version, dir, npm: findNpm(), npmrc, signal: stopSignal(), onRequest }),
  );
  process.stderr.write(`Fetched in ${seconds} s. It works offline from now on.\n`);
}
