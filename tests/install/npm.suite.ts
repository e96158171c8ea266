import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isCallRecord, parseTurnRecord } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAnswer } from './support/call.js';
import { installedIn, sizeOf } from './support/modules.js';
import { tail } from './support/process.js';
import { addFiles, Project } from './support/project.js';
import { nodeFolder } from './support/tools.js';

const setup = inject('install');
const MB = 1e6;

describe.skipIf(!setup)('npm, agents exactly 1.9.0, JavaScript', () => {
  let project: Project;

  beforeAll(() => {
    project = new Project({ setup: setup!, name: 'npm', manifest: { type: 'module' } });
    addFiles(project, ['scripted-parts', 'caller', 'plain', 'on-agent', 'plugin'], { as: 'js' });
  });
  afterAll(() => project.remove());

  it('adds at most 20 MB to an installed agent and runs no script', async () => {
    await project.install(
      'install',
      '--save-exact',
      '@livekit/agents@1.9.0',
      '@livekit/rtc-node@0.13',
      'zod@4',
    );
    const before = { packages: installedIn(project.folder), bytes: sizeOf(project.folder) };
    await project.install('install', '@firstword/livekit');
    const known = new Set(before.packages.map(({ folder }) => folder));
    const added = installedIn(project.folder).filter(({ folder }) => !known.has(folder));
    const addedMb = (sizeOf(project.folder) - before.bytes) / MB;
    console.log(
      `@firstword/livekit beside @livekit/agents (${(before.bytes / MB).toFixed(1)} MB) adds ${addedMb.toFixed(1)} MB: ${added.map(({ name, version }) => `${name}@${version}`).join(', ')}`,
    );
    expect(addedMb).toBeLessThanOrEqual(20);
    expect(added.filter(({ installScripts }) => installScripts.length > 0)).toEqual([]);
  });

  it('has one copy of LiveKit', () => {
    const copies = installedIn(project.folder).filter(({ name }) => name === '@livekit/agents');
    expect(copies.map(({ version }) => version)).toEqual(['1.9.0']);
  });

  for (const node of [20, 22, 24])
    it.skipIf(!setup || !nodeFolder(setup.tools, node))(`answers on Node ${node}`, async () => {
      await expectAnswer(project, { file: 'plain.js', setup: setup!, node });
    });

  it('answers with the LLM and the TTS on the agent', async () => {
    const { records } = await expectAnswer(project, { file: 'on-agent.js', setup: setup! });
    const [file] = readdirSync(join(project.folder, 'turns'));
    const lines = project.read(join('turns', file!)).trim().split('\n');
    const written = lines.filter((line) => !isCallRecord(line)).map(parseTurnRecord);
    expect(written.map(({ marks }) => Object.keys(marks))).toEqual(
      records.map(({ marks }) => Object.keys(marks)),
    );
  });

  it('says so if LiveKit is too old, when it is installed and when it is started', async () => {
    // npm refuses it in a new project, and only warns where a lock file already has both packages.
    const installed = await project.install('install', '--save-exact', '@livekit/agents@1.8.1');
    expect(tail(installed)).toContain('peer @livekit/agents@">=1.9.0 <2" from @firstword/livekit');
    const ended = await project.run('node', ['plain.js', setup!.recording]);
    expect(ended.code, tail(ended)).not.toBe(0);
    expect(tail(ended)).toContain('@livekit/agents 1.8.1 is installed');
    expect(tail(ended)).toContain('npm install @livekit/agents@1.9.0');

    await project.install('install', '--save-exact', '@livekit/agents@1.9.0');
    await expectAnswer(project, { file: 'plain.js', setup: setup! });
  });

  it('names both copies and the remedy if a plugin brings a LiveKit of its own', async () => {
    await addPlugin(project);
    const ended = await project.run('node', ['plugin.js', setup!.recording]);
    const said = tail(ended);
    expect(ended.code, said).not.toBe(0);
    const modules = join(project.folder, 'node_modules');
    expect(said).toContain('two copies of @livekit/agents are loaded');
    expect(said).toContain(`1.9.0 in ${join(modules, '@livekit', 'agents')}`);
    expect(said).toContain(`1.8.1 in ${join(modules, '@acme', 'tts', 'node_modules', '@livekit', 'agents')}`);
    expect(said).toContain('npm install @livekit/agents@1.9.0 && npm dedupe');

    const overrides = /set ("overrides": \{.*?\}) in package\.json/.exec(said)?.[1];
    expect(overrides, said).toBeDefined();
    const manifest = JSON.parse(project.read('package.json'));
    project.write('package.json', JSON.stringify({ ...manifest, ...JSON.parse(`{${overrides}}`) }, null, 2));
    await project.install('install');
    await expectAnswer(project, { file: 'plugin.js', setup: setup! });
  });
});

/** Installs a TTS plugin that depends on an older LiveKit, as plugins do that declare no peer. */
async function addPlugin(project: Project): Promise<void> {
  addFiles(project, ['scripted-parts'], { as: 'js', to: 'plugin' });
  const manifest = {
    name: '@acme/tts',
    version: '1.0.0',
    type: 'module',
    exports: './scripted-parts.js',
    dependencies: { '@livekit/agents': '1.8.1', '@livekit/rtc-node': '^0.13.34' },
  };
  project.write('plugin/package.json', JSON.stringify(manifest));
  await project.install('pack', './plugin');
  await project.install('install', './acme-tts-1.0.0.tgz');
}
