import type { ChatRequest, ChatStream, LanguageModel, RequestTrace } from '@firstword/llm';
import { FirstwordError, systemClock } from '@firstword/turn';

const SENTENCES = [
  'मैं आपकी आवाज़ साफ़ सुन पा रही हूँ।',
  'आज शाम सात बजे की मेज़ खाली है।',
  'बताइए कितने लोग आएँगे और आपका नाम क्या है।',
];
/** Approximate number of tokens of a Devanagari word. */
const TOKENS_PER_WORD = 3;

/** A scripted model that answers in Hindi at a set rate, because the emulator's answers are English. */
export class HindiModel implements LanguageModel {
  readonly provider = 'scripted';
  readonly model = 'hindi';
  readonly #firstContentMs: () => number;
  readonly #tokensPerSecond: number;

  constructor(options: { firstContentMs: () => number; tokensPerSecond: number }) {
    this.#firstContentMs = options.firstContentMs;
    this.#tokensPerSecond = options.tokensPerSecond;
  }

  chat(_request: ChatRequest, { signal }: { signal?: AbortSignal } = {}): ChatStream {
    const trace: RequestTrace = {
      provider: this.provider,
      model: this.model,
      emulated: true,
      requests: 1,
      outcome: 'pending',
      marks: { llmRequested: systemClock.nowMs() },
    };
    return { trace, cancel: () => {}, [Symbol.asyncIterator]: () => this.#play(trace, signal) };
  }

  async *#play(trace: RequestTrace, signal: AbortSignal | undefined) {
    const paceMs = (1000 * TOKENS_PER_WORD) / this.#tokensPerSecond;
    try {
      await sleep(this.#firstContentMs());
      for (const word of SENTENCES.join(' ').split(' ')) {
        if (signal?.aborted) throw new FirstwordError('aborted', 'The request was cancelled.');
        trace.marks.firstContent ??= systemClock.nowMs();
        yield { type: 'text' as const, text: `${word} ` };
        await sleep(paceMs);
      }
      trace.outcome = 'finished';
    } finally {
      if (trace.outcome === 'pending') trace.outcome = 'cancelled';
    }
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}
}

const sleep = (ms: number) => new Promise<void>((resolve) => systemClock.schedule(ms, resolve));
