import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir } from '@firstword/turn/store';

const run = promisify(execFile);
const SCRIPTS = fileURLToPath(new URL('./', import.meta.url));

/** Longest time for one installation: a slow network must not block the suites after this one. */
const INSTALL_LIMIT_MS = 600_000;
/** Longest time of one script. */
const SCRIPT_LIMIT_MS = 120_000;

/** The results of a script, by scenario. */
export type ClientResults = Record<string, unknown>;

/** A client library that is installed on this machine. */
export interface InstalledClient {
  /** Runs its script against a base URL. @throws if the script prints no results */
  run(baseUrl: string, scenarios?: readonly string[], env?: NodeJS.ProcessEnv): Promise<ClientResults>;
  /** Runs a program of a page. Returns what it prints. */
  runCode(code: string): Promise<string>;
}

/** Why a client cannot be installed here. */
export class NotInstalled extends Error {}

const folderFor = (name: string, packages: readonly string[]) => {
  const hash = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12);
  return join(cacheDir(), 'client-suite', `${name}-${hash}`);
};

/** Fills a folder once. A folder whose installation did not end is filled again. */
async function installOnce(folder: string, what: string, install: () => Promise<void>): Promise<void> {
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return;
  console.log(`installing ${what} into ${folder} …`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await install();
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new NotInstalled((stderr || message).trim().split('\n').slice(-3).join(' '));
  }
  await writeFile(ready, '');
}

async function output(
  file: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const limits = { timeout: SCRIPT_LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 32 * 1024 * 1024 } as const;
  return (await run(file, args, { ...options, ...limits })).stdout;
}

const resultsIn = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1)!) as ClientResults;

/**
 * Packages from PyPI in a virtual environment, and the script that uses them.
 * @throws NotInstalled without Python or a package registry
 */
export async function pythonClient(options: {
  name: string;
  script: string;
  packages: readonly string[];
}): Promise<InstalledClient> {
  const { name, script, packages } = options;
  const folder = folderFor(name, packages);
  const limit = { timeout: INSTALL_LIMIT_MS };
  await installOnce(folder, packages.join(', '), async () => {
    await run('python3', ['-m', 'venv', folder], limit);
    const pip = ['install', '--quiet', '--disable-pip-version-check', ...packages];
    await run(join(folder, 'bin', 'pip'), pip, limit);
  });
  const python = join(folder, 'bin', 'python');
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '' };
  return {
    async run(baseUrl, scenarios = [], more = {}) {
      const args = [join(SCRIPTS, 'python', script), baseUrl, ...scenarios];
      return resultsIn(await output(python, args, { env: { ...env, ...more } }));
    },
    runCode: (code) => output(python, ['-c', code], { env }),
  };
}

/**
 * Packages from npm in a folder outside the repository, and the script that uses them.
 * @throws NotInstalled without a package registry
 */
export async function nodeClient(options: {
  name: string;
  script: string;
  packages: readonly string[];
}): Promise<InstalledClient> {
  const { name, script, packages } = options;
  const folder = folderFor(name, packages);
  await installOnce(folder, packages.join(', '), async () => {
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', ...packages];
    await run('npm', npm, { cwd: folder, timeout: INSTALL_LIMIT_MS });
  });
  // Node looks for packages beside the script, not in the working folder.
  for (const file of ['scenarios.mjs', script]) await cp(join(SCRIPTS, 'node', file), join(folder, file));
  return {
    async run(baseUrl, scenarios = [], more = {}) {
      const options = { cwd: folder, env: { ...process.env, ...more } };
      return resultsIn(await output(process.execPath, [script, baseUrl, ...scenarios], options));
    },
    runCode: (code) => output(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder }),
  };
}
