import type { ChatEvent, ChatStream, LanguageModel, RequestTrace } from '@firstword/llm';
import { FirstwordError, systemClock } from '@firstword/turn';

/** The answer of a scripted model, with the trace that its events and its end give. */
export function tracedStream(
  { provider, model }: Pick<LanguageModel, 'provider' | 'model'>,
  events: () => AsyncGenerator<ChatEvent>,
  signal: AbortSignal | undefined,
): ChatStream {
  const trace: RequestTrace = {
    provider,
    model,
    emulated: true,
    requests: 1,
    outcome: 'pending',
    marks: { llmRequested: systemClock.nowMs() },
  };
  return { trace, cancel: () => {}, [Symbol.asyncIterator]: () => played(events(), trace, signal) };
}

async function* played(
  events: AsyncGenerator<ChatEvent>,
  trace: RequestTrace,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatEvent, void, undefined> {
  try {
    for await (const event of events) {
      trace.marks.firstContent ??= systemClock.nowMs();
      yield event;
    }
    trace.outcome = 'finished';
  } catch (error) {
    trace.outcome = signal?.aborted ? 'cancelled' : 'failed';
    if (error instanceof FirstwordError) trace.error = error;
    throw error;
  } finally {
    if (trace.outcome === 'pending') trace.outcome = 'cancelled';
  }
}
