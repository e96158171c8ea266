import { describe, expect, it } from 'vitest';
import { fileFaults, manifestFaults, textFaults, versionFaults } from './faults.mjs';
import { provenanceFaults } from './provenance.mjs';

const url = 'git+https://github.com/firstword/firstword.git';
const manifest = (changes = {}) => ({
  name: '@firstword/turn',
  version: '1.0.0',
  location: 'packages/turn',
  description: 'x',
  keywords: [],
  homepage: 'x',
  bugs: 'x',
  license: 'Apache-2.0',
  type: 'module',
  repository: { type: 'git', url, directory: 'packages/turn' },
  engines: { node: '>=20.19' },
  sideEffects: false,
  publishConfig: { access: 'public', provenance: true },
  files: ['dist'],
  ...changes,
});
const workspaces = [
  manifest(),
  manifest({ name: '@firstword/llm', location: 'packages/llm' }),
  { name: '@firstword/studio', version: '1.0.0', location: 'apps/studio', private: true },
];

describe('manifestFaults', () => {
  const faultsOf = (changes) => manifestFaults(manifest(changes), { workspaces });

  it('finds nothing in a complete manifest', () => {
    expect(faultsOf({ dependencies: { '@firstword/llm': '1.0.0', zod: '4.6.7' } })).toEqual([]);
    expect(faultsOf({ peerDependencies: { '@firstword/llm': '*', zod: '^4.6.7' } })).toEqual([]);
  });

  it('names a dependency that nobody could install', () => {
    expect(faultsOf({ dependencies: { '@firstword/studio': '1.0.0' } })).toEqual([
      'dependencies: @firstword/studio is private, so no one could install this package',
    ]);
    expect(faultsOf({ peerDependencies: { zod: 'file:../zod' } })).toHaveLength(1);
    expect(faultsOf({ dependencies: { '@firstword/llm': '0.9.0' } })).toEqual([
      'dependencies: @firstword/llm is at 1.0.0, which 0.9.0 excludes',
    ]);
  });

  it.each([
    { license: undefined },
    { type: 'commonjs' },
    { repository: { type: 'git', url, directory: 'packages/llm' } },
    { engines: { node: '>=18' } },
    { publishConfig: { access: 'public' } },
    { sideEffects: undefined },
    { private: true },
  ])('finds $0 %#', (changes) => {
    expect(faultsOf(changes)).toHaveLength(1);
  });
});

describe('versionFaults', () => {
  const lock = { packages: { 'packages/turn': { version: '1.0.0' }, 'packages/llm': { version: '1.0.0' } } };

  it('compares the packages with each other and with the lock file', () => {
    expect(versionFaults(workspaces.slice(0, 2), lock)).toEqual([]);
    const raised = [
      workspaces[0],
      manifest({ name: '@firstword/llm', location: 'packages/llm', version: '1.1.0' }),
    ];
    expect(versionFaults(raised, lock)).toEqual([
      '@firstword/llm is at 1.1.0, but @firstword/turn is at 1.0.0: run npx changeset version.',
      'package-lock.json has another version of @firstword/llm: run npm install --package-lock-only.',
    ]);
  });
});

describe('fileFaults', () => {
  const needed = ['package.json', 'README.md', 'LICENSE'];

  it('wants the README and the licence, and no tests, maps or caches', () => {
    expect(fileFaults([...needed, 'dist/index.js', 'dist/index.d.ts'])).toEqual([]);
    expect(fileFaults(['package.json', 'README.md'])).toEqual(['LICENSE is not in the tarball']);
    for (const path of ['dist/a.test.js', 'dist/a.js.map', 'dist/.tsbuildinfo', 'dist/.env.local']) {
      expect(fileFaults([...needed, path]), path).toHaveLength(1);
    }
  });
});

describe('textFaults', () => {
  const context = {
    license: 'the licence',
    machinePaths: ['/srv/checkout/'],
    registryHosts: ['npm.corp.example'],
  };
  const faultsOf = (text, path = 'dist/a.js') => textFaults(path, text, context);

  it('finds nothing in ordinary code', () => {
    expect(faultsOf("import x from '../home/list.js'; fetch('https://api.groq.com/openai/v1');")).toEqual([]);
    expect(faultsOf('the licence', 'LICENSE')).toEqual([]);
  });

  it.each([
    "const file = '/srv/checkout/packages/turn/src/x.ts';",
    'const file = "/home/sam/x.ts";',
    'at file:///Users/sam/x.ts',
    String.raw`C:\Users\sam\x.ts`,
    'https://npm.corp.example/turn.tgz',
    'https://registry.example.com/turn.tgz',
  ])('finds %s', (text) => {
    expect(faultsOf(text)).toHaveLength(1);
  });

  it('finds a key without repeating it', () => {
    const key = `gsk_${'a1B2c3D4e5'.repeat(5)}`;
    const [fault] = faultsOf(`const key = '${key}';`);
    expect(fault).toMatch(/key \(Groq\)/);
    expect(fault).not.toContain(key);
  });

  it('finds a licence that is not the repository’s', () => {
    expect(faultsOf('another', 'LICENSE')).toHaveLength(1);
  });
});

describe('provenanceFaults', () => {
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'firstword/firstword',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example',
  };

  it('lets only a CI job of the named repository publish, with an identity token', () => {
    expect(provenanceFaults(url, github)).toEqual([]);
    expect(provenanceFaults(url, {})[0]).toMatch(/needs a CI job/);
    expect(provenanceFaults(url, { ...github, ACTIONS_ID_TOKEN_REQUEST_URL: undefined })[0]).toMatch(
      /id-token: write/,
    );
    expect(provenanceFaults(url, { ...github, GITHUB_REPOSITORY: 'fork/firstword' })[0]).toMatch(
      /fork\/firstword/,
    );
    const gitlab = { GITLAB_CI: 'true', CI_PROJECT_URL: 'https://gitlab.com/firstword/firstword' };
    expect(provenanceFaults(url, gitlab)[0]).toMatch(/SIGSTORE_ID_TOKEN/);
  });
});
