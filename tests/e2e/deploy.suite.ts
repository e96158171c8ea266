import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GATEWAY = join(ROOT, 'deploy/gateway');
const UNIT = join(GATEWAY, 'firstword-gateway.service');
const MANIFESTS = readdirSync(join(GATEWAY, 'kubernetes')).map((file) => join(GATEWAY, 'kubernetes', file));

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    console.warn(
      `NOT RUN: "${[command, ...args].join(' ')}" does not work here, so what it checks was not checked.`,
    );
    return false;
  }
}

async function output(command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 1 << 26 });
  return stdout + stderr;
}

const HAS_SYSTEMD = works('systemd-analyze', '--version');
const CONFIG_MAP = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
/** It fetches the schemas of Kubernetes. */
const HAS_KUBECONFORM = works('sh', '-c', `echo '${CONFIG_MAP}' | kubeconform -strict`);
const HAS_DOCKER = works('docker', 'info');

test.skipIf(!HAS_SYSTEMD)('systemd has nothing to say about the unit', async () => {
  expect(await output('systemd-analyze', 'verify', UNIT)).toBe('');
});

test.skipIf(!HAS_SYSTEMD)('the unit exposes little: at most 2 of 10', async () => {
  const text = await output('systemd-analyze', 'security', '--offline=true', '--no-pager', UNIT);
  const level = Number(/exposure level for \S+: ([\d.]+)/.exec(text)![1]);
  expect(level).toBeLessThanOrEqual(2);
});

test.skipIf(!HAS_KUBECONFORM)('the manifests are valid for Kubernetes', async () => {
  expect(await output('kubeconform', '-strict', '-summary', ...MANIFESTS)).toContain('Invalid: 0, Errors: 0');
});

test.skipIf(!HAS_DOCKER)('the image builds, starts, answers and stops', async () => {
  await output('docker', 'build', '-f', 'deploy/gateway/Dockerfile', '-t', 'firstword-gateway:test', '.');
  const run = ['run', '--rm', '-d', '-p', '127.0.0.1:0:4100', '-e', 'FIRSTWORD_GATEWAY_TOKEN=t'];
  const models = ['--host', '0.0.0.0', 'emulated:gpt-4o-mini'];
  const id = (await output('docker', ...run, 'firstword-gateway:test', ...models)).trim();
  try {
    const address = (await output('docker', 'port', id, '4100')).trim().split('\n')[0]!;
    await expect
      .poll(async () => (await fetch(`http://${address}/healthz`).catch(() => undefined))?.status, {
        timeout: 30_000,
      })
      .toBe(200);
  } finally {
    await output('docker', 'stop', id);
  }
});
