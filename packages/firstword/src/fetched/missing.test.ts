import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type FindPackage, findPackage, missingPackages } from './missing.js';
import { CALLER, CALLS } from './package-set.js';

const installed =
  (versions: Record<string, string>): FindPackage =>
  (name) =>
    versions[name] === undefined
      ? undefined
      : { entry: `/node_modules/${name}/index.js`, version: versions[name] };

const ALL = {
  '@firstword/calls': '1.2.3',
  '@firstword/livekit': '1.2.3',
  '@firstword/local': '1.2.3',
  '@livekit/agents': '1.9.0',
  '@livekit/rtc-node': '0.13.34',
  'onnxruntime-node': '1.24.3',
};
const missing = (versions: Record<string, string>, set = CALLS) =>
  missingPackages(set, { version: '1.2.3', from: '/bin.js', find: installed(versions) });

it('finds nothing missing where everything is installed', () => {
  expect(missing(ALL)).toEqual([]);
});

it('names each missing package once, and does not look behind it', () => {
  expect(missing({})).toEqual(['@firstword/calls', '@firstword/livekit', '@firstword/local']);
});

it('looks for peers from the package that needs them', () => {
  const { '@livekit/rtc-node': _, 'onnxruntime-node': __, ...rest } = ALL;
  expect(missing(rest)).toEqual(['@livekit/rtc-node', 'onnxruntime-node']);
  expect(missing(rest, CALLER)).toEqual(['@livekit/rtc-node']);
});

it('takes one of our packages in another version for missing, and LiveKit in any version', () => {
  expect(missing({ ...ALL, '@firstword/local': '1.2.2', '@livekit/agents': '1.11.0' })).toEqual([
    '@firstword/local',
  ]);
});

it('finds everything in this repository, so that nothing is fetched here', () => {
  const { version } = findPackage('@firstword/turn', fileURLToPath(import.meta.url))!;
  expect(missingPackages(CALLS, { version, from: fileURLToPath(import.meta.url) })).toEqual([]);
});
