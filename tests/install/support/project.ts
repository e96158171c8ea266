import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Result, type Running, removeFolder, run, start, tail, temporaryFolder } from './process.js';
import type { InstallSetup } from './setup.js';
import { nodeFolder } from './tools.js';

const PROJECTS = fileURLToPath(new URL('../projects/', import.meta.url));
const COMMAND_WITHIN_MS = 240_000;

/** The package managers of the suite. */
export type Manager = 'npm' | 'pnpm' | 'yarn' | 'berry';

/** Options of `Project`. */
export interface ProjectOptions {
  setup: InstallSetup;
  /** For the folder's name. */
  name: string;
  manager?: Manager;
  /** What differs from an empty `package.json`. */
  manifest?: object;
  /** Major version of Node for every command that names none. Default: this process's. */
  node?: number;
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
        // Yarn 4 refuses a version that is younger than a day.
        'npmMinimalAgeGate: 0',
        'enableImmutableInstalls: false',
        '',
      ].join('\n'),
    );
}

/** A project outside the repository, with a home folder of its own. */
export class Project {
  readonly folder: string;
  /** The user's home folder. */
  readonly home: string;
  readonly #root: string;
  readonly #tools: string;
  readonly #node: number | undefined;
  readonly #manager: readonly [command: string, ...args: string[]];

  /** A folder with a `package.json` and the registry's address, and nothing else. */
  constructor(options: ProjectOptions) {
    const { setup, name, manager = 'npm', manifest } = options;
    this.#root = temporaryFolder(name);
    this.#tools = setup.tools;
    this.#node = options.node;
    this.folder = join(this.#root, 'project');
    this.home = join(this.#root, 'home');
    const byNode = (...path: string[]) => ['node', join(setup.tools, ...path)] as const;
    this.#manager = {
      npm: ['npm'] as const,
      pnpm: byNode('pnpm', 'bin', 'pnpm.cjs'),
      yarn: byNode('yarn', 'bin', 'yarn.js'),
      berry: byNode('@yarnpkg', 'cli-dist', 'bin', 'yarn.js'),
    }[manager];
    writeConfiguration(this.#root, options);
    const whole = { name, version: '1.0.0', private: true, ...manifest };
    if (manifest) this.write('package.json', JSON.stringify(whole, null, 2));
  }

  /** Starts a command that runs until it is stopped. `node`: a major version of Node, default the project's. */
  start(command: string, args: readonly string[], { node }: { node?: number | undefined } = {}): Running {
    return start(command, args, { cwd: this.folder, env: this.#env(node) });
  }

  /** Runs a command to its end. */
  run(
    command: string,
    args: readonly string[],
    { node }: { node?: number | undefined } = {},
  ): Promise<Result> {
    return run(command, args, { cwd: this.folder, env: this.#env(node), withinMs: COMMAND_WITHIN_MS });
  }

  /** Runs a command that must succeed. */
  async succeed(...args: Parameters<Project['run']>): Promise<Result> {
    const result = await this.run(...args);
    if (result.code !== 0) throw new Error(tail(result));
    return result;
  }

  /** Runs the project's package manager, which must succeed. */
  install(...args: string[]): Promise<Result> {
    const [command, ...before] = this.#manager;
    return this.succeed(command, [...before, ...args]);
  }

  /** Writes a file. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Reads a file. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Removes the project. */
  remove(): void {
    removeFolder(this.#root);
  }

  #env(node = this.#node): NodeJS.ProcessEnv {
    const path = pathWith(node === undefined ? undefined : nodeFolder(this.#tools, node));
    return { PATH: path, HOME: this.home, LANG: 'C.UTF-8', TMPDIR: process.env.TMPDIR };
  }
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
