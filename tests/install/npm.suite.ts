import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAnswer } from './support/call.js';
import { installedIn, sizeOf } from './support/modules.js';
import { addFiles, createProject, type Project } from './support/project.js';
import { nodeFolder } from './support/tools.js';

const setup = inject('install');
const MB = 1e6;

describe.skipIf(!setup)('npm, agents exactly 1.9.0, JavaScript', () => {
  let project: Project;

  beforeAll(() => {
    project = createProject({ setup: setup!, name: 'npm', manifest: { type: 'module' } });
    addFiles(project, ['scripted-parts', 'caller', 'plain', 'on-agent'], { as: 'js' });
  });
  afterAll(() => project.remove());

  it('adds at most 20 MB to an installed agent and runs no script', async () => {
    await project.npm('install', '--save-exact', '@livekit/agents@1.9.0', '@livekit/rtc-node@0.13', 'zod@4');
    const before = { packages: installedIn(project.folder), bytes: sizeOf(project.folder) };
    await project.npm('install', '@firstword/livekit');
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
    it.skipIf(!nodeFolder(setup!.tools, node))(`answers on Node ${node}`, async () => {
      await expectAnswer(project, { file: 'plain.js', setup: setup!, node });
    });
});
