/**
 * The process of the calls: plays one call after another, as the demo does and with the same parts, until its parent asks it
 * to stop. Speech engines, LLM connection and emulator live as long as the process, as they do in the studio. Reports
 * after every call and every ten seconds.
 */
import { join } from 'node:path';
import { callLines, openTape, playCall, synthesizeCall } from '@firstword/calls';
import { PROFILES, startEmulator } from '@firstword/emulator';
import { prewarmCalls } from '@firstword/livekit';
import { openAiCompatible } from '@firstword/llm';
import { fliteTts, moonshineStt } from '@firstword/local';
import { openTurnStore } from '@firstword/records';
import { systemClock } from '@firstword/turn';
import type { HeapSample } from './soak-file.js';

const [folder, profileName, turns] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])];
const MB = 1024 * 1024;
const HEAP_EVERY_MS = 10_000;

const stop = new AbortController();
process.on('message', () => stop.abort());
process.on('disconnect', () => process.exit());
// A terminal sends Ctrl-C to this process too: its parent stops it.
process.on('SIGINT', () => {});

const done = { calls: 0, turns: 0, lost: 0 };
function report(): void {
  const { heapUsed, external } = process.memoryUsage();
  const sample: HeapSample = { heapUsedMb: heapUsed / MB, externalMb: external / MB, ...done };
  if (process.connected) process.send?.(sample);
}

prewarmCalls();
const [stt, agentTts, callerTts] = [moonshineStt(), fliteTts(), fliteTts({ voice: 'rms' })];
await Promise.all([stt.ready(), agentTts.ready(), callerTts.ready()]);
const emulator = await startEmulator({ seed: 1 });
const profile = PROFILES.find(({ name }) => name === profileName)!;
const llm = openAiCompatible({
  provider: profile.provider,
  model: profile.model,
  baseUrl: emulator.url,
  apiKey: 'emulated',
});
await llm.warm();
report();
const timer = setInterval(report, HEAP_EVERY_MS);

async function playOne(seed: number): Promise<void> {
  const clips = await synthesizeCall({ lines: callLines({ turns, seed }), voice: callerTts });
  // The same two files again and again: the disk must not fill.
  const callId = `soak-${seed % 2}`;
  const startedMs = systemClock.nowMs();
  const store = openTurnStore({ dir: folder, callId });
  const tape = openTape({ path: join(folder, `${callId}.wav`), originMs: startedMs });
  const { report: heard } = await playCall({
    callId,
    agent: {
      stt,
      llm,
      tts: agentTts,
      instructions: 'You answer the telephone of a restaurant.',
      greeting: 'Thank you for calling the Olive Tree. How can I help you?',
      levers: {},
    },
    clips,
    seed,
    startedMs,
    tape,
    signal: stop.signal,
    events: { onTurn: (record, final) => final && store.append(record) },
  });
  await Promise.all([tape.close(), store.close()]);
  done.calls += 1;
  done.turns += heard.turns.length;
  done.lost += heard.lost;
}

for (let seed = 1; !stop.signal.aborted; seed += 1) {
  await playOne(seed);
  report();
}
clearInterval(timer);
await Promise.all([stt.close(), agentTts.close(), callerTts.close(), llm.close()]);
await emulator.close();
process.exit();
