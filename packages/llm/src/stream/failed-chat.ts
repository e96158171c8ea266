import type { FirstwordError } from '@firstword/turn';
import type { ChatEvent } from '../chat.js';
import type { ChatStream } from '../model.js';
import { newTrace, type RequestTrace } from '../trace.js';
import { EventQueue } from './event-queue.js';

/** A stream that has failed before a request was sent. */
export function failedChat(options: { provider: string; model: string; error: FirstwordError }): ChatStream {
  const { error, ...names } = options;
  const trace: RequestTrace = { ...newTrace(names), outcome: 'failed', error };
  const queue = new EventQueue<ChatEvent>({ onLeave: () => {} });
  queue.fail(error);
  return { trace, cancel: () => queue.drop(), [Symbol.asyncIterator]: () => queue };
}
