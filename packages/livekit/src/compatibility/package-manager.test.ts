import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { howToKeepOne, packageManagerOf } from './package-manager.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firstword-manager-'));
  mkdirSync(join(folder, 'src'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
])('%s above the folder says %s', (file, manager) => {
  writeFileSync(join(folder, file), '');
  expect(packageManagerOf(join(folder, 'src'), 'bun/1.2.0')).toBe(manager);
});

it.each([
  ['pnpm/10.4.1 npm/? node/v20.20.2 linux x64', 'pnpm'],
  ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn'],
  ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm'],
  [undefined, 'npm'],
])('without a lock file, %s says %s', (userAgent, manager) => {
  expect(packageManagerOf(folder, userAgent)).toBe(manager);
});

it.each([
  ['npm', 'npm install @x/y@1.2.3 && npm dedupe', 'npm ls @x/y', '"overrides": { "@x/y": "$@x/y" }'],
  ['pnpm', 'pnpm add @x/y@1.2.3 && pnpm dedupe', 'pnpm why @x/y', 'overrides: { "@x/y": "1.2.3" }'],
  ['yarn', 'yarn add @x/y@1.2.3', 'yarn why @x/y', '"resolutions": { "@x/y": "1.2.3" }'],
] as const)('%s: the commands', (manager, ...parts) => {
  for (const part of parts) expect(howToKeepOne(manager, '@x/y', '1.2.3')).toContain(part);
});
