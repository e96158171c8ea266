import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, tail } from './process.js';

const DECLARED = fileURLToPath(new URL('../tools/', import.meta.url));
/** Longest time for the first installation of the tools (200 MB to download), ms. */
const INSTALLED_WITHIN_MS = 600_000;

/** The reason why the suite cannot run here. */
export class CannotRun extends Error {}

/** Folders that the suite keeps between runs. */
export interface KeptFolders {
  /** `node_modules` of `tests/install/tools`. */
  tools: string;
  /** Caches of the package managers. */
  caches: string;
}

/**
 * The environment of a process that may use this machine's own npm configuration. `npm run` passes its own options on as
 * variables; a child must not take them for its own.
 */
export function machineEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_|^NODE_OPTIONS$|^VITEST|^NODE_ENV$|^INIT_CWD$/i.test(name),
    ),
  );
}

/**
 * Installs the registry, the package managers and the versions of Node once, into the user's cache folder.
 * @throws CannotRun without a package registry
 */
export async function keptFolders(): Promise<KeptFolders> {
  const lock = readFileSync(join(DECLARED, 'package-lock.json'));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const kept = join(cache, 'firstword', 'install-suite');
  const folder = join(kept, `tools-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  const done = join(folder, 'ready');
  const caches = join(kept, 'caches');
  mkdirSync(caches, { recursive: true });
  if (existsSync(done)) return { tools: join(folder, 'node_modules'), caches };
  console.log(`  installing verdaccio, pnpm, yarn and three versions of Node (600 MB) into ${folder} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(DECLARED, name), join(folder, name));
  const options = { cwd: folder, env: machineEnv(), withinMs: INSTALLED_WITHIN_MS };
  const installed = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options).catch(
    (error: Error) => {
      throw new CannotRun(error.message);
    },
  );
  if (installed.code !== 0) throw new CannotRun(tail(installed));
  writeFileSync(done, '');
  return { tools: join(folder, 'node_modules'), caches };
}

/** Folder of the `node` command of a major version, for `PATH`; undefined if npm has none for this platform. */
export function nodeFolder(tools: string, major: number): string | undefined {
  const node = join(tools, `node${major}`, 'bin', 'node');
  return existsSync(node) ? dirname(node) : undefined;
}
