import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { connections } from './connections.js';
import { encoding } from './encoding.js';
import { faults } from './faults.js';
import { type BenchOutcome, missesTarget, renderTable, toJson } from './figures.js';
import { learning } from './learning.js';
import { overhead } from './overhead.js';
import { portkey } from './portkey.js';
import { prefix } from './prefix.js';
import { BenchProgress } from './progress.js';
import { race } from './race.js';
import { type Bench, type BenchRun, Unavailable } from './run.js';
import { soak } from './soak.js';

const BENCHES: Record<string, Bench> = {
  race,
  learning,
  faults,
  overhead,
  portkey,
  connections,
  prefix,
  encoding,
  soak,
};

const minutes = (which: 0 | 1) =>
  Math.ceil(Object.values(BENCHES).reduce((sum, { seconds }) => sum + seconds[which], 0) / 60);

const HELP = `Usage: npm run bench:llm -- [bench…] [options]

Measures the LLM router, with arms interleaved on the same seeds, and prints one table at the end: figure, target,
measured [95 % bootstrap interval], n, verdict. Providers are emulated, on real sockets. Without a name, all benches run:
about ${minutes(0)} minutes, or ${minutes(1)} with --quick, on two free cores. Other load on the machine shows in the figures.

${Object.entries(BENCHES)
  .map(([name, { about, seconds }]) => `  ${name.padEnd(12)} ${about} (${seconds[0]} s)`)
  .join('\n')}

Options:
  --quick          fewer samples, wider intervals
  --json FILE      also writes the figures as JSON
  --seed N         seed of the emulators (default 1)
  --requests N     requests per arm, instead of each bench's default
  --calls N        parallel calls, in race (default 24) and prefix (default 16)
  --idle-ms N      idle time, in connections (default 60000)
  --help

Examples:
  npm run bench:llm -- --json figures.json
  npm run bench:llm -- race --requests 3000 --seed 2

Exits with 0 if every measured target is met, 1 if one is missed, 130 on Ctrl-C (which prints the results so far).`;

function usage(problem: string): never {
  console.error(`${problem} See npm run bench:llm -- --help.`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        seed: { type: 'string', default: '1' },
        requests: { type: 'string' },
        calls: { type: 'string' },
        'idle-ms': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return usage((error as Error).message);
  }
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    usage(`--${name} takes a whole number from 1; it was "${text}".`);
  return value;
}

async function outcomeOf(name: string, run: BenchRun): Promise<BenchOutcome> {
  const outcome = { bench: name, figures: [], cutShort: false };
  try {
    const figures = await BENCHES[name]!.run(run);
    const cutShort = run.signal.aborted;
    if (cutShort && figures.length === 0) return { ...outcome, skipped: 'stopped' };
    return { ...outcome, figures, cutShort };
  } catch (error) {
    if (run.signal.aborted) return { ...outcome, skipped: 'stopped' };
    const { message } = error as Error;
    return error instanceof Unavailable ? { ...outcome, skipped: message } : { ...outcome, error: message };
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  usage(`There is no bench "${unknown.join(', ')}". Choose from: ${Object.keys(BENCHES).join(', ')}.`);
}
const settings = {
  seed: positive('seed', values.seed)!,
  quick: values.quick,
  requests: positive('requests', values.requests),
  calls: positive('calls', values.calls),
  idleMs: positive('idle-ms', values['idle-ms']),
};

const stop = new AbortController();
// Every running request adds a listener.
setMaxListeners(0, stop.signal);
process.on('SIGINT', () => {
  // The second Ctrl-C ends the process at once.
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
});
const load = () => loadavg().map((value) => Number(value.toFixed(2)));
const conditions = {
  node: process.version,
  cores: availableParallelism(),
  startedAt: new Date(),
  loadBefore: load(),
};
console.log(
  `Node ${conditions.node}, ${conditions.cores} cores, load ${conditions.loadBefore[0]}. Providers are emulated; 95 % intervals in brackets.`,
);

const outcomes: BenchOutcome[] = [];
const estimates = names.map((name) => BENCHES[name]!.seconds[values.quick ? 1 : 0]);
const progress = new BenchProgress(names, estimates);
for (const [i, name] of names.entries()) {
  if (stop.signal.aborted) {
    outcomes.push({ bench: name, figures: [], cutShort: false, skipped: 'stopped' });
    continue;
  }
  progress.begin(i);
  outcomes.push(
    await outcomeOf(name, {
      ...settings,
      signal: stop.signal,
      progress: (share) => progress.show(share),
    }),
  );
  progress.end();
}
console.log(`\n${renderTable(outcomes)}`);
const loadAfter = load();
console.log(
  `\nLoad before ${conditions.loadBefore[0]}, after ${loadAfter[0]}, on ${conditions.cores} cores.`,
);
// The last benches themselves use two processes.
if (conditions.loadBefore[0]! > conditions.cores || loadAfter[0]! > conditions.cores + 2) {
  console.log('The machine was busy with other work: the times and ratios are not reliable.');
}
if (values.json) {
  const report = { ...conditions, loadAfter, ...settings, figures: toJson(outcomes) };
  await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exit(stop.signal.aborted ? 130 : outcomes.some(missesTarget) ? 1 : 0);
