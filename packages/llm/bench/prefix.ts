import { startEmulator } from '@firstword/emulator';
import { openAiCompatible } from '@firstword/llm';
import { estimate, percentile, ratio, show } from './stats.js';

/** A house book of about 4,000 tokens (the emulator counts about four characters to one), the same in every request. */
const BOOK = Array.from(
  { length: 156 },
  (_, i) =>
    `Rule ${i}: guests at table ${i} may order from the kitchen until half past nine, and pay at the bar when they leave.`,
).join('\n');

/** The same words in each arm; only their order differs: what changes comes last, or first. */
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

/** Time to first content with a cached prefix against the same prompt with its prefix broken, same seeds, interleaved. */
export async function benchPrefix(options: { requests: number; seed: number; calls: number }): Promise<void> {
  const { requests, seed, calls } = options;
  const arms = await Promise.all([startArm('stable', seed), startArm('broken', seed)]);
  let turn = 0;
  const call = async (until: number) => {
    while (turn < until) {
      turn += 1;
      const mine = turn;
      await Promise.all(arms.map(({ ask }) => ask(mine)));
    }
  };
  // The first request writes the cache.
  await call(1);
  for (const arm of arms) arm.forget();
  await Promise.all(Array.from({ length: calls }, () => call(1 + requests)));
  console.log(
    `\nCached prefix: gpt-4o-mini, emulated (the gain is OpenAI's published one), n = ${requests} an arm, seed ${seed}`,
  );
  for (const { kind, ttftMs, prompt, cached } of arms) {
    const median = (values: number[]) =>
      percentile(
        [...values].sort((a, b) => a - b),
        0.5,
      );
    console.log(
      `  ${kind.padEnd(7)} p50 ${show(estimate(ttftMs, 0.5), 0)}  p95 ${show(estimate(ttftMs, 0.95), 0)} ms` +
        `  prompt ${median(prompt)} tokens, ${median(cached)} of them cached`,
    );
  }
  console.log(`  stable of broken p50 ${show(ratio(arms[0]!.ttftMs, arms[1]!.ttftMs, 0.5), 2)}`);
  await Promise.all(arms.map(({ close }) => close()));
}
