import { startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible } from '@firstword/llm';
import type { BenchFigure } from './figures.js';
import { type Bench, type BenchRun, sleep } from './run.js';
import { estimate, ratio, show } from './stats.js';

const RTT_MS = 40;

async function timeOne(model: LanguageModel, turn: number): Promise<number> {
  const chat = model.chat({ messages: [{ role: 'user', content: `Question ${turn}` }] });
  for await (const event of chat) void event;
  return chat.trace.marks.firstContent! - chat.trace.marks.llmRequested!;
}

/**
 * Cold, warm and idle connections, over real TLS to an emulator with network delay. Each sample uses its own model.
 */
async function runConnections(run: BenchRun): Promise<BenchFigure[]> {
  const samples = run.quick ? 20 : 30;
  const idleMs = run.idleMs ?? (run.quick ? 15_000 : 60_000);
  const emulator = await startEmulator({ profile: 'instant', network: { rttMs: RTT_MS }, tls: true });
  const open = () =>
    openAiCompatible({ provider: 'emulated', model: 'instant', baseUrl: emulator.url, ca: emulator.caPem! });
  const waiting = Array.from({ length: samples }, open);
  await Promise.all(waiting.map((model) => model.warm()));
  const idleSince = performance.now();

  const [cold, warm, idle]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < samples && !run.signal.aborted; turn += 1) {
    const [fresh, warmed] = [open(), open()];
    await warmed.warm();
    cold.push(await timeOne(fresh, turn));
    warm.push(await timeOne(warmed, turn));
    await Promise.all([fresh.close(), warmed.close()]);
    run.progress((performance.now() - idleSince) / idleMs);
  }
  const before = process.cpuUsage();
  const restSince = performance.now();
  await sleep(idleSince + idleMs - restSince, run.signal);
  const used = process.cpuUsage(before);
  const restMs = performance.now() - restSince;
  for (const [turn, model] of run.signal.aborted ? [] : waiting.entries())
    idle.push(await timeOne(model, turn));
  await Promise.all(waiting.map((model) => model.close()));
  await emulator.close();

  return figuresOf({
    cold,
    warm,
    idle,
    idleConnections: 2 * samples,
    idleMs,
    restMs,
    cpuUs: used.user + used.system,
  });
}

/** Prints the times of each arm and returns the figures. `cpuUs`: CPU time of both ends while idle, µs. */
function figuresOf(measured: {
  cold: number[];
  warm: number[];
  idle: number[];
  idleConnections: number;
  idleMs: number;
  restMs: number;
  cpuUs: number;
}): BenchFigure[] {
  const { cold, warm, idle, idleConnections, idleMs, restMs, cpuUs } = measured;
  console.log(`  TLS, ${RTT_MS} ms round trip (emulated), idle ${idleMs / 1_000} s: p50, p95 ms`);
  const all = Object.entries({ cold, warm, idle }).filter(([, values]) => values.length > 0);
  for (const [name, values] of all) {
    console.log(`  ${name.padEnd(5)} ${show(estimate(values, 50), 1)}  ${show(estimate(values, 95), 1)}`);
  }
  const compared = (name: string, arm: number[], target?: number): BenchFigure[] =>
    arm.length === 0
      ? []
      : [
          {
            name,
            ...(target === undefined ? {} : { target }),
            measured: ratio(arm, warm, 50),
            unit: '',
            digits: 2,
            n: arm.length,
          },
        ];
  const cpu: BenchFigure = {
    name: `${idleConnections} idle connections, of a core`,
    measured: { value: (100 * cpuUs) / 1_000 / restMs },
    unit: '%',
    digits: 2,
    n: 1,
    note: 'both ends',
  };
  return [
    ...compared('cold of warm, p50', cold),
    ...compared(`idle for ${idleMs / 1_000} s of warm, p50`, idle, 1.1),
    // A shorter period is too short to measure.
    ...(restMs >= 5_000 ? [cpu] : []),
  ];
}

/** Time to first content on cold, warm and idle connections. */
export const connections: Bench = {
  about:
    'time to first content on a cold, a warm and an idle connection, and the CPU cost of idle connections',
  seconds: [66, 19],
  run: runConnections,
};
