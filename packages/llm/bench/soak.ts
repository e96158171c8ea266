import { fork } from 'node:child_process';
import { openAiCompatible, router } from '@firstword/llm';

const heapMb = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Many requests through one router: what stays in memory, and what is left open at the end. Run with --expose-gc. */
export async function benchSoak(options: { requests: number }): Promise<void> {
  const child = fork(new URL('serve.js', import.meta.url), ['--at-once'], { execArgv: [] });
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(message as number)),
  );
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  const at = (provider: string) => openAiCompatible({ provider, model: 'm', baseUrl });
  const model = router({ models: [at('a'), at('b')] });
  console.log(`\nSoak: ${options.requests} requests, every tenth cancelled, 20 at a time`);
  let turn = 0;
  const caller = async (until: number) => {
    while (turn < until) {
      turn += 1;
      const chat = model.chat({ messages: [{ role: 'user', content: `Question ${turn}` }] });
      if (turn % 10 === 0) setImmediate(() => chat.cancel());
      for await (const event of chat) void event;
    }
  };
  for (let part = 1; part <= 5; part += 1) {
    await Promise.all(Array.from({ length: 20 }, () => caller((options.requests * part) / 5)));
    console.log(`  after ${String(turn).padStart(7)}: heap ${heapMb().toFixed(1)} MB`);
  }
  await model.close();
  child.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const left = process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|Immediate/.test(name));
  console.log(`  left open after close: ${left.length === 0 ? 'nothing' : left.join(', ')}`);
}
