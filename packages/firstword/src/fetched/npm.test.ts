import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findNpm, npmArgs, npmEnv, runNpm } from './npm.js';

const CLI = join('npm', 'bin', 'npm-cli.js');
const places = (files: Record<string, string>, env: NodeJS.ProcessEnv = {}) => ({
  env,
  execPath: join('/opt', 'bin', 'node'),
  real: (path: string) => files[path],
});
const file = (...parts: string[]) => {
  const path = join('/', ...parts);
  return { [path]: path };
};

describe('findNpm', () => {
  it.each(['npm-cli.js', 'npx-cli.js'])('takes the npm that runs this command, from %s', (script) => {
    const files = { ...file('running', CLI), ...file('opt', 'lib', 'node_modules', CLI) };
    const env = { npm_execpath: join('/running', 'npm', 'bin', script) };
    expect(findNpm(places(files, env))).toBe(join('/running', CLI));
  });

  it('takes the one beside node if another package manager runs this command', () => {
    const files = { ...file('yarn', 'yarn.js'), ...file('opt', 'lib', 'node_modules', CLI) };
    expect(findNpm(places(files, { npm_execpath: join('/yarn', 'yarn.js') }))).toBe(
      join('/opt', 'lib', 'node_modules', CLI),
    );
  });

  it('takes the one in the folder of node.exe', () => {
    expect(findNpm(places(file('opt', 'bin', 'node_modules', CLI)))).toBe(
      join('/opt', 'bin', 'node_modules', CLI),
    );
  });

  it('takes the one that PATH leads to, through its link', () => {
    const env = { PATH: ['/a', '/b'].join(delimiter) };
    expect(findNpm(places({ [join('/b', 'npm')]: join('/share', CLI) }, env))).toBe(join('/share', CLI));
  });

  it('takes nothing else that is called npm', () => {
    expect(findNpm(places({ [join('/a', 'npm')]: '/a/shim' }, { PATH: '/a' }))).toBeUndefined();
  });
});

describe('npmEnv', () => {
  it('keeps registry, proxy and certificates, and drops what would install elsewhere or less', () => {
    const kept = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      npm_config_registry: 'http://registry',
      npm_config_cafile: '/ca.pem',
      npm_config_userconfig: '/home/a/.npmrc',
      npm_config_cache: '/cache',
    };
    const dropped = {
      npm_config_global: 'true',
      npm_config_workspace: 'a',
      npm_config_omit: 'optional',
      NPM_CONFIG_PREFIX: '/usr',
      npm_config_package: 'firstword',
    };
    expect(npmEnv({ ...kept, ...dropped })).toEqual(kept);
  });
});

it('runs no install scripts, and installs into the given folder', () => {
  expect(npmArgs('/tmp/x')).toEqual(
    expect.arrayContaining(['install', '--prefix=/tmp/x', '--ignore-scripts']),
  );
});

describe('runNpm', () => {
  /** A program that writes these lines to stderr, and then does `next`. */
  function busyNpm(lines: string[], next: string): string {
    const dir = mkdtempSync(join(tmpdir(), 'firstword-npm-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const script = join(dir, 'npm-cli.mjs');
    writeFileSync(script, `console.error(${JSON.stringify(lines.join('\n'))}); ${next}`);
    return script;
  }
  const failed = (attempt: number) =>
    `npm http fetch GET https://registry/a attempt ${attempt} failed with ECONNREFUSED`;

  it('ends npm when nothing answers at the second attempt', async () => {
    const npm = busyNpm([failed(1), failed(2)], 'setInterval(() => {}, 1000)');
    const signal = new AbortController().signal;
    const { exitCode, stderr } = await runNpm({ npm, prefix: 'x', signal, onRequest: () => {} });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('lets npm try on where something has answered', async () => {
    const lines = ['npm http fetch GET 200 https://registry/a 5ms', failed(2)];
    const flag = join(tmpdir(), `firstword-npm-${crypto.randomUUID()}`);
    onTestFinished(() => rmSync(flag, { force: true }));
    // It ends by itself once its output was read.
    const npm = busyNpm(
      lines,
      `setInterval(() => process.getBuiltinModule('fs').existsSync(${JSON.stringify(flag)}) && process.exit(7), 5)`,
    );
    const signal = new AbortController().signal;
    const onRequest = () => writeFileSync(flag, '');
    expect((await runNpm({ npm, prefix: 'x', signal, onRequest })).exitCode).toBe(7);
  });
});
