import { type ErrorCode, FirstwordError } from '@firstword/turn';
import type { PackageSet } from './package-set.js';

/** What npm's output means for the user, by the first pattern that is found in it. */
interface Cause {
  pattern: RegExp;
  code: ErrorCode;
  retryable?: boolean;
  /** One sentence: what happened, what to do. `match` is the pattern's. */
  say(match: RegExpExecArray, folder: string): string;
}

const SPACE = 'Free some space, or set FIRSTWORD_CACHE_DIR to a folder on another disk, and try again.';
const OTHER_FOLDER = 'set FIRSTWORD_CACHE_DIR to a folder that you can write';

const CAUSES: readonly Cause[] = [
  {
    pattern: /\bENOSPC\b/,
    code: 'unwritable',
    say: () => `The disk is full. ${SPACE}`,
  },
  {
    pattern: /\b(?:EACCES|EROFS|EPERM)\b[^\n]*?'?(\/[^\s']+|[A-Z]:\\[^\s']+)/,
    code: 'unwritable',
    say: ([, path], folder) =>
      path?.startsWith(folder)
        ? `npm cannot write to ${path}: ${OTHER_FOLDER}.`
        : `npm cannot write to ${path}: make it writable, or set npm_config_cache to a folder that you can write.`,
  },
  {
    pattern: /\b(?:E404|ETARGET)\b[\s\S]*?(?:'([^'\s]+@[^'\s]+)'|No matching version found for (\S+[^.\s]))/,
    code: 'bad_input',
    say: ([, missing, version]) =>
      `The registry that npm uses has no ${missing ?? version}: check "npm config get registry". If this version is not published, install it from a checkout (README).`,
  },
  {
    pattern: /\bE(?:407|403)\b|statusCode=(40[37])|Proxy Authentication Required/,
    code: 'connect_failed',
    say: () =>
      'The registry or a proxy refuses the download (403 or 407): check "npm config get registry", "npm config get https-proxy" and the credentials in your .npmrc.',
  },
  {
    pattern: /\bE401\b|\bENEEDAUTH\b/,
    code: 'auth',
    say: () => 'The registry wants you to log in: run "npm login" for it, and try again.',
  },
  {
    pattern: /SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|CERT_HAS_EXPIRED|ERR_TLS_CERT/,
    code: 'connect_failed',
    say: () =>
      'npm does not trust the registry\'s certificate: give your network\'s certificate with "npm config set cafile FILE".',
  },
  {
    pattern: /\bEINTEGRITY\b/,
    code: 'connect_failed',
    retryable: true,
    say: () =>
      'A downloaded package differs from its SHA-512 in the registry: run "npm cache verify" and try again. If it happens again, a proxy changes the download.',
  },
  {
    pattern: /\bENOTCACHED\b|only-if-cached/,
    code: 'connect_failed',
    say: () =>
      'npm is set to offline: run "npm config delete offline" and try again with a network connection.',
  },
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT)\b/,
    code: 'connect_failed',
    retryable: true,
    say: ([, code]) =>
      `The registry cannot be reached (${code}): check the network, "npm config get registry" and "npm config get https-proxy", and try again. Nothing is downloaded once it is here.`,
  },
  {
    pattern: /\bEBADPLATFORM\b/,
    code: 'bad_input',
    say: () => `They do not support ${process.platform} ${process.arch}.`,
  },
];

/** The last lines of npm's own error text, for a failure that we do not know. */
function errorTextOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /^npm (?:error|ERR!)/.test(line) && !/complete log|debug-0\.log/.test(line))
    .map((line) => line.replace(/^npm (?:error|ERR!)\s?(?:code )?/, '').trim())
    .filter((line) => line !== '');
  return lines.slice(0, 3).join('; ') || 'npm said nothing';
}

/** The error for an `npm install` that failed, from what it wrote to stderr. `folder` is where it should install to. */
export function npmFailure(
  set: PackageSet,
  { stderr, folder }: { stderr: string; folder: string },
): FirstwordError {
  const start = `Cannot fetch ${set.what}. `;
  const errors = stderr
    .split('\n')
    .filter((line) => !line.startsWith('npm http'))
    .join('\n');
  for (const { pattern, code, say, retryable = false } of CAUSES) {
    const match = pattern.exec(errors);
    if (match) return new FirstwordError(code, `${start}${say(match, folder)}`, { retryable });
  }
  return new FirstwordError('internal', `${start}npm failed: ${errorTextOf(errors)}.`);
}

/** The error where there is no npm. */
export function noNpm(set: PackageSet, version: string): FirstwordError {
  const packages = Object.entries(set.dependencies).map(
    ([name, wanted]) => `${name}@${wanted === 'self' ? version : wanted}`,
  );
  return new FirstwordError(
    'bad_input',
    `This command needs ${set.what}, and there is no npm to fetch it with. Install npm, or install these packages beside firstword: ${packages.join(' ')}`,
  );
}

/** The error for a cache folder that cannot be written. */
export function unwritableCache(folder: string, cause: NodeJS.ErrnoException): FirstwordError {
  const isFull = cause.code === 'ENOSPC';
  return new FirstwordError(
    'unwritable',
    isFull
      ? `The disk with ${folder} is full. ${SPACE}`
      : `The cache folder ${folder} cannot be written (${cause.code}): ${OTHER_FOLDER}.`,
    { cause },
  );
}
