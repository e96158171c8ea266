import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { expectAnswer } from './support/call.js';
import { installedIn } from './support/modules.js';
import { succeed } from './support/process.js';
import { addFiles, Project } from './support/project.js';
import { machineEnv } from './support/tools.js';

const setup = inject('install');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe.skipIf(!setup)('the two commands of the README that install from a checkout', () => {
  beforeAll(async () => {
    await succeed('npm', ['run', 'pack'], { cwd: ROOT, env: machineEnv(), withinMs: 240_000 });
  });

  it.each([
    ['npm', 'install'],
    ['pnpm', 'add'],
  ] as const)('%s %s', async (manager, command) => {
    const dependencies = { '@livekit/agents': '^1.9.0', '@livekit/rtc-node': '^0.13.34', zod: '^4.1.8' };
    const manifest = { type: 'module', dependencies };
    const project = new Project({ setup: setup!, name: 'checkout', manager, manifest });
    onTestFinished(() => project.remove());
    // No package of ours may come from a registry: nothing is published yet.
    project.write('.npmrc', `${project.read('.npmrc')}@firstword:registry=http://127.0.0.1:1/\n`);
    addFiles(project, ['scripted-parts', 'caller', 'plain'], { as: 'js' });
    await project.install(command, join(ROOT, 'packed', 'firstword-livekit.tgz'));
    expect(installedIn(project.folder).filter(({ name }) => name === '@livekit/agents')).toHaveLength(1);
    await expectAnswer(project, { file: 'plain.js', setup: setup! });
  });
});
