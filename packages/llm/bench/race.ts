import { type Emulator, type FaultPlan, startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible, type Router, router } from '@firstword/llm';
import { estimate, ratio, show } from './stats.js';

/** One straggler of 5 s in a hundred, on the primary only. */
const STRAGGLERS: FaultPlan = {
  rules: [{ fault: { kind: 'straggler', delayMs: 5_000 }, probability: 0.01 }],
};

interface Arm {
  name: string;
  model: LanguageModel;
  ttftMs: number[];
  emulators: Emulator[];
}

async function startArm(
  name: string,
  seed: number,
  build: (slow: LanguageModel, fast: LanguageModel) => LanguageModel,
): Promise<Arm> {
  const primary = await startEmulator({ seed, profile: 'gpt-4o-mini', faults: STRAGGLERS });
  const backup = await startEmulator({ seed: seed + 1, profile: 'groq-gpt-oss-120b' });
  const at = (provider: string, { url }: Emulator) =>
    openAiCompatible({ provider, model: provider, baseUrl: url });
  return {
    name,
    model: build(at('gpt-4o-mini', primary), at('groq-gpt-oss-120b', backup)),
    ttftMs: [],
    emulators: [primary, backup],
  };
}

async function ask(arm: Arm, turn: number, options: { count: boolean }): Promise<void> {
  // Different words each time, so that no request is adopted and no prompt cache hits.
  const messages = [{ role: 'user' as const, content: `Call ${turn}: at what time do you open?` }];
  const chat = arm.model.chat({ messages });
  for await (const event of chat) if (event.type === 'text') break;
  const { firstContent, llmRequested } = chat.trace.marks;
  if (options.count) arm.ttftMs.push(firstContent! - llmRequested!);
}

/**
 * Each arm has emulators of its own with the same seeds, and asks its next question at the same moment as the others.
 * A few calls run side by side, as in an agent that serves several callers.
 */
export async function benchRace(options: { requests: number; seed: number; calls: number }): Promise<void> {
  const { requests, seed, calls } = options;
  const learning = 20;
  const arms = await Promise.all([
    startArm('gpt-4o-mini alone', seed, (slow) => slow),
    startArm('groq alone', seed, (_slow, fast) => fast),
    startArm('router, 10 %', seed, (slow, fast) => router({ models: [slow, fast] })),
    startArm('router, 25 %', seed, (slow, fast) => router({ models: [slow, fast], hedge: { budget: 0.25 } })),
    startArm('router, fastest', seed, (slow, fast) => router({ models: [slow, fast], order: 'fastest' })),
  ]);
  await Promise.all(arms.map(({ model }) => model.warm()));
  let turn = 0;
  const call = async (untilTurn: number, count: boolean) => {
    while (turn < untilTurn) {
      const mine = turn;
      turn += 1;
      await Promise.all(arms.map((arm) => ask(arm, mine, { count })));
    }
  };
  await call(learning, false);
  await Promise.all(Array.from({ length: calls }, () => call(learning + requests, true)));

  console.log(
    `\nRace: n = ${requests} an arm, ${calls} calls at a time, seed ${seed}, emulated (aiewf-eval 2026 figures)`,
  );
  const [alone, faster] = [arms[0]!.ttftMs, arms[1]!.ttftMs];
  for (const { name, model, ttftMs } of arms) {
    const stats = 'stats' in model ? (model as Router).stats() : undefined;
    const extra = stats
      ? `  extra requests ${((100 * stats.extraRequests) / stats.requests).toFixed(1)} %`
      : '';
    console.log(
      `${name.padEnd(20)} p50 ${show(estimate(ttftMs, 0.5), 0)}  p95 ${show(estimate(ttftMs, 0.95), 0)}  ` +
        `p99 ${show(estimate(ttftMs, 0.99), 0)} ms${extra}`,
    );
    const base = name.endsWith('fastest') ? faster : alone;
    if (stats)
      console.log(
        `${''.padEnd(20)} of ${base === faster ? 'groq' : 'gpt-4o-mini'} alone: p50 ${show(ratio(ttftMs, base, 0.5), 2)}, p99 ${show(ratio(ttftMs, base, 0.99), 2)}`,
      );
  }
  await Promise.all(arms.map(({ model }) => model.close()));
  await Promise.all(arms.flatMap(({ emulators }) => emulators.map((emulator) => emulator.close())));
}
