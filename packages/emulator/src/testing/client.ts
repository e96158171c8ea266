import type { Clock } from '@firstword/turn';
import { onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../emulator.js';
import type { EmulatorOptions } from '../options.js';

/** A clock on which every wait is over at once, so that tests see a profile's order of events and not its time. */
export function hurriedClock(): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    schedule(delayMs, fn) {
      const atMs = nowMs + Math.max(0, delayMs);
      const immediate = setImmediate(() => {
        nowMs = Math.max(nowMs, atMs);
        fn();
      });
      return () => clearImmediate(immediate);
    },
  };
}

/** An emulator that closes with the test. Nobody waits in it unless the test brings a clock. */
export async function emulatorForTest(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({
    profile: 'instant',
    today: '2026-11-22',
    clock: hurriedClock(),
    ...options,
  });
  onTestFinished(() => emulator.close());
  return emulator;
}

export const HELLO = [{ role: 'user', content: 'What are your opening hours?' }];

/** Posts JSON. */
export function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
}

/** Posts a streaming chat completion. */
export function chat(
  emulator: Emulator,
  more: Record<string, unknown> = {},
  init?: RequestInit,
): Promise<Response> {
  const body = { model: 'instant', messages: HELLO, stream: true, ...more };
  return post(`${emulator.url}/chat/completions`, body, init);
}

/** One server-sent event. */
export interface SseEvent {
  event: string | undefined;
  data: string;
}

/** The events of a whole event stream. */
export function parseSse(text: string): SseEvent[] {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .filter((block) => block.trim() !== '' && !block.startsWith(':'))
    .map((block) => {
      const lines = block.split('\n');
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      return { event: field('event'), data: field('data') ?? '' };
    });
}

/** A chunk of OpenAI's stream, as far as tests look into it. */
export interface Chunk {
  model: string;
  system_fingerprint: string;
  choices: {
    delta: {
      role?: string;
      content?: string;
      reasoning?: string;
      tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
    };
    finish_reason: string | null;
  }[];
  usage?: Record<string, unknown> | null;
  x_groq?: Record<string, unknown>;
  time_info?: Record<string, number>;
  error?: { message: string };
}

/** The chunks of a stream; checks that `[DONE]` ends it. */
export async function chunksOf(response: Response): Promise<Chunk[]> {
  const events = parseSse(await response.text()).map((event) => event.data);
  if (events.pop() !== '[DONE]') throw new Error('the stream did not end with [DONE]');
  return events.map((data) => JSON.parse(data) as Chunk);
}

/** The words of a stream. */
export function textOfChunks(chunks: Chunk[]): string {
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

/** Waits, without a timer of its own, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
