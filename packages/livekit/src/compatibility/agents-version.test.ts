import { isFirstwordError } from '@firstword/turn';
import { initializeLogger, log, version } from '@livekit/agents';
import { expect, it, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { NEWEST_TESTED_AGENTS, OLDEST_AGENTS } from '../internals/tested-versions.js';
import { checkAgentsVersion, compareVersions } from './agents-version.js';

/** The warnings of several processes that start one after the other. */
function warningsOf(...installed: string[]): string[] {
  const env = {};
  const warnings: string[] = [];
  for (const one of installed) checkAgentsVersion(one, { env, warn: (message) => warnings.push(message) });
  return warnings;
}

it.each(['1.8.1', '1.0.48', '0.7.9', '1.8.1-rc.1'])(
  '%s is too old: one error with the command',
  (installed) => {
    let caught: unknown;
    try {
      checkAgentsVersion(installed);
    } catch (error) {
      caught = error;
    }
    expect(isFirstwordError(caught, 'old_version')).toBe(true);
    expect(String(caught)).toContain(`@livekit/agents ${installed} is installed`);
    expect(String(caught)).toContain('npm install @livekit/agents@1.9.0');
  },
);

it.each(['1.9.0', '1.9.7', '1.9.0-rc.1'])('%s is accepted without a warning', (installed) => {
  expect(warningsOf(installed)).toEqual([]);
});

it.each(['1.10.0', '1.10.0-rc.1', '2.0.0'])(
  '%s is newer than tested: one warning for all job processes',
  (installed) => {
    expect(warningsOf(installed, installed, installed)).toEqual([
      expect.stringContaining(
        `was not tested with @livekit/agents ${installed}, only up to ${NEWEST_TESTED_AGENTS}`,
      ),
    ]);
  },
);

it('warns through LiveKit’s logger, or through the process before that is initialised', () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue();
  checkAgentsVersion('1.10.0', { env: {} });
  expect(emitWarning).toHaveBeenCalledWith(expect.stringContaining('1.10.0'), 'FirstwordWarning');
  initializeLogger({ pretty: false, level: 'silent' });
  const warn = vi.spyOn(log(), 'warn').mockReturnValue();
  checkAgentsVersion('1.10.0', { env: {} });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('1.10.0'));
  expect(emitWarning).toHaveBeenCalledTimes(1);
});

it('compares versions by number', () => {
  expect(['1.10.0', '1.9.10', '1.9.2'].sort(compareVersions)).toEqual(['1.9.2', '1.9.10', '1.10.0']);
});

it('the peer dependency begins at the oldest version, and this repository tests with the newest', () => {
  expect(manifest.peerDependencies['@livekit/agents']).toBe(`>=${OLDEST_AGENTS} <2`);
  expect(version).toBe(NEWEST_TESTED_AGENTS);
});
