import { parseArgs } from 'node:util';
import { type HttpModel, llamaCpp } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import { CannotRun, startRealServer } from './real-server.js';
import { estimate, ratio, show } from './stats.js';

/** Processing 4,000 tokens takes minutes on a slow machine. */
const PATIENT_MS = 600_000;
/** SmolLM2 tokens in one line of the house rules. */
const LINE_TOKENS = 27;

const houseBook = (tokens: number) =>
  Array.from(
    { length: Math.round(tokens / LINE_TOKENS) },
    (_, i) =>
      `Rule ${i}: guests at table ${i} may order from the kitchen until half past nine, and pay at the bar.`,
  ).join('\n');

/** Both arms use the same words in another order: the part that changes comes last, or first. */
const promptOf = {
  stable: (book: string, turn: number) => [
    `You are a receptionist.\n${book}`,
    `It is second ${turn} of the day. At what time do you open?`,
  ],
  broken: (book: string, turn: number) => [
    `It is second ${turn} of the day. You are a receptionist.\n${book}`,
    'At what time do you open?',
  ],
};

interface Arm {
  kind: keyof typeof promptOf;
  model: HttpModel;
  book: string;
  ttftMs: number[];
  prompt: number[];
  cached: number[];
  /** Cost of the broken prefix according to the trace, ms. */
  tracedMs: number[];
}

async function ask(arm: Arm, turn: number, signal: AbortSignal): Promise<void> {
  const [system, user] = promptOf[arm.kind](arm.book, turn) as [string, string];
  const messages = [
    { role: 'system' as const, content: system },
    { role: 'user' as const, content: user },
  ];
  const chat = arm.model.chat({ messages, maxCompletionTokens: 4, temperature: 0 }, { signal });
  for await (const event of chat) void event;
  const { marks, usage, prefixBreak } = chat.trace;
  arm.ttftMs.push(marks.firstContent! - marks.llmRequested!);
  arm.prompt.push(usage?.promptTokens ?? 0);
  arm.cached.push(usage?.cachedTokens ?? 0);
  if (prefixBreak?.costMs !== undefined) arm.tracedMs.push(prefixBreak.costMs);
}

async function measure(arms: Arm[], options: { pairs: number; maxMs: number; signal: AbortSignal }) {
  const endMs = performance.now() + options.maxMs;
  // The request that fills the cache is not counted.
  const [stable] = arms as [Arm, Arm];
  await ask(stable, 0, options.signal);
  for (const list of [stable.ttftMs, stable.prompt, stable.cached]) list.length = 0;
  for (let turn = 1; turn <= options.pairs && performance.now() < endMs; turn += 1) {
    const order = turn % 2 ? arms : arms.toReversed();
    for (const arm of order) await ask(arm, turn, options.signal);
    console.log(
      `  pair ${turn}: ${arms.map(({ kind, ttftMs }) => `${kind} ${ttftMs.at(-1)!.toFixed(0)} ms`).join(', ')}`,
    );
  }
}

function report(arms: Arm[], what: string): void {
  const [stable, broken] = arms as [Arm, Arm];
  console.log(`\nCached prefix on a real server: ${what}, n = ${stable.ttftMs.length} an arm, interleaved`);
  for (const { kind, ttftMs, prompt, cached } of arms) {
    console.log(
      `  ${kind.padEnd(7)} p50 ${show(estimate(ttftMs, 50), 0)} ms` +
        `  prompt ${median(prompt)} tokens, ${median(cached)} of them cached`,
    );
  }
  console.log(`  stable of broken p50 ${show(ratio(stable.ttftMs, broken.ttftMs, 50), 3)}`);
  if (broken.tracedMs.length > 0) {
    const seenMs = median(broken.ttftMs)! - median(stable.ttftMs)!;
    console.log(
      `  a break cost ${seenMs.toFixed(0)} ms as measured; its trace said ${median(broken.tracedMs)!.toFixed(0)} ms`,
    );
  }
}

/**
 * Time to first content with a prefix cached by llama.cpp and with a broken one. Prints why, and fails, if no such
 * server can be started.
 */
async function main(options: { pairs: number; minutes: number; tokens: number }): Promise<void> {
  const stopping = new AbortController();
  const onInterrupt = () => stopping.abort(new Error('stopped'));
  process.once('SIGINT', onInterrupt);
  const { signal } = stopping;
  const arms: Arm[] = [];
  let stop = async () => {};
  try {
    const server = await startRealServer({ signal });
    stop = server.stop;
    // Each arm has its own slot in the server's cache, so that they do not evict each other.
    for (const [slot, kind] of (['stable', 'broken'] as const).entries()) {
      const model = llamaCpp({
        model: 'smollm2',
        baseUrl: server.baseUrl,
        extra: { id_slot: slot },
        timeouts: { headersMs: PATIENT_MS, firstContentMs: PATIENT_MS },
      });
      arms.push({
        kind,
        model,
        book: houseBook(options.tokens),
        ttftMs: [],
        prompt: [],
        cached: [],
        tracedMs: [],
      });
    }
    await measure(arms, { pairs: options.pairs, maxMs: options.minutes * 60_000, signal });
    report(arms, server.what);
  } catch (error) {
    const known = error instanceof CannotRun || error instanceof FirstwordError || signal.aborted;
    if (!known) throw error;
    console.log(`Not run: ${signal.aborted ? 'stopped' : (error as Error).message}`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', onInterrupt);
    await Promise.all(arms.map(({ model }) => model.close()));
    await stop();
  }
}

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    minutes: { type: 'string', default: '10' },
    tokens: { type: 'string', default: '4000' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(
    'npm run bench:real-prefix -- [--pairs 10] [--minutes 10] [--tokens 4000]\n' +
      'Measures a cached prefix against a broken one on a real llama.cpp server, which it installs from\n' +
      'PyPI into the cache folder of the user (needs Python 3.10 and 130 MB) and ends when it is done.',
  );
} else
  await main({ pairs: Number(values.pairs), minutes: Number(values.minutes), tokens: Number(values.tokens) });
