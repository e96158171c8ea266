import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runnableFile } from '@firstword/livekit';
import { describe, expect, it, onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../../bin/firstword.js', import.meta.url));
const SERVER = ['--url', 'ws://127.0.0.1:1', '--api-key', 'key'];
const ENV = { ...process.env, LIVEKIT_API_SECRET: 'secret' };

/** Writes a project with these files to a temporary folder. */
async function project(files: Record<string, string>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'firstword-agent-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** `firstword agent dev FILE`: its exit code and what it has printed. */
function run(file: string): Promise<{ code: number | undefined; printed: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [BIN, 'agent', 'dev', file, ...SERVER],
      { env: ENV },
      (error, stdout, stderr) => {
        resolve({ code: (error?.code ?? 0) as number, printed: stdout + stderr });
      },
    );
  });
}

describe('firstword agent dev FILE says in one sentence what is wrong, and ends:', () => {
  it.each([
    ['no file', {}, 'there is no file FILE'],
    [
      'no default export',
      { 'agent.js': 'export const agent = 1;' },
      'FILE has no agent as its default export',
    ],
    [
      'another default export',
      { 'agent.js': 'export default {};' },
      'FILE has no agent as its default export',
    ],
    [
      'a syntax error',
      { 'agent.js': '\nimport { x } from' },
      /cannot be loaded: SyntaxError: .*\(FILE:[23]\)$/,
    ],
    [
      'an error while it is loaded',
      { 'agent.js': "\nthrow new Error('there is no key')" },
      'FILE cannot be loaded: Error: there is no key (FILE:2)',
    ],
    [
      'an exit while it is loaded',
      { 'agent.js': "console.error('Set the key.'); process.exit(3)" },
      'FILE cannot be loaded: it has ended its process (exit code 3). Set the key.',
    ],
  ])('%s', async (_, files, expected) => {
    const file = join(await project(files), 'agent.js');
    const { code, printed } = await run(file);
    expect(code).toBe(2);
    const shown = printed.replaceAll(file, 'FILE').trimEnd();
    expect(shown.split('\n')).toHaveLength(1);
    if (typeof expected === 'string') expect(shown).toContain(`firstword: ${expected}`);
    else expect(shown).toMatch(expected);
  });
});

const runsTypeScript = Boolean(Reflect.get(process.features, 'typescript'));

describe('a TypeScript file', () => {
  it("is run by its project's tsx", async () => {
    const tsx = {
      'node_modules/tsx/package.json': '{ "name": "tsx", "type": "module", "exports": "./loader.js" }',
      'node_modules/tsx/loader.js': '',
    };
    const folder = await project({ 'src/agent.ts': '', ...tsx });
    const path = join(folder, 'src/agent.ts');
    const loader = pathToFileURL(join(folder, 'node_modules/tsx/loader.js')).href;
    expect(runnableFile(path)).toEqual({ path, execArgv: ['--import', loader] });
  });

  it.skipIf(runsTypeScript)('is replaced by its compiled sibling', async () => {
    const folder = await project({ 'agent.mts': '', 'agent.mjs': '' });
    expect(runnableFile(join(folder, 'agent.mts'))).toEqual({
      path: join(folder, 'agent.mjs'),
      execArgv: [],
    });
  });

  it.skipIf(runsTypeScript)('is an error that says what to install, where Node cannot run it', async () => {
    const { code, printed } = await run(join(await project({ 'agent.ts': '' }), 'agent.ts'));
    expect(code).toBe(2);
    expect(printed).toMatch(
      /^firstword: Node\.js v\S+ cannot run .*agent\.ts: install tsx in its project .*\n$/,
    );
  });

  it.runIf(runsTypeScript)('is run by Node itself', async () => {
    const path = join(await project({ 'agent.ts': '' }), 'agent.ts');
    expect(runnableFile(path)).toEqual({ path, execArgv: [] });
  });
});
