import type { ChatEvent, ChatRequest } from '../chat.js';

/** Receives the events of an answer. */
export interface ChatSink {
  push(event: ChatEvent): void;
  end(): void;
  fail(error: unknown): void;
  /** Settles when a reader can take more; `undefined`: one can now. */
  room(): Promise<void> | undefined;
}

/** What a reader has been given of an answer. */
export class PassedOn {
  /** All text so far. */
  text = '';
  /** A complete tool call was passed on. */
  calledTool = false;

  /** Records an event that is passed on. */
  note(event: ChatEvent): void {
    if (event.type === 'frame') for (const inner of event.events) this.note(inner);
    if (event.type === 'text') this.text += event.text;
    if (event.type === 'toolCall') this.calledTool = true;
  }

  /** Whether another model could continue the answer: not after a tool call, nor where it cannot be asked the same. */
  continuable({ raw }: ChatRequest): boolean {
    return !this.calledTool && !raw?.unconvertible?.length;
  }
}
