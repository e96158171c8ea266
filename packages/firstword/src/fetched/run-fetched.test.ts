import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CALLER, CALLS, HOSTED_SPEECH, manifestOf, PROJECT } from './package-set.js';
import { announcement, projectNpmrc, runFetched } from './run-fetched.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('runFetched', () => {
  it.each([CALLS, CALLER, HOSTED_SPEECH, PROJECT])(
    'leaves the command to this installation where it has $name',
    async (set) => {
      expect(await runFetched(set, { args: [], version })).toBe(false);
    },
  );

  it('never fetches twice: a fetched tree that lacks a package is named', async () => {
    const set = { ...CALLS, needed: [['no-such-package']] };
    await expect(runFetched(set, { args: [], version, fetchedDir: '/cache/x' })).rejects.toThrow(
      /\/cache\/x lacks no-such-package: delete/,
    );
  });

  it("says what to install instead of fetching for the user's own agent", async () => {
    const set = { ...PROJECT, needed: [['no-such-package']] };
    await expect(runFetched(set, { args: [], version })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('npm install firstword @firstword/livekit'),
    });
  });
});

describe('projectNpmrc', () => {
  const exists =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path);

  it('is that of the nearest project', () => {
    const paths = [join('/a', 'package.json'), join('/a', '.npmrc'), join('/', '.npmrc')];
    expect(projectNpmrc(join('/a', 'b', 'c'), exists(...paths))).toBe(join('/a', '.npmrc'));
  });

  it('is none in a project without one, or outside of projects', () => {
    expect(projectNpmrc('/a/b', exists(join('/a/b', 'node_modules'), join('/a', '.npmrc')))).toBeUndefined();
    expect(projectNpmrc('/a/b', exists(join('/a', '.npmrc')))).toBeUndefined();
  });
});

describe('package sets', () => {
  it('name the versions that this repository is tested with', () => {
    const lock = JSON.parse(
      readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8'),
    ) as {
      packages: Record<string, { version?: string }>;
    };
    for (const [name, wanted] of Object.entries(HOSTED_SPEECH.dependencies)) {
      if (wanted !== 'self') expect(lock.packages[`node_modules/${name}`]?.version).toBe(wanted);
    }
  });

  it('make a manifest with exact versions', () => {
    const { dependencies } = JSON.parse(manifestOf(CALLS, '1.2.3'));
    expect(dependencies).toMatchObject({ firstword: '1.2.3', '@firstword/calls': '1.2.3' });
    for (const wanted of Object.values(dependencies)) expect(wanted).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('are announced with size and folder', () => {
    expect(announcement(CALLS, '/cache/x')).toBe(
      `This command needs LiveKit Agents and the embedded speech. npm fetches it once: about ${CALLS.downloadMb} MB to download, ${CALLS.diskMb} MB in /cache/x`,
    );
  });
});
