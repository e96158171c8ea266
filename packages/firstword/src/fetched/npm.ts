import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { killWithProcess } from '../stop-signal.js';

/** What `findNpm` looks at; injected in tests. */
export interface NpmPlaces {
  env: NodeJS.ProcessEnv;
  execPath: string;
  /** The file behind a path and its links; `undefined` if there is none. */
  real(path: string): string | undefined;
}

const HERE: NpmPlaces = {
  env: process.env,
  execPath: process.execPath,
  real: (path) => (existsSync(path) ? realpathSync(path) : undefined),
};

/**
 * npm's own script, `npm-cli.js`: of the npm that runs this command, else beside the running node, else the `npm` on
 * PATH. A script, not `npm.cmd`: node runs it on every platform without a shell. `undefined` if there is no npm.
 */
export function findNpm({ env, execPath, real }: NpmPlaces = HERE): string | undefined {
  const running = env.npm_execpath ?? '';
  const bin = dirname(execPath);
  const inFolder = (dir: string) => join(dir, 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const candidates = [
    // yarn and pnpm set the variable too, to scripts of their own; npx is npm's.
    ...(/^np[mx]-cli\.js$/.test(basename(running)) ? [join(dirname(running), 'npm-cli.js')] : []),
    inFolder(join(bin, '..', 'lib')),
    inFolder(bin),
    ...(env.PATH ?? env.Path ?? '').split(delimiter).flatMap((dir) => [join(dir, 'npm'), inFolder(dir)]),
  ];
  for (const candidate of candidates) {
    const file = real(candidate);
    if (file && basename(file) === 'npm-cli.js') return file;
  }
  return undefined;
}

/** Settings of the npm or npx above us, or of the user's project, that would install something else or somewhere else. */
const NOT_OURS =
  /^npm_config_(workspaces?|include_workspace_root|global|location|prefix|local_prefix|package|call|omit|include|only|production|optional|dry_run|package_lock|package_lock_only|install_strategy|legacy_bundling|global_style|json|loglevel|allow_scripts)$/i;

/**
 * The environment for our `npm install`: the user's, with its registry, proxy and certificates. npm and npx pass what
 * they read from .npmrc files on in `npm_config_…` variables.
 */
export function npmEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_OURS.test(name)));
}

/**
 * Arguments of our `npm install` in the folder `prefix`. `--omit=dev`, `--include=optional` and the like repeat
 * npm's defaults, because the user's .npmrc may set something else: without optional dependencies, LiveKit has no native code.
 */
export function npmArgs(prefix: string): string[] {
  return [
    'install',
    `--prefix=${prefix}`,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-global',
    '--no-dry-run',
    '--omit=dev',
    '--include=optional',
    '--include=prod',
    '--include=peer',
    '--install-strategy=hoisted',
    // One line on stderr for each request: the progress.
    '--loglevel=http',
  ];
}

/** How a run of npm ended. */
export interface NpmResult {
  /** `undefined` if it was stopped by `signal`. */
  exitCode: number | undefined;
  /** The last part of what it wrote to stderr. */
  stderr: string;
}

const KEPT_CHARACTERS = 20_000;
/** npm repeats each of several hundred requests three times: minutes in which a registry or proxy that is not there stays untold. */
const SECOND_FAILURE = /npm http fetch \S+ \S+ attempt 2 failed with /;

/** Runs npm. `onRequest` is called for each answer of the registry. Resolves when npm has ended, stopped or not. */
export function runNpm(options: {
  npm: string;
  prefix: string;
  signal: AbortSignal;
  onRequest(): void;
}): Promise<NpmResult> {
  const { npm, prefix, signal, onRequest } = options;
  return new Promise((resolve, reject) => {
    // The user's own folder stays the current one: relative paths in npm's settings start there.
    const child = spawn(process.execPath, [npm, ...npmArgs(prefix)], {
      env: npmEnv(process.env),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    killWithProcess(child);
    let stderr = '';
    let isReached = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT_CHARACTERS);
      for (const _ of text.matchAll(/npm http fetch GET 200 /g)) {
        isReached = true;
        onRequest();
      }
      if (!isReached && SECOND_FAILURE.test(stderr)) child.kill();
    });
    const stop = () => child.kill();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve({ exitCode: signal.aborted ? undefined : (code ?? 1), stderr });
    });
  });
}
