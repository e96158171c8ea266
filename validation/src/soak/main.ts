import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FirstwordError, systemClock } from '@firstword/turn';
import { openTemporaryFolder } from '@firstword/turn/store';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { soakPlot } from './plot.js';
import { processTitle, processTree, sampleProcess } from './process-sample.js';
import type { HeapSample, SoakFile, SoakSample } from './soak-file.js';
import { renderSoak, withFigures } from './table.js';
import { isFlat } from './trend.js';

const HELP = `Plays calls one after another in one process for hours, and measures every ten seconds how many files and how much memory it
and its speech-to-text process hold (Linux: /proc). The parts are the demo's: speech engines, levers, tape, turn records and an
emulated LLM over a real socket. MALLOC_ARENA_MAX is 1 unless it is set. Fails if descriptors or resident memory grow after the first 15 minutes.

  --minutes <n>    how long (120)
  --turns <n>      lines of the caller per call (12)
  --profile <name> the emulated LLM (groq-gpt-oss-120b)
  --json <file>    write all samples; every minute during the run too
  --svg <file>     draw them
  --page <file>    write the figures into a Markdown page, between <!-- figures --> and <!-- end -->
  --from <file>    measure nothing: judge the samples in a file of --json, and draw and write them`;

const { values } = readOptions({
  options: {
    minutes: { type: 'string', default: '120' },
    turns: { type: 'string', default: '12' },
    profile: { type: 'string', default: 'groq-gpt-oss-120b' },
    json: { type: 'string' },
    svg: { type: 'string' },
    page: { type: 'string' },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit();
}

const SAMPLE_MS = 10_000;
const READY_MS = 120_000;
/** How long the process of the calls may take to end after `stop` was sent to it; then it is killed. */
const CLOSE_LIMIT_MS = 20_000;
const CALLS_PROCESS = fileURLToPath(new URL('./calls-process.js', import.meta.url));
const STT_TITLE = 'firstword-moonshine';
/**
 * One heap for all threads of a process. By default glibc gives each of them one of its own, up to eight a core. Inference runs on
 * whichever thread of the pool is free, so each of these heaps slowly grows to the largest need of all: docs/measurements/soak.md.
 */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '1', ...process.env };

/** A path of the command line, from the folder in which npm was started. */
const given = (path: string) => resolve(process.env.INIT_CWD ?? '.', path);

/** Replaces the file in one step: a reader, or a crash, finds a whole one. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

const sttOf = (pid: number) => processTree(pid).find((child) => processTitle(child).startsWith(STT_TITLE));

/** One sample of both processes; `undefined` if one of them has ended. */
function sampleOf(pids: { calls: number; stt: number }, minute: number, heap: HeapSample | undefined) {
  const [calls, stt] = [sampleProcess(pids.calls), sampleProcess(pids.stt)];
  if (!calls || !stt) return undefined;
  const sample: SoakSample = { minute, load: loadavg()[0]!, processes: { calls, stt }, heap };
  return sample;
}

function progressText({ minute, processes, heap }: SoakSample): string {
  const { calls, stt } = processes;
  return [
    `${minute.toFixed(1).padStart(6)} min`,
    `calls: ${calls.descriptors} files, ${calls.residentMb.toFixed(1)} MB`,
    `(heap ${heap?.heapUsedMb.toFixed(1)}, external ${heap?.externalMb.toFixed(1)})`,
    `stt: ${stt.descriptors} files, ${stt.residentMb.toFixed(1)} MB`,
    `${heap?.calls ?? 0} calls, ${heap?.turns ?? 0} turns, ${heap?.lost ?? 0} lost`,
  ].join('  ');
}

/** Samples until the time is over or the signal fires. */
async function watch(child: ChildProcess, file: SoakFile, signal: AbortSignal): Promise<void> {
  const pids = { calls: child.pid!, stt: sttOf(child.pid!) ?? 0 };
  let heap: HeapSample | undefined;
  child.on('message', (message: HeapSample) => {
    heap = message;
  });
  const startedMs = systemClock.nowMs();
  const minuteNow = () => (systemClock.nowMs() - startedMs) / 60_000;
  while (minuteNow() < file.plannedMinutes && !signal.aborted) {
    const sample = sampleOf(pids, minuteNow(), heap);
    if (child.exitCode !== null) {
      throw new FirstwordError('worker_died', `the process of the calls ended with ${child.exitCode}`);
    }
    if (sample) file.samples.push(sample);
    else {
      // The agent has started another speech-to-text process: the run goes on, and does not count as flat.
      file.restarts.push(minuteNow());
      pids.stt = sttOf(pids.calls) ?? 0;
    }
    if (file.samples.length % 6 === 1) {
      if (sample) process.stderr.write(`${progressText(sample)}\n`);
      if (values.json) await writeWhole(given(values.json), `${JSON.stringify(file)}\n`);
    }
    await new Promise<void>((done) => systemClock.schedule(SAMPLE_MS, done));
  }
}

async function measure(signal: AbortSignal): Promise<SoakFile> {
  const folder = await openTemporaryFolder({ purpose: 'soak' });
  const child = fork(CALLS_PROCESS, [folder.path, values.profile, values.turns], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: ENVIRONMENT,
  });
  const file: SoakFile = {
    type: 'firstword.soak',
    startedAt: new Date().toISOString(),
    plannedMinutes: Number(values.minutes),
    node: process.version,
    mallocArenas: ENVIRONMENT.MALLOC_ARENA_MAX,
    cores: availableParallelism(),
    restarts: [],
    samples: [],
  };
  try {
    await once(child, 'message', { signal: AbortSignal.timeout(READY_MS) });
    await watch(child, file, signal);
  } finally {
    const gone = once(child, 'exit');
    if (child.connected) child.send('stop', () => {});
    const cancel = systemClock.schedule(CLOSE_LIMIT_MS, () => child.kill('SIGKILL'));
    if (child.exitCode === null && child.signalCode === null) await gone;
    cancel();
    await folder.remove();
  }
  return file;
}

await runToEnd(async () => {
  if (process.platform !== 'linux')
    throw new FirstwordError('bad_input', 'the soak reads /proc: run it on Linux');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  const file = values.from
    ? (JSON.parse(await readFile(given(values.from), 'utf8')) as SoakFile)
    : await measure(stop.signal);
  if (values.json && !values.from) await writeWhole(given(values.json), `${JSON.stringify(file)}\n`);
  if (values.svg) await writeFile(given(values.svg), soakPlot(file));
  if (values.page) {
    const page = given(values.page);
    await writeFile(page, withFigures(await readFile(page, 'utf8'), renderSoak(file)));
  }
  process.stdout.write(`${renderSoak(file)}\n`);
  if (!isFlat(file)) process.exitCode = 1;
});
