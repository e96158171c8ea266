import { fork } from 'node:child_process';
import type { EmulatorOptions } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible } from '@firstword/llm';
import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';
import type { BenchRun } from './run.js';

/** Sends one request and reads the answer to its end. Resolves with the time to first content, ms. */
export type Ask = (turn: number) => Promise<number>;

/** One arm of a comparison and its measured times. */
export interface LlmBenchArm {
  name: string;
  ask: Ask;
  close: () => Promise<void>;
  times: number[];
}

const messagesOf = (turn: number) => [{ role: 'user' as const, content: `Question ${turn}` }];

/** The baseline: undici and an SSE parser, nothing else. */
export function plainUndici(
  name: string,
  baseUrl: string,
  headers: Record<string, string> = {},
): LlmBenchArm {
  const agent = new Agent({ keepAliveTimeout: 60_000 });
  const ask: Ask = async (turn) => {
    const startMs = performance.now();
    let ttftMs = 0;
    const response = await request(`${baseUrl}/chat/completions`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'm', messages: messagesOf(turn), stream: true }),
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
    if (ttftMs === 0) throw new Error(`${name} answered ${response.statusCode} without content`);
    return ttftMs;
  };
  return { name, ask, close: () => agent.destroy(), times: [] };
}

/** An arm that asks through a `LanguageModel`. */
export function throughModel(name: string, model: LanguageModel): LlmBenchArm {
  const ask: Ask = async (turn) => {
    const startMs = performance.now();
    let ttftMs = 0;
    for await (const event of model.chat({ messages: messagesOf(turn) })) {
      if (event.type === 'text') ttftMs ||= performance.now() - startMs;
    }
    return ttftMs;
  };
  return { name, ask, close: () => model.close(), times: [] };
}

/** Starts servers in a process of their own, so that this process runs only the client. `flags`: see serve.ts. */
async function forkServers(flags: string[]): Promise<{ urls: string[]; close: () => void }> {
  const child = fork(new URL('serve.js', import.meta.url), flags, { execArgv: [] });
  const urls = await new Promise<string[]>((resolve, reject) => {
    child.once('message', (message) => resolve(message as string[]));
    child.once('exit', (code) => reject(new Error(`the bench's server ended with code ${code}`)));
  });
  const close = () => {
    if (child.connected) child.disconnect();
  };
  return { urls, close };
}

/** A server with prepared answers. */
export async function serveApart(flags: string[]) {
  const { urls, close } = await forkServers(flags);
  const baseUrl = urls[0]!;
  return { baseUrl, model: (provider: string) => openAiCompatible({ provider, model: 'm', baseUrl }), close };
}

/** One emulator for each entry. Returns their base URLs in the same order. */
export const emulateApart = (options: EmulatorOptions[]) =>
  forkServers(['--emulators', JSON.stringify(options)]);

/** Delay between the starts of callers, so that fifty of them spread over one answer, ms. */
const APART_MS = 2;

/**
 * Runs `streams` callers at a time; each asks again as soon as its answer has ended. The arms alternate in short
 * blocks.
 */
export async function measure(
  arms: LlmBenchArm[],
  options: { requests: number; streams: number; signal: AbortSignal; progress?: BenchRun['progress'] },
): Promise<void> {
  const { requests, streams, signal } = options;
  const block = Math.max(50, 4 * streams);
  for (const arm of arms) arm.times = [];
  for (let done = 0; done < requests && !signal.aborted; done += block) {
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
    options.progress?.(Math.min(1, (done + block) / requests));
  }
}
