import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { sizeOf } from './support/modules.js';
import { tail } from './support/process.js';
import { Project } from './support/project.js';

const setup = inject('install');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LOG = join(ROOT, 'packages/records/src/testing/livekit/forum.jsonl');
const MOST_MB = 60;

/** A rule's page on this machine. */
const PAGE = /\/\S+\/docs\/doctor\/\S+\.md/g;

/** The gap, its parts and the title of the first finding: what follows depends on where the command is installed. */
const beginning = (report: string) => report.slice(0, report.indexOf('\n', report.indexOf('\n  1  ') + 1));

/** An empty folder with a log, and a home folder without a cache. */
async function bareMachine(): Promise<Project> {
  const project = new Project({ setup: setup!, name: 'doctor', cached: false });
  onTestFinished(() => project.remove());
  project.write('call.log', await readFile(LOG, 'utf8'));
  return project;
}

const doctor = (project: Project) => project.run('npx', ['--yes', 'firstword', 'doctor', 'call.log']);

describe.skipIf(!setup)('a machine with nothing but Node', () => {
  it('`npx firstword doctor call.log` names the cause, and installs at most 60 MB', async () => {
    // The first run brings the dependencies from the machine's registry into the local one.
    const first = await bareMachine();
    const warmed = await doctor(first);
    expect(warmed.code, tail(warmed)).toBe(0);

    const project = await bareMachine();
    const ended = await doctor(project);
    expect(ended.code, tail(ended)).toBe(0);
    const own = await project.succeed('node', [
      join(ROOT, 'packages/firstword/bin/firstword.js'),
      'doctor',
      'call.log',
    ]);
    expect(beginning(ended.stdout)).toBe(beginning(own.stdout));
    const pages = ended.stdout.match(PAGE) ?? [];
    expect(pages.length, tail(ended)).toBeGreaterThan(0);
    expect(pages.filter((page) => !existsSync(page))).toEqual([]);

    const installs = join(project.home, '.npm', '_npx');
    const [install] = existsSync(installs) ? readdirSync(installs) : [];
    expect(install, tail(ended)).toBeDefined();
    const megabytes = sizeOf(join(installs, install!)) / 1e6;
    console.log(
      `npx firstword doctor, nothing cached: ${(ended.durationMs / 1000).toFixed(1)} s, ${megabytes.toFixed(1)} MB installed`,
    );
    expect(megabytes).toBeLessThanOrEqual(MOST_MB);

    // The other readers of logs come with it, and fetch nothing.
    for (const command of [
      ['report', 'call.log', '--json'],
      ['what-if', 'call.log', '--set', 'swap=98/217/2117', '--json'],
    ]) {
      const other = await project.run('npx', ['--yes', 'firstword', ...command]);
      expect(other.code, tail(other)).toBe(0);
      expect(JSON.parse(other.stdout)).toMatchObject({ type: command[0] });
    }
    expect(sizeOf(join(installs, install!)) / 1e6).toBeLessThanOrEqual(MOST_MB);
    expect(existsSync(join(project.home, '.cache', 'firstword', 'packages'))).toBe(false);
  });
});
