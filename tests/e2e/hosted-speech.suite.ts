import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CALLER_RATE_HZ,
  callLines,
  detectGapsInFile,
  openTape,
  reconcile,
  ScriptedCaller,
  ScriptRecognizer,
  synthesizeCall,
} from '@firstword/calls';
import { type SpeechEmulator, startSpeechEmulator } from '@firstword/emulator/speech';
import { AgentSession, OUTPUT_RATE_HZ, PacedAudioOutput, PushAudioInput } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectSumsToGap, recordsIn } from './support/records.js';
import { tempDir } from './support/temp.js';

/** Largest difference between record and tape at p95, ms. */
const MOST_DIFFERENCE_MS = 20;
const README = new URL('../../packages/livekit/README.md', import.meta.url);
const TURNS = 6;

const clock = systemClock;
const script = new ScriptRecognizer(clock);
let agentVoice: ReturnType<typeof fliteTts>;
let emulator: SpeechEmulator;

beforeEach(async () => {
  initializeLogger({ pretty: false, level: 'silent' });
  agentVoice = fliteTts({ voice: 'slt' });
  emulator = await startSpeechEmulator({ recognizer: script, voice: agentVoice });
  process.env.LIVEKIT_INFERENCE_URL = emulator.url;
  // As on LiveKit Cloud: a session then takes the hosted turn detector.
  process.env.LIVEKIT_REMOTE_EOT_URL = emulator.origin;
  process.env.LIVEKIT_API_KEY = 'key';
  process.env.LIVEKIT_API_SECRET = 'secret';
});

afterEach(async () => {
  await emulator?.close();
  await agentVoice.close();
});

/** The README's snippet as a function. It is run word for word; only its imports are parameters. */
async function snippet(): Promise<(parts: object) => Promise<AgentSession>> {
  const blocks = (await readFile(README, 'utf8')).matchAll(/```ts\n(.*?)```/gs);
  const text = [...blocks]
    .map(([, block]) => block!)
    .find((block) => block.includes("stt: 'deepgram/nova-3'"))!;
  const body = text.replace(/^import .*;\n/gm, '');
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const run = AsyncFunction('{ AgentSession, agent, ctx, console }', `${body}\nreturn session;`);
  return (parts) => run(parts) as Promise<AgentSession>;
}

/** Calls the agent that the snippet makes, in real time, and records the call. */
async function callTheSnippet(dir: string) {
  const voiceOfCaller = fliteTts({ voice: 'rms' });
  const clips = await synthesizeCall({ lines: callLines({ turns: TURNS }), voice: voiceOfCaller });
  await voiceOfCaller.close();
  script.beginCall();
  const input = new PushAudioInput();
  const tapePath = join(dir, 'call.wav');
  const tape = openTape({
    path: tapePath,
    originMs: clock.nowMs(),
    onError: (error) => expect.fail(error.message),
  });
  let playedUntilMs = 0;
  const output = new PacedAudioOutput({
    sink: {
      play: (samples, playAtMs) => {
        playedUntilMs = playAtMs + (samples.length / OUTPUT_RATE_HZ) * 1000;
        tape.agent(playAtMs, samples, OUTPUT_RATE_HZ);
        caller.receiveAudio(playAtMs, samples, OUTPUT_RATE_HZ);
      },
      clear: () => tape.agentCut(clock.nowMs()),
    },
  });
  const caller = new ScriptedCaller({
    clips,
    clock,
    playoutEmpty: () => clock.nowMs() >= playedUntilMs,
    send: (startMs, frame) => {
      input.push(frame, startMs);
      tape.caller(startMs, frame, CALLER_RATE_HZ);
    },
    onLine: (line, startMs) => script.beginLine(clips[line]!.words ?? [], startMs),
  });
  const printed: unknown[] = [];
  /** A room's audio, without a room. */
  class OfTheCall extends AgentSession {
    constructor(...options: ConstructorParameters<typeof AgentSession>) {
      super(...options);
      this.input.audio = input;
      this.output.audio = output;
    }
  }
  const run = await snippet();
  const session = await run({
    AgentSession: OfTheCall,
    agent: new voice.Agent({ instructions: 'You answer the telephone of a restaurant.' }),
    ctx: {},
    console: { info: (...values: unknown[]) => printed.push(...values) },
  });
  session.say('Hello, this is the Blue Door. How can I help?');
  const report = await caller.run();
  await session.close();
  output.close();
  await tape.close();
  const [file] = await readdir(join(dir, 'calls'));
  const records = await recordsIn(join(dir, 'calls', file!));
  return { report, records, measured: await detectGapsInFile(tapePath), levers: printed[0] };
}

const inOrder = (values: number[]) => values.sort((a, b) => a - b);
const percentile = (values: number[], share: number) =>
  inOrder(values)[Math.ceil(values.length * share) - 1]!;
const answersOf = (records: readonly TurnRecord[]) =>
  records.filter(({ feltGapMs }) => feltGapMs !== undefined);

it('the README’s snippet answers through LiveKit’s own plugins, with its levers on and a complete ledger', async () => {
  const dir = await tempDir();
  process.chdir(dir);
  const { report, records, measured, levers } = await callTheSnippet(dir);
  expect(report).toMatchObject({ turns: { length: TURNS } });
  expect(report.turns.filter(({ gapMs }) => gapMs === undefined)).toEqual([]);
  for (const { lever, state } of levers as { lever: string; state: string }[])
    expect([lever, state]).toEqual([lever, lever === 'endpointing' ? 'off' : 'on']);

  const answers = answersOf(records);
  expect(answers.length).toBeGreaterThanOrEqual(TURNS);
  for (const record of answers) expectSumsToGap(record);
  expect(records.some(({ speculation }) => speculation!.kept > 0)).toBe(true);
  const stats = emulator.speechStats().services;
  expect(stats['inference-stt']).toMatchObject({ connections: 1, refused: 0 });
  expect(stats['inference-tts'].refused).toBe(0);
  expect(stats['inference-turn-detector'].predictions).toBeGreaterThanOrEqual(TURNS);

  const { pairs, notOnTape } = reconcile(records, measured.turns);
  expect(notOnTape).toEqual([]);
  expect(pairs.length).toBeGreaterThanOrEqual(TURNS - 1);
  const differences = pairs.map(({ differenceMs }) => Math.abs(differenceMs));
  expect(percentile(differences, 0.95)).toBeLessThanOrEqual(MOST_DIFFERENCE_MS);
});
