import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type MeasuredCall, type RoomArm, renderRoomReport, roomReport } from '@firstword/calls';
import { readOptions } from '../read-options.js';
import { missingRequirement, openRoomTestbed, type RoomTestbed } from '../testbed/index.js';

const CLI = fileURLToPath(new URL('../../../packages/firstword/bin/firstword.js', import.meta.url));
/** Longest time until the agent registers, ms: its processes load speech models first. */
const AGENT_START_TIMEOUT_MS = 120_000;

const HELP = `Measures the sample agent in real LiveKit rooms, with Firstword's levers and with LiveKit's defaults, in turns.

  --turns <n>       least number of lines per arm (200)
  --concurrent <n>  callers at the same time (2)
  --per-call <n>    lines per call (10); warm-up calls of two lines are played first and not counted
  --profile <name>  the agent's emulated LLM
  --arms <names>    firstword, livekit, or both (livekit,firstword)
  --seed <n>        seed of the callers (1)
  --delay <ms>      one-way delay between callers and server, in both directions (0)
  --loss <percent>  packet loss between callers and server, in both directions (0)
  --out <dir>       folder for tapes, and for records with and without the transport (firstword-out/bench-room)
  --json <file>     write the report and every call

Starts a livekit-server, agents and callers in their own network namespaces. Needs Linux, root, ip, and Go or
LIVEKIT_SERVER. Speech-to-text and text-to-speech run on this machine, so nothing else should run on it.`;

const { values } = readOptions({
  options: {
    turns: { type: 'string', default: '200' },
    concurrent: { type: 'string', default: '2' },
    'per-call': { type: 'string', default: '10' },
    profile: { type: 'string' },
    arms: { type: 'string', default: 'livekit,firstword' },
    seed: { type: 'string', default: '1' },
    delay: { type: 'string', default: '0' },
    loss: { type: 'string', default: '0' },
    out: { type: 'string', default: 'firstword-out/bench-room' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function wholeOf(name: 'turns' | 'concurrent' | 'per-call' | 'seed', least: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least) fail(`--${name} takes a whole number of at least ${least}.`);
  return value;
}

function upTo(name: 'delay' | 'loss', most: number): number {
  const value = Number(values[name]);
  if (!(value >= 0 && value <= most)) fail(`--${name} takes a number from 0 to ${most}.`);
  return value;
}

interface Asked {
  turns: number;
  perCall: number;
  concurrent: number;
  seed: number;
}

const ARMS: Record<string, { name: string; args: string[] }> = {
  livekit: { name: "LiveKit's defaults", args: ['--livekit-defaults'] },
  firstword: { name: 'Firstword', args: [] },
};

const stopping = new AbortController();
const running = new Set<ChildProcess>();

/** Runs a firstword command in the network of the server or of the callers; `onLine` gets each line of its output. */
function firstword(
  testbed: RoomTestbed,
  where: 'server' | 'caller',
  args: readonly string[],
  onLine: (line: string) => void,
) {
  const isCaller = where === 'caller';
  const by = isCaller ? testbed.atCaller : testbed.atServer;
  const [command, ...rest] = [...by, process.execPath, CLI, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    env: { ...process.env, ...(isCaller ? testbed.callerEnv : testbed.env) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, so that Ctrl-C reaches only this process, which then stops the children.
    detached: true,
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
  const ended = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      running.delete(child);
      done(code);
    }),
  );
  return { child, ended };
}

async function startAgent(testbed: RoomTestbed, arm: string, out: string, idle: number): Promise<void> {
  const { args } = ARMS[arm]!;
  const profile = values.profile ? ['--profile', values.profile] : [];
  const output: string[] = [];
  await new Promise<void>((ready, failed) => {
    const timer = setTimeout(
      () => failed(new Error(`the agent did not register:\n${output.join('\n')}`)),
      AGENT_START_TIMEOUT_MS,
    );
    const { ended } = firstword(
      testbed,
      'server',
      ['agent', 'dev', '--name', arm, '--tape', '--out', out, '--idle', String(idle), ...args, ...profile],
      (line) => {
        output.push(line);
        if (!line.startsWith('Registered')) return;
        clearTimeout(timer);
        ready();
      },
    );
    void ended.then((code) => {
      clearTimeout(timer);
      if (stopping.signal.aborted) return ready();
      process.stderr.write(`The agent ended with ${code}:\n${output.join('\n')}\n`);
      failed(new Error('the agent ended'));
    });
  });
}

/** Lines of a warm-up call, which is not counted. */
const WARM_LINES = 2;

/** Plays one round of one arm: `concurrent` calls with `perCall` lines each. */
async function playRound(
  testbed: RoomTestbed,
  arm: string,
  { seed, concurrent, perCall, warmUp = false }: Omit<Asked, 'turns'> & { warmUp?: boolean },
): Promise<MeasuredCall[]> {
  const to = (folder: string) => join(values.out, arm, folder);
  const calls: MeasuredCall[] = [];
  const output: string[] = [];
  const { ended } = firstword(
    testbed,
    'caller',
    [
      ...['call', '--agent-name', arm, '--calls', String(concurrent), '--concurrent', String(concurrent)],
      ...['--turns', String(perCall), '--seed', String(seed), '--json'],
      ...['--out', to(warmUp ? 'warm-up' : 'calls')],
      ...(warmUp ? [] : ['--records', to('agent'), '--aligned-records', to('aligned')]),
    ],
    (line) => {
      if (line.startsWith('{"type":"call"')) calls.push(JSON.parse(line) as MeasuredCall);
      else if (line.startsWith(' ! ')) process.stderr.write(`${line}\n`);
      else output.push(line);
    },
  );
  const code = await ended;
  if (calls.length === 0 && !stopping.signal.aborted) {
    throw new Error(`no call was made (exit code ${code}):\n${output.join('\n')}`);
  }
  // Concurrent calls end in any order; their ids end with their number.
  return calls.sort((a, b) => Number(a.id.split('-').at(-1)) - Number(b.id.split('-').at(-1)));
}

async function play(testbed: RoomTestbed, arms: readonly string[], asked: Asked): Promise<RoomArm[]> {
  const { turns, perCall, concurrent, seed } = asked;
  const rounds = Math.ceil(turns / (perCall * concurrent));
  const played = arms.map((arm) => ({ name: ARMS[arm]!.name, calls: [] as RoomArm['calls'][number][] }));
  for (const arm of arms) {
    process.stderr.write(`Starting the agent with ${ARMS[arm]!.name} …\n`);
    await startAgent(testbed, arm, join(values.out, arm, 'agent'), concurrent);
  }
  // Warm up first: agents register before their processes have loaded the models, which would slow down the first calls.
  for (const arm of arms) {
    process.stderr.write(`Warming up ${ARMS[arm]!.name} …\n`);
    const warm = { seed, concurrent, perCall: WARM_LINES, warmUp: true };
    if (!stopping.signal.aborted) await playRound(testbed, arm, warm);
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (let nth = 0; nth < arms.length && !stopping.signal.aborted; nth += 1) {
      // The arms alternate in being first.
      const at = (nth + round) % arms.length;
      process.stderr.write(`Round ${round}/${rounds}: ${concurrent} calls to ${played[at]!.name} …\n`);
      const seeds = { seed: seed + (round - 1) * concurrent };
      const calls = await playRound(testbed, arms[at]!, { ...seeds, concurrent, perCall });
      played[at]!.calls.push(
        ...calls.map((call) => ({ round, caller: Number(call.id.split('-').at(-1)), call })),
      );
    }
  }
  return played;
}

if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit();
}
const arms = values.arms.split(',');
const unknown = arms.find((arm) => !(arm in ARMS));
if (unknown !== undefined) fail(`there is no arm "${unknown}". Choose from: ${Object.keys(ARMS).join(', ')}`);
const asked: Asked = {
  turns: wholeOf('turns', 1),
  perCall: wholeOf('per-call', 1),
  concurrent: wholeOf('concurrent', 1),
  seed: wholeOf('seed', 0),
};
const link = { delayMs: upTo('delay', 2000), lossPercent: upTo('loss', 100) };
const why = missingRequirement();
if (why) fail(`This cannot run here: ${why}.`);
// npm changes to the package's folder; resolve paths from the folder where the command was started.
const from = process.env.INIT_CWD ?? process.cwd();
values.out = resolve(from, values.out);
if (values.json) values.json = resolve(from, values.json);
await mkdir(values.out, { recursive: true });
const testbed = await openRoomTestbed(link.delayMs > 0 || link.lossPercent > 0 ? { link } : {});
/** The first Ctrl-C stops the calls, which print their measurements; the second one kills everything. */
const stop = () => {
  for (const child of running) {
    if (stopping.signal.aborted) process.kill(-child.pid!, 'SIGKILL');
    else child.kill('SIGTERM');
  }
  stopping.abort();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
try {
  const played = await play(testbed, arms, asked);
  const wasStopped = stopping.signal.aborted;
  const report = roomReport(played, { seed: asked.seed });
  process.stdout.write(`\n${renderRoomReport(report)}\n`);
  if (values.json) await writeFile(values.json, `${JSON.stringify({ report, arms: played }, null, 2)}\n`);
  process.exitCode = wasStopped ? 130 : 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
} finally {
  stopping.abort();
  // The first signal lets an agent finish its calls; the second one ends it immediately.
  for (let tries = 0; running.size > 0 && tries < 50; tries += 1) {
    for (const child of running) child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await testbed.close();
}
process.exit();
