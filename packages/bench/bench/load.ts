import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { callLines, playCall, synthesizeCall } from '@firstword/bench';
import { emulatedEars, emulatedVoice, type LoadStep, renderLadder, verdictOf } from '@firstword/bench/load';
import { startEmulator } from '@firstword/emulator';
import { openAiCompatible } from '@firstword/llm';
import { fliteTts } from '@firstword/local';
import { systemClock } from '@firstword/turn';

const HELP = `How many calls one agent process holds: real AgentSessions with Firstword's levers, LiveKit's VAD and end-of-turn
model and all, an LLM emulated over sockets, and ears and a voice that are emulated at real pace. The callers are in the
same process, and count against it. Stops at the first step whose p95 is more than 1.15 times that of one call.

  --steps <n,…>   calls at once (1,2,4,8,12,16,24,32)
  --turns <n>     lines a call (9)
  --least <n>     turns a step at least: steps of few calls are played again (36)
  --profile <name> --seed <n> --json <file>`;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1,2,4,8,12,16,24,32' },
    turns: { type: 'string', default: '9' },
    least: { type: 'string', default: '36' },
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

const seed = Number(values.seed);
const lines = callLines({ turns: Number(values.turns), seed });
const callerVoice = fliteTts({ voice: 'rms' });
const clips = await synthesizeCall({ lines, voice: callerVoice });
await callerVoice.close();
const told = clips.map(({ line, samples }) => ({ text: line.parts.join(' '), ms: samples.length / 16 }));
const emulator = await startEmulator({ seed });
const llm = openAiCompatible({
  provider: 'emulated',
  baseUrl: emulator.urlFor(values.profile),
  model: values.profile,
  apiKey: 'emulated',
});

async function oneCall(nth: number): Promise<{ gapsMs: number[]; lost: number }> {
  await new Promise<void>((begin) => systemClock.schedule(nth * APART_MS, begin));
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
    seed: seed + nth,
    startedMs: systemClock.nowMs(),
    events: { onTurn: () => {} },
  });
  return { gapsMs: report.turns.flatMap(({ gapMs }) => gapMs ?? []), lost: report.lost };
}

async function play(calls: number): Promise<LoadStep> {
  const step: LoadStep = { calls, gapsMs: [], lost: 0, cores: 0 };
  const rounds = Math.ceil(Number(values.least) / (calls * lines.length));
  const before = process.cpuUsage();
  const startedMs = systemClock.nowMs();
  for (let round = 0; round < rounds; round += 1) {
    const played = await Promise.all(Array.from({ length: calls }, (_, nth) => oneCall(nth)));
    step.gapsMs.push(...played.flatMap(({ gapsMs }) => gapsMs));
    step.lost += played.reduce((sum, { lost }) => sum + lost, 0);
  }
  const { user, system } = process.cpuUsage(before);
  step.cores = (user + system) / 1000 / (systemClock.nowMs() - startedMs);
  return step;
}

process.stderr.write('One call to warm up …\n');
await oneCall(0);
const steps: LoadStep[] = [];
for (const calls of values.steps.split(',').map(Number)) {
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
await emulator.close();
process.exit();
