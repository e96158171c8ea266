import type { ChatEvent, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { wait } from './tool-model.js';
import { tracedStream } from './traced-stream.js';

/** A request to the model. */
export interface StoryRequest {
  atMs: number;
  /** When its first words came; absent if it was cancelled before. */
  firstContentMs?: number;
  /** The last answer of the agent in its context; empty if there is none. */
  lastAnswer: string;
}

const FIRST_CONTENT_MS = 300;
const STORY =
  'There was once a small town by the sea where people told long stories about a ship that had sailed away.';

/** A model that tells a long story whatever it is asked. */
export class StoryModel implements LanguageModel {
  readonly provider = 'emulated';
  readonly model = 'stories';
  readonly requests: StoryRequest[] = [];
  /** Length of a character as the emulated TTS speaks it, ms. */
  readonly msPerCharacter = 60;
  /** Length of the spoken story, ms. */
  readonly storyMs = STORY.length * this.msPerCharacter;

  chat({ messages }: ChatRequest, options: { signal?: AbortSignal } = {}): ChatStream {
    const last = messages.findLast(({ role }) => role === 'assistant')?.content;
    const request: StoryRequest = {
      atMs: systemClock.nowMs(),
      lastAnswer: typeof last === 'string' ? last : '',
    };
    this.requests.push(request);
    return tracedStream(this, () => this.#events(request, options.signal), options.signal);
  }

  async *#events(request: StoryRequest, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent> {
    await wait(FIRST_CONTENT_MS, signal);
    request.firstContentMs = systemClock.nowMs();
    for (const word of STORY.split(/(?<= )/)) {
      yield { type: 'text', text: word };
      await wait(12, signal);
    }
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}
}
