import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Cli, finished, firstword } from './support/cli.js';
import { tempDir } from './support/temp.js';

function compare(args: readonly string[]): Cli {
  const cli = firstword(['compare', ...args]);
  onTestFinished(() => cli.kill());
  return cli;
}

it('plays a call from a noisy place to both agents, who answer every line of it once', async () => {
  const out = await tempDir();
  const page = join(out, 'page.html');
  const told = ['--json', '--out', out, '--html', page];
  const cli = compare(['--setup', 'groq', '--calls', 'running-late', '--no-warm-up', ...told]);
  const { code, stdout, stderr } = await finished(cli);
  expect(code, stderr).toBe(0);
  const { arms } = JSON.parse(stdout);
  expect(arms.map(({ arm }: { arm: string }) => arm)).toEqual(['livekit', 'firstword']);
  for (const arm of arms) {
    expect(arm).toMatchObject({ lines: 4, doubled: 0, wrong: { count: 0 } });
    // A machine that is busy with other suites may lose a line; an agent that stops its own answers loses most.
    expect(arm.lost).toBeLessThanOrEqual(1);
  }
  expect(await readFile(page, 'utf8')).toContain('<html');
});
