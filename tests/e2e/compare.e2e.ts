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

it('plays a call with background noise to both agents, which answer every line once', async () => {
  const out = await tempDir();
  const page = join(out, 'page.html');
  const output = ['--json', '--out', out, '--html', page];
  const cli = compare(['--setup', 'groq', '--calls', 'running-late', '--no-warm-up', ...output]);
  const { code, stdout, stderr } = await finished(cli);
  expect(code, stderr).toBe(0);
  const { arms } = JSON.parse(stdout);
  expect(arms.map(({ arm }: { arm: string }) => arm)).toEqual(['livekit', 'firstword']);
  for (const arm of arms) {
    expect(arm).toMatchObject({ lines: 4, doubled: 0, wrong: { count: 0 } });
    // On a busy machine a line may be lost; an agent that interrupts its own answers would lose most lines.
    expect(arm.lost).toBeLessThanOrEqual(1);
  }
  expect(await readFile(page, 'utf8')).toContain('<html');
});
