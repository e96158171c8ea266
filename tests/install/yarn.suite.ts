import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAnswer } from './support/call.js';
import { installedIn } from './support/modules.js';
import { addFiles, Project } from './support/project.js';
import { nodeFolder } from './support/tools.js';

const setup = inject('install');

// A dependency of @livekit/rtc-node, strip-json-comments 5.1, wants Node 22. Yarn 1 refuses it on Node 20; the others choose 5.0.
const NODE = 22;

describe.skipIf(!setup || !nodeFolder(setup.tools, NODE)).each([
  ['yarn', 'yarn 1'],
  ['berry', 'yarn 4, node-modules'],
] as const)('%s', (manager, name) => {
  let project: Project;

  beforeAll(async () => {
    const dependencies = { '@livekit/agents': '^1.9.0', '@livekit/rtc-node': '^0.13.34', zod: '^4.1.8' };
    project = new Project({
      setup: setup!,
      name: manager,
      manager,
      node: NODE,
      manifest: { type: 'module', dependencies },
    });
    addFiles(project, ['scripted-parts', 'caller', 'plain', 'on-agent'], { as: 'js' });
    // Without it, yarn 4 takes the nearest folder above that has one for the project.
    project.write('yarn.lock', '');
    await project.install('add', '@firstword/livekit');
  });
  afterAll(() => project.remove());

  it(`${name} installs one copy of LiveKit`, () => {
    expect(installedIn(project.folder).filter((copy) => copy.name === '@livekit/agents')).toHaveLength(1);
  });

  it.each(['plain.js', 'on-agent.js'])(`${name}: %s answers`, async (file) => {
    await expectAnswer(project, { file, setup: setup! });
  });
});
