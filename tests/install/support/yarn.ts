import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAnswer } from './call.js';
import { installedIn } from './modules.js';
import { addFiles, Project } from './project.js';
import { nodeFolder } from './tools.js';

// A dependency of @livekit/rtc-node, strip-json-comments 5.1, wants Node 22. Yarn 1 refuses it on Node 20; the other package
// managers choose 5.0.
const NODE = 22;

/** The suite of one yarn. Each has a file of its own, so that they run at the same time. */
export function describeYarn(manager: 'yarn' | 'berry'): void {
  const setup = inject('install');
  describe.skipIf(!setup || !nodeFolder(setup.tools, NODE))('agents ^1.9.0, JavaScript', () => {
    let project: Project;

    beforeAll(async () => {
      const dependencies = { '@livekit/agents': '^1.9.0', '@livekit/rtc-node': '^0.13.34', zod: '^4.1.8' };
      const manifest = { type: 'module', dependencies };
      project = new Project({ setup: setup!, name: manager, manager, node: NODE, manifest });
      addFiles(project, ['scripted-parts', 'caller', 'plain', 'on-agent'], { as: 'js' });
      // Without it, yarn 4 takes the nearest folder above that has one for the project.
      project.write('yarn.lock', '');
      await project.install('add', '@firstword/livekit');
    });
    afterAll(() => project.remove());

    it('has one copy of LiveKit', () => {
      expect(installedIn(project.folder).filter((copy) => copy.name === '@livekit/agents')).toHaveLength(1);
    });

    it.each(['plain.js', 'on-agent.js'])('%s answers', async (file) => {
      await expectAnswer(project, { file, setup: setup! });
    });
  });
}
