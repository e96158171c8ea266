import { fork } from 'node:child_process';
import { type LanguageModel, openAiCompatible, router } from '@firstword/llm';
import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';
import { estimate, percentile, show } from './stats.js';

type Ask = (turn: number) => Promise<number>;

const messagesOf = (turn: number) => [{ role: 'user' as const, content: `Question ${turn}` }];

/** What one would write by hand: undici and a parser, nothing else. */
function plain(baseUrl: string): { ask: Ask; close: () => Promise<void> } {
  const agent = new Agent({ keepAliveTimeout: 60_000 });
  const ask: Ask = async (turn) => {
    const startMs = performance.now();
    let ttftMs = 0;
    const body = JSON.stringify({ model: 'm', messages: messagesOf(turn), stream: true });
    const headers = { 'content-type': 'application/json' };
    const response = await request(`${baseUrl}/chat/completions`, {
      method: 'POST',
      dispatcher: agent,
      headers,
      body,
    });
    const parser = createParser({
      onEvent({ data }) {
        if (data === '[DONE]') return;
        const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
        if (chunk.choices[0]?.delta.content) ttftMs ||= performance.now() - startMs;
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk as Buffer, { stream: true }));
    return ttftMs;
  };
  return { ask, close: () => agent.close() };
}

function ours(model: LanguageModel): { ask: Ask; close: () => Promise<void> } {
  const ask: Ask = async (turn) => {
    const startMs = performance.now();
    let ttftMs = 0;
    for await (const event of model.chat({ messages: messagesOf(turn) })) {
      if (event.type === 'text') ttftMs ||= performance.now() - startMs;
    }
    return ttftMs;
  };
  return { ask, close: () => model.close() };
}

interface Arm {
  name: string;
  ask: Ask;
  close: () => Promise<void>;
  times: number[];
}

/** Callers begin so far apart that fifty of them are spread over one answer. */
const APART_MS = 2;

/** `streams` callers at a time, each asking anew as soon as its answer has ended; arms alternate in short blocks. */
async function measure(arms: Arm[], options: { requests: number; streams: number }) {
  const { requests, streams } = options;
  const block = Math.max(50, 4 * streams);
  for (const arm of arms) arm.times = [];
  for (let done = 0; done < requests; done += block) {
    for (const arm of (done / block) % 2 === 0 ? arms : [...arms].reverse()) {
      let turn = done;
      const caller = async (startMs: number) => {
        await new Promise((resolve) => setTimeout(resolve, startMs));
        while (turn < done + block) {
          turn += 1;
          arm.times.push(await arm.ask(turn));
        }
      };
      await Promise.all(Array.from({ length: streams }, (_, i) => caller(i * APART_MS)));
    }
  }
}

/** Time to first content through the client and the router, less the same through plain undici, on the same server. */
export async function benchOverhead(options: { requests: number }): Promise<void> {
  // One at a time the answers come at once; fifty at a time they are streams of a tenth of a second.
  await overheadAt({ ...options, streams: 1, flags: ['--at-once'] });
  await overheadAt({ ...options, streams: 50, flags: [] });
}

async function overheadAt(options: { requests: number; streams: number; flags: string[] }): Promise<void> {
  const { streams } = options;
  const child = fork(new URL('serve.js', import.meta.url), options.flags, { execArgv: [] });
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(message as number)),
  );
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  const at = (provider: string) => openAiCompatible({ provider, model: 'm', baseUrl });
  const arms: Arm[] = [
    { name: 'plain undici', ...plain(baseUrl), times: [] },
    { name: 'client', ...ours(at('a')), times: [] },
    {
      name: 'router',
      ...ours(router({ models: [at('a'), at('b')], holdUntilClause: false, hedge: { budget: 0 } })),
      times: [],
    },
  ];
  await measure(arms, { requests: 1_000, streams });
  await measure(arms, { requests: options.requests, streams });
  const base = [...arms[0]!.times].sort((a, b) => a - b);
  console.log(`\nOverhead: ${streams} at a time, n = ${base.length} an arm`);
  for (const { name, times } of arms) {
    const sorted = [...times].sort((a, b) => a - b);
    const added = (p: number) => (percentile(sorted, p) - percentile(base, p)).toFixed(3);
    console.log(
      `  ${name.padEnd(12)}  p50 ${show(estimate(times, 0.5), 3)}  p99 ${show(estimate(times, 0.99), 3)} ms` +
        `  added p50 ${added(0.5)}, p99 ${added(0.99)}`,
    );
  }
  await Promise.all(arms.map(({ close }) => close()));
  child.disconnect();
}
