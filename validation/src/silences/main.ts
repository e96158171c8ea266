import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeRooms, loadLocalModels, PhraseCache } from '@firstword/livekit';
import { ascending, percentile, seededRandom } from '@firstword/turn/statistics';
import { initializeLogger } from '@livekit/agents';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { BARGE_IN_ARMS, type BargeInResult, playBargeInCall } from './barge-in-calls.js';
import { bargeInLines } from './barge-in-lines.js';
import { callerSounds } from './caller-sounds.js';
import { at } from './figures.js';
import { type HelloArm, type HelloResult, playHello } from './hello-calls.js';
import { FAST_MS, playToolCall, type ToolArm, type ToolTurnResult } from './tool-calls.js';

const HELP = `Usage: npm run bench:silences -- [options]

Plays calls without a room, LiveKit's defaults and Firstword in turns: how long a caller waits for the first words (a warm
process, with emulated LLM and TTS), the longest silence in turns with tools of 0.3 to 5 s, and how the agent stops when the
caller breaks in, coughs or says "mhm". Measured on what is played. 0 leaves a part out.

  --hellos N     calls per arm for the time to hello (default 40)
  --calls N      calls with tools per arm (default 8)
  --turns N      turns per call (default 10)
  --faults       with callers who break in, tools that throw and an LLM that fails: what must not happen is counted
  --barge-ins N  calls per arm in which the caller breaks in (default 4): real VAD, a scripted STT
  --sounds N     sounds of the caller per such call (default 10)
  --curve        also LiveKit's session with other values of interruption.minDuration
  --speech DIR   people's interruptions (a folder with manifest.jsonl); default: synthetic voices. Coughs are synthetic
  --room URL     plays them through a room of this server, livekit-server --dev: what the caller hears, jitter buffer included
  --max-late MS  leaves out sounds that a busy machine has given to the agent later than this (default 40)
  --parallel N   calls at the same time (default 4)
  --seed N       (default 1)
  --json         one JSON object
`;

const { values } = readOptions({
  options: {
    hellos: { type: 'string', default: '40' },
    calls: { type: 'string', default: '8' },
    turns: { type: 'string', default: '10' },
    faults: { type: 'boolean', default: false },
    'barge-ins': { type: 'string', default: '4' },
    sounds: { type: 'string', default: '10' },
    curve: { type: 'boolean', default: false },
    speech: { type: 'string' },
    room: { type: 'string' },
    'max-late': { type: 'string', default: '40' },
    parallel: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const HELLO_ARMS: readonly HelloArm[] = ['livekit generate', 'livekit say', 'firstword'];
const TOOL_ARMS: readonly ToolArm[] = ['livekit', 'firstword'];

/** Runs jobs, some at the same time, in their order. */
async function inParallel<T>(jobs: readonly (() => Promise<T>)[], count: number, what: string): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < jobs.length) {
      const at = next++;
      results[at] = await jobs[at]!();
      process.stderr.write(`\r${what}: ${next} of ${jobs.length} `);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, count) }, work));
  process.stderr.write('\n');
  return results;
}

async function hellos(count: number, seed: number) {
  if (count === 0) return [];
  const dir = await mkdtemp(join(tmpdir(), 'firstword-hello-'));
  const random = seededRandom(seed, 'hello');
  const cache = new PhraseCache({ dir });
  try {
    // The first call fills the cache.
    await playHello({ arm: 'firstword', firstContentMs: 300, cache });
    const jobs = Array.from({ length: count }, () => 250 + 250 * random.uniform()).flatMap((firstContentMs) =>
      HELLO_ARMS.map((arm) => async () => ({ arm, ...(await playHello({ arm, firstContentMs, cache })) })),
    );
    return await inParallel(jobs, 1, 'time to hello');
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function tools(calls: number, seed: number) {
  const turns = Number(values.turns);
  const jobs = Array.from({ length: calls }, (_, call) => call).flatMap((call) =>
    TOOL_ARMS.map((arm) => async () => {
      const results = await playToolCall({ arm, turns, seed: seed + call, withFaults: values.faults });
      return results.map((result) => ({ arm, ...result }));
    }),
  );
  return (await inParallel(jobs, Number(values.parallel), 'calls with tools')).flat();
}

async function bargeIns(calls: number, seed: number): Promise<BargeInResult[]> {
  if (calls === 0) return [];
  const sounds = await callerSounds(seed, values.speech);
  const arms = values.curve ? BARGE_IN_ARMS : BARGE_IN_ARMS.slice(0, 2);
  const jobs = Array.from({ length: calls }, (_, call) => call).flatMap((call) =>
    arms.map(
      (arm) => () =>
        playBargeInCall({
          arm,
          sounds,
          count: Number(values.sounds),
          seed: seed + call,
          roomUrl: values.room,
        }),
    ),
  );
  const results = await inParallel(jobs, Number(values.parallel), 'calls with interruptions');
  if (values.room) await closeRooms();
  return results.flat();
}

function helloLines(results: readonly (HelloResult & { arm: HelloArm })[]): string[] {
  const of = (arm: HelloArm) => results.filter((one) => one.arm === arm).map(({ helloMs }) => helloMs);
  const ours = of('firstword');
  const lines = HELLO_ARMS.map((arm) => {
    const own = of(arm);
    const ratio = percentile(ascending(ours), 95) / percentile(ascending(own), 95);
    const ratioText = arm === 'firstword' ? '' : `  firstword / ${arm} at p95: ${ratio.toFixed(2)}`;
    return `${arm.padEnd(18)}n ${own.length}  p50 ${at(own, 50)}  p95 ${at(own, 95)} ms${ratioText}`;
  });
  const apartMs = results.flatMap(({ helloMs, recordMs }) =>
    recordMs === undefined ? [] : [Math.abs(helloMs - recordMs)],
  );
  return ['time to hello', ...lines, `|record − played|   p50 ${at(apartMs, 50)}  p95 ${at(apartMs, 95)} ms`];
}

function toolLines(results: readonly (ToolTurnResult & { arm: ToolArm })[]): string[] {
  return TOOL_ARMS.flatMap((arm) => {
    const own = results.filter((one) => one.arm === arm);
    const longestMs = (some: typeof own) => some.flatMap(({ longestMs: ms }) => ms ?? []);
    const count = (isSo: (one: ToolTurnResult) => boolean) => own.filter(isSo).length;
    const words = own.filter(({ hasWords }) => hasWords);
    const silent = own.filter(({ hasWords }) => !hasWords);
    return [
      '',
      `${arm}: ${own.length} turns with tools`,
      `  longest silence                 p50 ${at(longestMs(own), 50)}  p95 ${at(longestMs(own), 95)} ms`,
      `    with words before the tool    p50 ${at(longestMs(words), 50)}  p95 ${at(longestMs(words), 95)} ms`,
      `    without                       p50 ${at(longestMs(silent), 50)}  p95 ${at(longestMs(silent), 95)} ms`,
      `  fillers over tools under ${FAST_MS} ms: ${count((one) => one.toolMs < FAST_MS && one.fillers > 0)}; over slower ones: ${count((one) => one.toolMs >= FAST_MS && one.fillers > 0)}`,
      `  doubled ${count((one) => one.answers > 1)}, tools run twice ${count((one) => one.toolRuns > 1)}, stale ${count((one) => one.isStale)}, unanswered ${count((one) => one.answers === 0 && !one.isBrokenInto)}`,
    ];
  });
}

await runToEnd(async () => {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  initializeLogger({ pretty: false, level: 'silent' });
  loadLocalModels();
  const seed = Number(values.seed);
  const greeted = await hellos(Number(values.hellos), seed);
  const asked = await tools(Number(values.calls), seed);
  const broken = await bargeIns(Number(values['barge-ins']), seed);
  if (values.json) {
    const results = { type: 'silences', hellos: greeted, tools: asked, bargeIns: broken };
    process.stdout.write(`${JSON.stringify(results)}\n`);
    return;
  }
  const lines = [
    ...(greeted.length > 0 ? helloLines(greeted) : []),
    ...(asked.length > 0 ? toolLines(asked) : []),
    ...bargeInLines(broken, Number(values['max-late'])),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
});
