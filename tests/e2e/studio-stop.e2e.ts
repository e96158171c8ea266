import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cli, childrenOf, finished, firstword, isRunning } from './support/cli.js';

let dir: string;
/** How long the studio takes here from the start of its process until it accepts calls, ms. */
let startMs: number;

const READY_WITHIN_MS = 60_000;
const studioIn = (out: string): Cli => firstword(['studio', '--port', '0', '--out', join(dir, out)]);
const ready = (cli: Cli) =>
  cli.stdout.until('last line', (text) => text.includes('Ctrl-C'), { withinMs: READY_WITHIN_MS });

/** Sends the signal as a terminal does, and checks how the studio ends. */
async function expectCleanEnd(cli: Cli, name: NodeJS.Signals, out: string): Promise<void> {
  const children = childrenOf(cli.pid);
  cli.signal(name);
  const { code, signal, stderr } = await finished(cli);
  // Before Node has loaded the command, the signal itself ends the process.
  expect(code ?? signal, stderr).toBeOneOf([name === 'SIGINT' ? 130 : 143, name]);
  expect(stderr).toBe('');
  await vi.waitUntil(() => !children.some(({ pid }) => isRunning(pid)), { timeout: 5_000 });
  const folder = join(dir, out);
  expect(existsSync(folder) ? await readdir(folder) : []).toEqual([]);
}

describe('Ctrl-C', () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firstword-e2e-'));
    const cli = studioIn('first');
    const from = performance.now();
    await ready(cli);
    startMs = performance.now() - from;
    await expectCleanEnd(cli, 'SIGINT', 'first');
  });

  afterAll(() => rm(dir, { recursive: true, force: true }));

  it.each([0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 0.97])(
    'ends the studio cleanly after %d of its start',
    async (share) => {
      const cli = studioIn(`at-${share}`);
      await sleep(share * startMs);
      await expectCleanEnd(cli, 'SIGINT', `at-${share}`);
    },
  );

  it('ends it cleanly while the speech engines load', async () => {
    const cli = studioIn('engines');
    await expect
      .poll(() => childrenOf(cli.pid).length, { timeout: READY_WITHIN_MS, interval: 20 })
      .toBeGreaterThan(0);
    await expectCleanEnd(cli, 'SIGINT', 'engines');
  });

  it('and SIGTERM do the same', async () => {
    const cli = studioIn('term');
    await expect
      .poll(() => childrenOf(cli.pid).length, { timeout: READY_WITHIN_MS, interval: 20 })
      .toBeGreaterThan(0);
    await expectCleanEnd(cli, 'SIGTERM', 'term');
  });

  it('twice ends it at once, and leaves no process behind', async () => {
    const cli = studioIn('twice');
    await expect
      .poll(() => childrenOf(cli.pid).length, { timeout: READY_WITHIN_MS, interval: 20 })
      .toBeGreaterThan(0);
    const children = childrenOf(cli.pid);
    cli.signal('SIGINT');
    await sleep(50);
    cli.signal('SIGINT');
    const { code, stderr } = await finished(cli);
    expect(code).toBe(130);
    expect(stderr).toBe('');
    await expect.poll(() => children.filter(({ pid }) => isRunning(pid)), { timeout: 10_000 }).toEqual([]);
  });
});
