import { startEmulator } from '@firstword/emulator';
import { openAiCompatible } from '@firstword/llm';
import type { BenchFigure } from './figures.js';
import type { Bench, BenchRun } from './run.js';
import { estimate, percentileOf, ratio, show } from './stats.js';

/**
 * House rules of about 4,000 tokens (the emulator counts about four characters a token), the same in every request.
 */
const BOOK = Array.from(
  { length: 156 },
  (_, i) =>
    `Rule ${i}: guests at table ${i} may order from the kitchen until half past nine, and pay at the bar when they leave.`,
).join('\n');

/** Both arms use the same words in another order: the part that changes comes last, or first. */
const systemOf = {
  stable: (_turn: number) => `You are a receptionist.\n${BOOK}`,
  broken: (turn: number) => `It is second ${turn} of the day. You are a receptionist.\n${BOOK}`,
};
const askOf = {
  stable: (turn: number) => `It is second ${turn} of the day. At what time do you open?`,
  broken: (_turn: number) => 'At what time do you open?',
};
type Kind = keyof typeof systemOf;

async function startArm(kind: Kind, seed: number) {
  const profile = 'gpt-4o-mini';
  const emulator = await startEmulator({ seed, profile });
  const model = openAiCompatible({ provider: profile, model: profile, baseUrl: emulator.url });
  await model.warm();
  const arm = { kind, ttftMs: [] as number[], prompt: [] as number[], cached: [] as number[] };
  const ask = async (turn: number) => {
    const messages = [
      { role: 'system' as const, content: systemOf[kind](turn) },
      { role: 'user' as const, content: askOf[kind](turn) },
    ];
    const chat = model.chat({ messages });
    for await (const event of chat) void event;
    const { marks, usage } = chat.trace;
    arm.ttftMs.push(marks.firstContent! - marks.llmRequested!);
    arm.prompt.push(usage?.promptTokens ?? 0);
    arm.cached.push(usage?.cachedTokens ?? 0);
  };
  const forget = () => {
    for (const list of [arm.ttftMs, arm.prompt, arm.cached]) list.length = 0;
  };
  const close = async () => {
    await model.close();
    await emulator.close();
  };
  return { ...arm, ask, forget, close };
}

/** Time to first content with a cached prefix and with a broken one, with the same prompt and seeds, interleaved. */
async function runPrefix(run: BenchRun): Promise<BenchFigure[]> {
  const requests = run.requests ?? (run.quick ? 200 : 400);
  const arms = await Promise.all([startArm('stable', run.seed), startArm('broken', run.seed)]);
  let turn = 0;
  const call = async (until: number) => {
    while (turn < until && !run.signal.aborted) {
      turn += 1;
      const mine = turn;
      run.progress(turn / requests);
      await Promise.all(arms.map(({ ask }) => ask(mine)));
    }
  };
  // The first request fills the cache.
  await call(1);
  for (const arm of arms) arm.forget();
  await Promise.all(Array.from({ length: run.calls ?? 16 }, () => call(1 + requests)));
  console.log(`  gpt-4o-mini, emulated (the gain is OpenAI's published one), seed ${run.seed}: p50, p95 ms`);
  for (const { kind, ttftMs, prompt, cached } of arms) {
    console.log(
      `  ${kind.padEnd(7)} ${show(estimate(ttftMs, 50), 0)}  ${show(estimate(ttftMs, 95), 0)}` +
        `  prompt ${percentileOf(prompt, 50)} tokens, ${percentileOf(cached, 50)} of them cached`,
    );
  }
  await Promise.all(arms.map(({ close }) => close()));
  const [stable, broken] = arms.map(({ ttftMs }) => ttftMs) as [number[], number[]];
  const name = 'stable prefix of a broken one, 4k-token prompt, p50';
  const note = 'emulated';
  return [{ name, measured: ratio(stable, broken, 50), unit: '', digits: 2, n: stable.length, note }];
}

/** A cached prompt prefix compared with a broken one. */
export const prefix: Bench = {
  about: 'a cached prompt prefix against a broken one',
  seconds: [30, 14],
  run: runPrefix,
};
