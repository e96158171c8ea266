import { openAiCompatible, router } from '@firstword/llm';
import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';
import type { LoadTarget } from './messages.js';

/** Sends one request, reads its answer to the end, and resolves with the time to its first text, ms. */
export type AskOnce = (question: string) => Promise<number>;

/** One target that is ready to be asked. */
export interface OpenTarget {
  ask: AskOnce;
  close(): Promise<void>;
}

/** Whether an event is the first text. Bytes after it are not parsed, so that the client stays cheap. */
function hasText(data: string): boolean {
  if (data === '[DONE]') return false;
  const chunk = JSON.parse(data) as { choices?: { delta?: { content?: string | null } }[]; error?: unknown };
  if (chunk.error !== undefined) throw new Error(`error frame: ${data.slice(0, 200)}`);
  return Boolean(chunk.choices?.[0]?.delta?.content);
}

const LAST_LINE = Buffer.from('data: [DONE]');

function openHttp(target: Extract<LoadTarget, { kind: 'http' }>): OpenTarget {
  const agent = new Agent({ keepAliveTimeout: 60_000, connections: 1_000 });
  const headers = { 'content-type': 'application/json', ...target.headers };
  const ask: AskOnce = async (question) => {
    const messages = [{ role: 'user', content: question }];
    const startMs = performance.now();
    const response = await request(target.url, {
      method: 'POST',
      dispatcher: agent,
      headers,
      body: JSON.stringify({ ...target.body, messages, stream: true }),
    });
    if (response.statusCode !== 200)
      throw new Error(`status ${response.statusCode}: ${(await response.body.text()).slice(0, 200)}`);
    let firstTextMs: number | undefined;
    const parser = createParser({
      onEvent({ data }) {
        if (firstTextMs === undefined && hasText(data)) firstTextMs = performance.now() - startMs;
      },
    });
    const decoder = new TextDecoder();
    let tail: Buffer = Buffer.alloc(0);
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      if (firstTextMs === undefined) parser.feed(decoder.decode(chunk, { stream: true }));
      tail = chunk.length >= 64 ? chunk : Buffer.concat([tail, chunk]).subarray(-64);
    }
    if (firstTextMs === undefined) throw new Error('the answer has no text');
    if (!tail.includes(LAST_LINE)) throw new Error('the answer ends without [DONE]');
    return firstTextMs;
  };
  return { ask, close: () => agent.destroy() };
}

function openRouter(target: Extract<LoadTarget, { kind: 'router' }>): OpenTarget {
  const { baseUrl, primary, backup, holdUntilClause } = target;
  const models = [primary, backup].map((model) => openAiCompatible({ provider: model, model, baseUrl }));
  const routed = router({ models, holdUntilClause });
  const ask: AskOnce = async (question) => {
    const startMs = performance.now();
    let firstTextMs: number | undefined;
    for await (const event of routed.chat({ messages: [{ role: 'user', content: question }] }))
      if (event.type === 'text') firstTextMs ??= performance.now() - startMs;
    if (firstTextMs === undefined) throw new Error('the answer has no text');
    return firstTextMs;
  };
  return { ask, close: () => routed.close() };
}

/** Opens a target. Nothing is sent before the first `ask`. */
export const openTarget = (target: LoadTarget): OpenTarget =>
  target.kind === 'http' ? openHttp(target) : openRouter(target);
