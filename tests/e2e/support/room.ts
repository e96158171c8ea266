import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CallSummary, MeasuredCall, RoomReport } from '@firstword/calls';
import type { RoomHouse } from '@firstword/validation/testbed';
import { onTestFailed, onTestFinished } from 'vitest';
import { type Cli, childrenOf, type Ending, finished, firstword } from './cli.js';
import { tempDir } from './temp.js';

const PARROT = fileURLToPath(new URL('../../../packages/calls/src/testing/parrot.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** An agent that is told to has ended its calls by then, ms. */
const ENDS_WITHIN_MS = 10_000;

/** Starts `firstword call` where the callers are. */
export function startCall(house: RoomHouse, ...args: string[]): Cli {
  const cli = firstword(['call', ...args], { env: house.callerEnv, by: house.atCaller });
  onTestFinished(() => cli.kill());
  return cli;
}

export interface CallResult extends Ending {
  stderr: string;
  calls: MeasuredCall[];
  summary: CallSummary;
}

/** What a `firstword call --json` told. */
export async function resultOf(cli: Cli): Promise<CallResult> {
  const { stdout, ...rest } = await finished(cli);
  if (stdout === '') throw new Error(`no call was made: ${rest.stderr}`);
  const told = stdout.split('\n').map((line) => JSON.parse(line) as MeasuredCall | CallSummary);
  const calls = told.filter((one) => one.type === 'call');
  return { ...rest, calls, summary: told.find((one) => one.type === 'summary')! };
}

/** Starts `firstword agent` with the server; resolves when it answers. */
export async function startAgent(house: RoomHouse, ...args: string[]): Promise<Cli> {
  const cli = firstword(['agent', ...args], { env: house.env, by: house.atServer });
  // Killed outright it would leave the processes of its calls behind; the second signal ends it at once.
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

/** Kills the processes of an agent's calls as the kernel does where memory runs out. */
export function killCallsOf(agent: Cli): void {
  const calls = childrenOf(agent.pid).filter(({ command }) => command.includes('job_proc'));
  if (calls.length === 0) throw new Error('the agent has no process for its calls');
  for (const { pid } of calls) process.kill(pid, 'SIGKILL');
}

/** Puts somebody into a room who answers so long after the last sound of whoever speaks. */
export async function startParrot(house: RoomHouse, room: string, pauseMs: number): Promise<void> {
  const [command, ...rest] = [...house.atServer, process.execPath, PARROT, room, String(pauseMs)];
  const env = { ...process.env, ...house.env };
  const parrot: ChildProcess = spawn(command!, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parrot.kill('SIGKILL'));
  await Promise.race([
    once(parrot.stdout!, 'data'),
    once(parrot, 'exit').then(() => Promise.reject(new Error('the parrot did not come into the room'))),
  ]);
}

/** A folder on a disk of its own, on which nothing is left. */
export async function fullDisk(): Promise<string> {
  const dir = await tempDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
  // Lazily: the agent, which is ended after this, has it open.
  onTestFinished(() => void execFileSync('umount', ['--lazy', dir]));
  const { bsize, bavail } = statfsSync(dir);
  writeFileSync(join(dir, 'filler'), Buffer.alloc(bavail * bsize));
  return dir;
}

/** Runs `npm run bench:room` to its end and reads its report. */
export async function benchRoom(...args: string[]): Promise<{ report: RoomReport; text: string }> {
  const json = join(await tempDir(), 'report.json');
  const run = ['run', '--silent', 'bench:room', '--', ...args, '--json', json];
  const { stdout } = await promisify(execFile)('npm', run, { cwd: ROOT });
  const { report } = JSON.parse(readFileSync(json, 'utf8')) as { report: RoomReport };
  return { report, text: stdout };
}
