import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Result, removeFolder, run, tail, temporaryFolder } from './process.js';
import type { InstallSetup } from './setup.js';
import { nodeFolder } from './tools.js';

const PROJECTS = fileURLToPath(new URL('../projects/', import.meta.url));
const COMMAND_WITHIN_MS = 240_000;

/** The package managers of the suite. */
export type Manager = 'npm' | 'pnpm' | 'yarn' | 'berry';

/** A project outside the repository, with a home folder of its own. */
export interface Project {
  folder: string;
  /** Runs a command in the project, by a version of Node: its major, or this process's. */
  run(command: string, args: readonly string[], options?: { node?: number | undefined }): Promise<Result>;
  /** The same, for a command that must succeed. */
  succeed(command: string, args: readonly string[], options?: { node?: number | undefined }): Promise<Result>;
  /** Runs a package manager. */
  manager(args: readonly string[]): Promise<Result>;
  npm(...args: string[]): Promise<Result>;
  write(path: string, text: string): void;
  read(path: string): string;
  remove(): void;
}

/** Options of `createProject`. */
export interface ProjectOptions {
  setup: InstallSetup;
  /** For the folder's name. */
  name: string;
  manager?: Manager;
  /** What differs from an empty `package.json`. */
  manifest?: object;
  /** Keep downloads between runs. Default `true`. */
  cached?: boolean;
}

/** `PATH` as a new user has it: a version of Node and the system, no command of this repository. */
function pathWith(node: string | undefined): string {
  const own = (process.env.PATH ?? '').split(':').filter((entry) => !entry.includes('node_modules'));
  return [node ?? dirname(process.execPath), ...own].join(':');
}

/** The configuration that a user of this registry would have, and folders that do not depend on the user's home. */
function writeConfiguration(root: string, { setup, manager, cached = true }: ProjectOptions): void {
  const { registry, caches } = setup;
  const home = join(root, 'home');
  const folder = join(root, 'project');
  for (const path of [home, folder]) mkdirSync(path);
  const cache = `${manager === 'pnpm' ? 'store-dir' : 'cache'}=${join(caches, manager ?? 'npm')}`;
  const lines = ['audit=false', 'fund=false', 'update-notifier=false', ...(cached ? [cache] : [])];
  writeFileSync(join(home, '.npmrc'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, '.npmrc'), `registry=${registry}\n`);
  if (manager === 'yarn')
    writeFileSync(join(home, '.yarnrc'), `registry "${registry}"\ncache-folder "${join(caches, manager)}"\n`);
  if (manager === 'berry')
    writeFileSync(
      join(folder, '.yarnrc.yml'),
      [
        `npmRegistryServer: '${registry}'`,
        `unsafeHttpWhitelist: ['127.0.0.1']`,
        `cacheFolder: '${join(caches, manager)}'`,
        'nodeLinker: node-modules',
        'enableGlobalCache: false',
        'enableTelemetry: false',
        'enableImmutableInstalls: false',
        '',
      ].join('\n'),
    );
}

/** A folder outside the repository with a `package.json` and the registry's address, and nothing else. */
export function createProject(options: ProjectOptions): Project {
  const { setup, name, manager = 'npm', manifest } = options;
  const root = temporaryFolder(name);
  writeConfiguration(root, options);
  const folder = join(root, 'project');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  if (manifest)
    write('package.json', JSON.stringify({ name, version: '1.0.0', private: true, ...manifest }, null, 2));
  const commands: Record<Manager, [string, ...string[]]> = {
    npm: ['npm'],
    pnpm: [process.execPath, join(setup.tools, 'pnpm', 'bin', 'pnpm.cjs')],
    yarn: [process.execPath, join(setup.tools, 'yarn', 'bin', 'yarn.js')],
    berry: [process.execPath, join(setup.tools, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js')],
  };
  const runIn: Project['run'] = (command, args, { node } = {}) => {
    const path = pathWith(node === undefined ? undefined : nodeFolder(setup.tools, node));
    const env = { PATH: path, HOME: join(root, 'home'), LANG: 'C.UTF-8', TMPDIR: process.env.TMPDIR };
    return run(command, args, { cwd: folder, env, withinMs: COMMAND_WITHIN_MS });
  };
  const succeed: Project['succeed'] = async (...args) => {
    const result = await runIn(...args);
    if (result.code !== 0) throw new Error(tail(result));
    return result;
  };
  return {
    folder,
    run: runIn,
    succeed,
    manager: (args) => runIn(commands[manager][0], [...commands[manager].slice(1), ...args]),
    npm: (...args) => succeed('npm', args),
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    remove: () => removeFolder(root),
  };
}

/** Copies files of `projects/` into a folder of a project. In a project in JavaScript the types are stripped. */
export function addFiles(
  project: Project,
  names: readonly string[],
  { to = '.', as }: { to?: string; as: 'ts' | 'js' },
): void {
  for (const name of names) {
    const source = readFileSync(join(PROJECTS, `${name}.ts`), 'utf8');
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const text = as === 'ts' ? source : ts.transpileModule(source, { compilerOptions }).outputText;
    project.write(join(to, `${name}.${as}`), text);
  }
}
