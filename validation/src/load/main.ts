import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { callLines, playCall, synthesizeCall } from '@firstword/calls';
import { startEmulator } from '@firstword/emulator';
import { openAiCompatible } from '@firstword/llm';
import { fliteTts } from '@firstword/local';
import { systemClock } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { emulatedStt } from './emulated-stt.js';
import { emulatedTts } from './emulated-tts.js';
import { type LoadGap, type LoadStep, renderLoadSteps, verdictOf } from './load-steps.js';

const HELP = `Measures how many concurrent calls one agent process can handle: real AgentSessions with Firstword's levers and LiveKit's
VAD and end-of-turn model, an LLM emulated over sockets, and STT and TTS emulated in real time. The callers run in the same
process and use its CPU; there is no LiveKit room. Every line has the same LLM delays in every step. Stops at the first step
whose p95 is more than 1.15 times that of a single call, or that loses a line.

  --steps <n,…>    numbers of concurrent calls, starting with 1 (1,2,4,8,12,16,24,32)
  --turns <n>      lines per call (9)
  --sets <n>       sets of LLM delays, one per call; steps with fewer calls are repeated until each set was used (4)
  --profile <name> the emulated LLM (groq-gpt-oss-120b)
  --seed <n>       seed of the lines and delays (1)
  --json <file>    write every gap`;

const { values } = readOptions({
  options: {
    steps: { type: 'string', default: '1,2,4,8,12,16,24,32' },
    turns: { type: 'string', default: '9' },
    sets: { type: 'string', default: '4' },
    profile: { type: 'string', default: 'groq-gpt-oss-120b' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit();
}
/** Time between the starts of concurrent calls, ms. */
const APART_MS = 370;

function wholes(name: 'steps' | 'turns' | 'sets' | 'seed', least: number): number[] {
  const found = values[name].split(',').map(Number);
  if (found.every((value) => Number.isInteger(value) && value >= least)) return found;
  process.stderr.write(`--${name} takes whole numbers of at least ${least}.\n`);
  process.exit(2);
}

const counts = wholes('steps', 1);
const [turns, sets, seed] = [wholes('turns', 1)[0]!, wholes('sets', 1)[0]!, wholes('seed', 0)[0]!];
if (counts[0] !== 1) {
  process.stderr.write('--steps must start with 1: the other steps are compared with a single call.\n');
  process.exit(2);
}
const lines = callLines({ turns, seed });
const callerVoice = fliteTts({ voice: 'rms' });
const clips = await synthesizeCall({ lines, voice: callerVoice });
await callerVoice.close();
const callerLines = clips.map(({ line, samples }) => ({
  text: line.parts.join(' '),
  ms: samples.length / 16,
}));

/** Plays one call with a set of delays. It has its own emulator, so that other calls do not change its delays. */
async function oneCall(nth: number, set: number): Promise<{ gaps: LoadGap[]; lost: number }> {
  const emulator = await startEmulator({ seed: seed + set, ttftSequence: 'per-question' });
  const llm = openAiCompatible({
    provider: 'emulated',
    baseUrl: emulator.urlFor(values.profile),
    model: values.profile,
    apiKey: 'emulated',
  });
  await new Promise<void>((begin) => systemClock.schedule(nth * APART_MS, begin));
  await llm.warm();
  const { report } = await playCall({
    callId: `load-${nth}`,
    agent: {
      stt: emulatedStt({ lines: callerLines, clock: systemClock }),
      llm,
      tts: emulatedTts({ clock: systemClock }),
      instructions: 'You answer the telephone of a restaurant.',
      levers: {},
    },
    clips,
    seed: seed + set,
    startedMs: systemClock.nowMs(),
    events: { onTurn: () => {} },
  });
  await llm.close();
  await emulator.close();
  const gaps = report.turns.flatMap(({ turn, gapMs }) =>
    gapMs === undefined ? [] : [{ line: `${set}/${turn}`, gapMs }],
  );
  // A line that had to be repeated counts as lost, because its first attempt was not answered.
  const again = report.turns.filter(({ attempts, outcome }) => attempts > 1 && outcome === 'answered');
  return { gaps, lost: report.lost + again.length };
}

async function play(calls: number): Promise<LoadStep> {
  const step: LoadStep = { calls, gaps: [], lost: 0, cores: 0 };
  const rounds = Math.ceil(sets / calls);
  const before = process.cpuUsage();
  const startedMs = systemClock.nowMs();
  for (let round = 0; round < rounds; round += 1) {
    const at = (nth: number) => oneCall(nth, (round * calls + nth) % sets);
    const played = await Promise.all(Array.from({ length: calls }, (_, nth) => at(nth)));
    step.gaps.push(...played.flatMap(({ gaps }) => gaps));
    step.lost += played.reduce((sum, { lost }) => sum + lost, 0);
  }
  const { user, system } = process.cpuUsage(before);
  step.cores = (user + system) / 1000 / (systemClock.nowMs() - startedMs);
  return step;
}

process.stderr.write('Warm-up call …\n');
await oneCall(0, 0);
const steps: LoadStep[] = [];
for (const calls of counts) {
  process.stderr.write(`${calls} concurrent calls …\n`);
  steps.push(await play(calls));
  const { holds } = verdictOf(steps.at(-1)!, steps[0]!);
  if (!holds) break;
}
const verdicts = steps.map((step) => verdictOf(step, steps[0]!));
process.stdout.write(
  `Node ${process.version}. LLM ${values.profile}, emulated STT and TTS; felt gaps as received by the callers.\n\n${renderLoadSteps(verdicts)}\n`,
);
if (values.json) {
  const path = resolve(process.env.INIT_CWD ?? '.', values.json);
  await writeFile(path, `${JSON.stringify({ steps, verdicts }, null, 2)}\n`);
}
process.exit();
