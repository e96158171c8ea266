import type { Clock } from '@firstword/turn';
import { onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../emulator.js';
import type { EmulatorOptions } from '../options.js';

/** A clock whose timers fire immediately, in order, so that tests check the order of events without real delays. */
export function immediateClock(): Clock {
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

/** An emulator that is closed at the end of the test. It has no real delays unless the test passes a clock. */
export async function emulatorForTest(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({
    profile: 'instant',
    today: '2026-11-22',
    clock: immediateClock(),
    ...options,
  });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** A one-message conversation. */
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

/** The fields of an OpenAI stream chunk that the tests check. */
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

/** The chunks of a stream. @throws Error if it does not end with `[DONE]` */
export async function chunksOf(response: Response): Promise<Chunk[]> {
  const events = parseSse(await response.text()).map((event) => event.data);
  if (events.pop() !== '[DONE]') throw new Error('the stream did not end with [DONE]');
  return events.map((data) => JSON.parse(data) as Chunk);
}

/** The text of a stream. */
export function textOfChunks(chunks: Chunk[]): string {
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

/** Waits, without a timer, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
