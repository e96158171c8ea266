import { startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible } from '@firstword/llm';
import { estimate, ratio, show } from './stats.js';

const RTT_MS = 40;

async function timeOne(model: LanguageModel, turn: number): Promise<number> {
  const chat = model.chat({ messages: [{ role: 'user', content: `Question ${turn}` }] });
  for await (const event of chat) void event;
  return chat.trace.marks.firstContent! - chat.trace.marks.llmRequested!;
}

/** Cold, warm, and idle for `idleMs`, over real TLS to an emulator at a distance; each sample on a model of its own. */
export async function benchConnections(options: { samples: number; idleMs: number }): Promise<void> {
  const { samples, idleMs } = options;
  const emulator = await startEmulator({ profile: 'instant', network: { rttMs: RTT_MS }, tls: true });
  const open = () =>
    openAiCompatible({ provider: 'emulated', model: 'instant', baseUrl: emulator.url, ca: emulator.caPem! });
  const idle = Array.from({ length: samples }, open);
  await Promise.all(idle.map((model) => model.warm()));
  const idleSince = performance.now();

  const times = { cold: [] as number[], warm: [] as number[], idle: [] as number[] };
  for (let turn = 0; turn < samples; turn += 1) {
    const [cold, warm] = [open(), open()];
    await warm.warm();
    times.cold.push(await timeOne(cold, turn));
    times.warm.push(await timeOne(warm, turn));
    await Promise.all([cold.close(), warm.close()]);
  }
  await new Promise((resolve) => setTimeout(resolve, idleSince + idleMs - performance.now()));
  for (const [turn, model] of idle.entries()) times.idle.push(await timeOne(model, turn));

  console.log(
    `\nConnections: TLS, ${RTT_MS} ms round trip (emulated), n = ${samples} each, idle ${idleMs / 1_000} s`,
  );
  for (const [name, values] of Object.entries(times)) {
    console.log(
      `  ${name.padEnd(5)} p50 ${show(estimate(values, 0.5), 1)}  p95 ${show(estimate(values, 0.95), 1)} ms`,
    );
  }
  console.log(
    `  cold of warm p50 ${show(ratio(times.cold, times.warm, 0.5), 2)}, idle of warm ${show(ratio(times.idle, times.warm, 0.5), 2)}`,
  );
  await Promise.all(idle.map((model) => model.close()));
  await emulator.close();
}
