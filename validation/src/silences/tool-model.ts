import type { ChatEvent, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';
import { FirstwordError, systemClock } from '@firstword/turn';
import { tracedStream } from './traced-stream.js';

/** What the model does for one question. */
export interface ToolScript {
  /** The tool that it calls. */
  tool: string;
  /** Whether it says something before it calls the tool. */
  hasWords: boolean;
  /** From a request to its first content, ms. */
  firstContentMs: number;
  /** The first request with the tool's result fails. */
  failsAfterTool: boolean;
}

const WORDS = 'Let me look that up for you.';
/** While the tool call is streamed after the words, ms: some thirty tokens. */
const CALL_MS = 300;

/** The words of the answer to a question. */
export const answerTo = (turn: number): string => `Here is what I have found for number ${turn}.`;
/** The caller's words. */
export const questionOf = (turn: number): string => `Please look up number ${turn}.`;
/** The last number that words are about, as of a turn that was joined; `undefined` for others. */
export function numberIn(words: string): number | undefined {
  const found = [...words.matchAll(/number (\d+)/g)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

const textOf = (content: unknown): string =>
  typeof content === 'string' ? content : JSON.stringify(content ?? '');

/** A model that calls the question's tool, and answers once its result is in the context. */
export class ToolModel implements LanguageModel {
  readonly provider = 'emulated';
  readonly model = 'tools';
  readonly #scriptOf: (turn: number) => ToolScript;
  readonly #failed = new Set<number>();
  #calls = 0;

  constructor(scriptOf: (turn: number) => ToolScript) {
    this.#scriptOf = scriptOf;
  }

  chat(request: ChatRequest, { signal }: { signal?: AbortSignal } = {}): ChatStream {
    return tracedStream(this, () => this.#events(request, signal), signal);
  }

  async *#events(request: ChatRequest, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent> {
    const { messages } = request;
    const askedAt = messages.findLastIndex(({ role }) => role === 'user');
    const turn = numberIn(textOf(messages[askedAt]?.content)) ?? 0;
    const script = this.#scriptOf(turn);
    // The tool of another number may have returned meanwhile, as of a turn that was joined with this one.
    const isAnswered = messages
      .slice(askedAt)
      .some(({ role, content }) => role === 'tool' && numberIn(textOf(content)) === turn);
    await wait(script.firstContentMs, signal);
    if (isAnswered) {
      if (script.failsAfterTool && !this.#failed.has(turn)) {
        this.#failed.add(turn);
        throw new FirstwordError('provider_unavailable', 'the emulated provider is overloaded', {
          retryable: true,
        });
      }
      yield { type: 'text', text: answerTo(turn) };
      return;
    }
    if (script.hasWords) {
      yield { type: 'text', text: WORDS };
      await wait(CALL_MS, signal);
    }
    const id = `call-${this.#calls++}`;
    yield { type: 'toolCall', call: { id, name: script.tool, arguments: JSON.stringify({ turn }) } };
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Waits for this time, ms; less if aborted, and then throws. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = systemClock.schedule(ms, end);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
  if (signal?.aborted) throw new FirstwordError('aborted', 'no longer wanted');
}
