import { FirstwordError } from '@firstword/turn';
import { log, loggerOptions, version } from '@livekit/agents';
import { NEWEST_TESTED_AGENTS, OLDEST_AGENTS } from '../internals/tested-versions.js';
import { installCommand, packageManagerOf } from './package-manager.js';

/** Set in the environment once the warning has been given. A worker's job processes inherit it, and do not repeat it for each call. */
const WARNED = 'FIRSTWORD_WARNED_OF_AGENTS';

/** Major, minor and patch; a prerelease counts as its release. */
function numbersOf(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/, 3).map((part) => Number(part) || 0);
  return [major, minor, patch];
}

/** The difference of two versions, as of `Array.sort`. */
export function compareVersions(a: string, b: string): number {
  const other = numbersOf(b);
  const different = numbersOf(a).map((part, index) => part - (other[index] ?? 0));
  return different.find((difference) => difference !== 0) ?? 0;
}

/** Whether a version is of a later minor, or a later major, than the newest that was tested. */
function isUntested(installed: string): boolean {
  const [major, minor] = numbersOf(installed);
  return compareVersions(`${major}.${minor}.0`, NEWEST_TESTED_AGENTS.replace(/\d+$/, '0')) > 0;
}

/** Warns through LiveKit's logger, or through the process before that is initialised. */
function warnOnce(message: string): void {
  if (loggerOptions()) log().warn(message);
  else process.emitWarning(message, 'FirstwordWarning');
}

/**
 * Checks the version of `@livekit/agents`. A newer one than was tested is warned of once.
 *
 * @throws FirstwordError `old_version` if it is older than the oldest that works
 */
export function checkAgentsVersion(
  installed: string,
  { env = process.env, warn = warnOnce }: { env?: NodeJS.ProcessEnv; warn?: (message: string) => void } = {},
): void {
  if (compareVersions(installed, OLDEST_AGENTS) < 0) {
    const manager = packageManagerOf(process.cwd(), env.npm_config_user_agent);
    const install = installCommand(manager, `@livekit/agents@${NEWEST_TESTED_AGENTS}`);
    throw new FirstwordError(
      'old_version',
      `@livekit/agents ${installed} is installed, and @firstword/livekit needs ${OLDEST_AGENTS} or newer. Run ${install}, and install the same version of LiveKit's plugins`,
    );
  }
  if (!isUntested(installed) || env[WARNED] === installed) return;
  env[WARNED] = installed;
  warn(
    `@firstword/livekit was not tested with @livekit/agents ${installed}, only up to ${NEWEST_TESTED_AGENTS}. If levers do not work, install ${NEWEST_TESTED_AGENTS}`,
  );
}

// On import, and before any other module of this package: those extend classes that an older version does not have, which
// fails with "Class extends value undefined".
checkAgentsVersion(version);
