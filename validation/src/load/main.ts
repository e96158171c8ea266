import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { callLines, playCall, synthesizeCall } from '@firstword/calls';
import { startEmulator } from '@firstword/emulator';
import { openAiCompatible } from '@firstword/llm';
import { fliteTts } from '@firstword/local';
import { systemClock } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import {
  emulatedEars,
  emulatedVoice,
  type LoadGap,
  type LoadStep,
  renderLadder,
  verdictOf,
} from './index.js';

const HELP = `How many calls one agent process holds: real AgentSessions with Firstword's levers, LiveKit's VAD and end-of-turn
model and all, an LLM emulated over sockets, and ears and a voice that are emulated at real pace. The callers are in the
same process, and count against it; there is no room between them. Every step meets the same delays of the LLM, line by
line. Stops at the first step whose p95 is more than 1.15 times that of one call, or that leaves a line unanswered.

  --steps <n,…>    calls at once, 1 first (1,2,4,8,12,16,24,32)
  --turns <n>      lines a call (9)
  --sets <n>       sets of delays, one a call: steps of fewer calls are played again until each was met (4)
  --profile <name> the emulated LLM (groq-gpt-oss-120b)
  --seed <n>       same seed, same lines and delays (1)
  --json <file>    every gap`;

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
/** Callers do not all ring in the same instant, ms between them. */
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
  process.stderr.write('--steps begins with 1: the others are compared with one call alone.\n');
  process.exit(2);
}
const lines = callLines({ turns, seed });
const callerVoice = fliteTts({ voice: 'rms' });
const clips = await synthesizeCall({ lines, voice: callerVoice });
await callerVoice.close();
const told = clips.map(({ line, samples }) => ({ text: line.parts.join(' '), ms: samples.length / 16 }));

/** One call with the delays of a set. Its provider is its own, so that no other call shifts what it draws. */
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
      stt: emulatedEars({ lines: told, clock: systemClock }),
      llm,
      tts: emulatedVoice({ clock: systemClock }),
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
  // A line that had to be said again was not answered either.
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

process.stderr.write('One call to warm up …\n');
await oneCall(0, 0);
const steps: LoadStep[] = [];
for (const calls of counts) {
  process.stderr.write(`${calls} at once …\n`);
  steps.push(await play(calls));
  const { holds } = verdictOf(steps.at(-1)!, steps[0]!);
  if (!holds) break;
}
const verdicts = steps.map((step) => verdictOf(step, steps[0]!));
process.stdout.write(
  `Node ${process.version}. LLM ${values.profile}, ears and voice emulated; felt gaps as the callers heard them.\n\n${renderLadder(verdicts)}\n`,
);
if (values.json) {
  const path = resolve(process.env.INIT_CWD ?? '.', values.json);
  await writeFile(path, `${JSON.stringify({ steps, verdicts }, null, 2)}\n`);
}
process.exit();
