import { expect, it } from 'vitest';
import { noNpm, npmFailure } from './npm-failure.js';
import { CALLS } from './package-set.js';

const FOLDER = '/home/a/.cache/firstword/packages';
const failure = (stderr: string) => npmFailure(CALLS, { stderr, folder: FOLDER });

it.each([
  [
    'not published',
    "npm http fetch GET 404 http://r/firstword 5ms\nnpm error code E404\nnpm error 404 Not Found - GET http://r/firstword\nnpm error 404  'firstword@0.1.0' is not in this registry.",
    'bad_input',
    /has no firstword@0\.1\.0.*checkout/,
  ],
  [
    'another version',
    'npm error code ETARGET\nnpm error notarget No matching version found for firstword@0.1.0.',
    'bad_input',
    /has no firstword@0\.1\.0:/,
  ],
  [
    'a full disk',
    'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left',
    'unwritable',
    /disk is full.*FIRSTWORD_CACHE_DIR/,
  ],
  [
    'a read-only npm cache',
    "npm error code EROFS\nnpm error EROFS: read-only file system, mkdir '/home/a/.npm/_cacache'",
    'unwritable',
    /\/home\/a\/\.npm\/_cacache.*npm_config_cache/,
  ],
  [
    'a read-only folder',
    `npm error code EACCES\nnpm error EACCES: permission denied, mkdir '${FOLDER}/fetching-1/node_modules'`,
    'unwritable',
    /FIRSTWORD_CACHE_DIR/,
  ],
  [
    'a proxy that refuses',
    'npm error code E403\nnpm error 403 403 Forbidden - GET http://r/x',
    'connect_failed',
    /proxy refuses/,
  ],
  [
    'a proxy without a tunnel',
    'npm error tunneling socket could not be established, statusCode=407',
    'connect_failed',
    /proxy refuses/,
  ],
  ['no credentials', 'npm error code E401', 'auth', /npm login/],
  ['an unknown certificate', 'npm error code SELF_SIGNED_CERT_IN_CHAIN', 'connect_failed', /cafile/],
  [
    'a wrong hash',
    'npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed',
    'connect_failed',
    /SHA-512/,
  ],
  ['offline mode', 'npm error code ENOTCACHED', 'connect_failed', /offline/],
  [
    'no network',
    'npm error code ENOTFOUND\nnpm error network request to http://r failed',
    'connect_failed',
    /cannot be reached \(ENOTFOUND\)/,
  ],
  ['an unknown platform', 'npm error code EBADPLATFORM', 'bad_input', /do not support/],
  [
    'anything else',
    'npm error code EODD\nnpm error something odd\nnpm error A complete log of this run can be found in: /x/debug-0.log',
    'internal',
    /npm failed: EODD; something odd\.$/,
  ],
  ['silence', '', 'internal', /npm said nothing/],
])('says what to do about %s', (_, stderr, code, message) => {
  expect(failure(stderr)).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(failure(stderr).message).toMatch(/^Cannot fetch LiveKit Agents and the embedded speech\. /);
});

it('does not take a request that failed and was repeated for the cause', () => {
  const stderr = 'npm http fetch GET 403 http://r/x attempt 1 failed\nnpm error code ENOSPC';
  expect(failure(stderr).code).toBe('unwritable');
});

it('without npm, lists what to install', () => {
  expect(noNpm(CALLS, '0.1.0').message).toContain('@firstword/calls@0.1.0');
  expect(noNpm(CALLS, '0.1.0').message).toContain('@livekit/agents@1.9.0');
});
