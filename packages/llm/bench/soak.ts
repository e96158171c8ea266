import { router } from '@firstword/llm';
import { serveApart } from './arms.js';
import type { BenchFigure } from './figures.js';
import { type Bench, type BenchRun, sleep } from './run.js';

const heapMb = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Resources that keep a process alive, except standard streams, child processes and the bench's own signal. */
const openResources = () =>
  process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|Immediate|Process|Signal/.test(name));

/**
 * Sends many requests through one router and measures the memory growth and what is still open at the end. Needs
 * --expose-gc.
 */
async function runSoak(run: BenchRun): Promise<BenchFigure[]> {
  const requests = run.requests ?? (run.quick ? 20_000 : 100_000);
  const openBefore = openResources().length;
  const server = await serveApart(['--at-once']);
  const model = router({ models: [server.model('a'), server.model('b')] });
  let turn = 0;
  const caller = async (until: number) => {
    while (turn < until && !run.signal.aborted) {
      turn += 1;
      const chat = model.chat({ messages: [{ role: 'user', content: `Question ${turn}` }] });
      if (turn % 10 === 0) setImmediate(() => chat.cancel());
      for await (const event of chat) void event;
      if (turn % 500 === 0) run.progress(turn / requests);
    }
  };
  const heaps: number[] = [];
  for (let part = 1; part <= 5; part += 1) {
    await Promise.all(Array.from({ length: 20 }, () => caller((requests * part) / 5)));
    heaps.push(heapMb());
  }
  console.log(
    `  every tenth cancelled, 20 at a time; heap after each fifth: ${heaps.map((mb) => mb.toFixed(1)).join('  ')} MB`,
  );
  await model.close();
  server.close();
  await sleep(1_500, run.signal);
  const open = openResources();
  if (open.length > openBefore) console.log(`  left open: ${open.join(', ')}`);
  return [
    {
      name: 'heap grown since the first fifth',
      // Between measurements, the heap of an idle Node process differs by some tenths.
      target: 1,
      measured: { value: heaps.at(-1)! - heaps[0]! },
      unit: 'MB',
      digits: 1,
      n: turn,
    },
    {
      name: 'left open after close()',
      target: 0,
      measured: { value: Math.max(0, open.length - openBefore) },
      unit: '',
      digits: 0,
      n: turn,
    },
  ];
}

/** Memory growth over many requests, and resources left open. */
export const soak: Bench = {
  about: 'memory over 100,000 requests, and what is left open after them',
  seconds: [80, 16],
  run: runSoak,
};
