import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CallSummary, MeasuredCall, RoomReport } from '@firstword/calls';
import type { RoomTestbed } from '@firstword/validation/testbed';
import { onTestFailed, onTestFinished } from 'vitest';
import { type Cli, childrenOf, type Ending, finished, firstword } from './cli.js';
import { tempDir } from './temp.js';

const PARROT = fileURLToPath(new URL('../../../packages/calls/src/testing/parrot.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Time for an agent to end its calls after the first signal, ms. */
const ENDS_WITHIN_MS = 10_000;

/** Starts `firstword call` in the callers' network. */
export function startCall(testbed: RoomTestbed, ...args: string[]): Cli {
  const cli = firstword(['call', ...args], { env: testbed.callerEnv, by: testbed.atCaller });
  onTestFinished(() => cli.kill());
  return cli;
}

/** Parsed output of `firstword call --json`. */
export interface CallResult extends Ending {
  stderr: string;
  calls: MeasuredCall[];
  summary: CallSummary;
}

/** Waits for a `firstword call --json` and parses its output. */
export async function resultOf(cli: Cli): Promise<CallResult> {
  const { stdout, ...rest } = await finished(cli);
  if (stdout === '') throw new Error(`no call was made: ${rest.stderr}`);
  const output = stdout.split('\n').map((line) => JSON.parse(line) as MeasuredCall | CallSummary);
  const calls = output.filter((one) => one.type === 'call');
  return { ...rest, calls, summary: output.find((one) => one.type === 'summary')! };
}

/** Starts `firstword agent` in the server's network; resolves when it has registered. */
export async function startAgent(testbed: RoomTestbed, ...args: string[]): Promise<Cli> {
  const cli = firstword(['agent', ...args], { env: testbed.env, by: testbed.atServer });
  // SIGKILL would leave the processes of its calls behind. The second SIGTERM ends it immediately.
  onTestFinished(async () => {
    cli.signal('SIGTERM');
    const again = setTimeout(() => cli.signal('SIGTERM'), ENDS_WITHIN_MS);
    await cli.ended;
    clearTimeout(again);
  }, 60_000);
  onTestFailed(() => console.warn(`firstword agent ${args.join(' ')}: ${cli.stderr.all.join('\n')}`));
  await cli.stderr.until('registration', (line) => line.startsWith('Registered'));
  return cli;
}

/** Kills the processes of an agent's calls, as the kernel does when it runs out of memory. */
export function killCallsOf(agent: Cli): void {
  const calls = childrenOf(agent.pid).filter(({ command }) => command.includes('job_proc'));
  if (calls.length === 0) throw new Error('the agent has no process for its calls');
  for (const { pid } of calls) process.kill(pid, 'SIGKILL');
}

/** Adds a participant to a room that answers this long after the last sound of the other one, ms. */
export async function startParrot(testbed: RoomTestbed, room: string, pauseMs: number): Promise<void> {
  const [command, ...rest] = [...testbed.atServer, process.execPath, PARROT, room, String(pauseMs)];
  const env = { ...process.env, ...testbed.env };
  const parrot: ChildProcess = spawn(command!, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parrot.kill('SIGKILL'));
  await Promise.race([
    once(parrot.stdout!, 'data'),
    once(parrot, 'exit').then(() => Promise.reject(new Error('the parrot did not come into the room'))),
  ]);
}

/** A folder on a file system without free space. */
export async function fullDisk(): Promise<string> {
  const dir = await tempDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
  // Lazy, because the agent still has files open there and is ended later.
  onTestFinished(() => void execFileSync('umount', ['--lazy', dir]));
  const { bsize, bavail } = statfsSync(dir);
  writeFileSync(join(dir, 'filler'), Buffer.alloc(bavail * bsize));
  return dir;
}

/** Runs `npm run bench:room` and returns its report. */
export async function benchRoom(...args: string[]): Promise<{ report: RoomReport; text: string }> {
  const json = join(await tempDir(), 'report.json');
  const run = ['run', '--silent', 'bench:room', '--', ...args, '--json', json];
  const { stdout } = await promisify(execFile)('npm', run, { cwd: ROOT });
  const { report } = JSON.parse(readFileSync(json, 'utf8')) as { report: RoomReport };
  return { report, text: stdout };
}
