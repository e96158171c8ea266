import type { LanguageModel } from '@firstword/llm';

/** One answer: when its first text came, or why there was none. */
export interface Asked {
  /** From the request to the first text, ms; absent if it failed. */
  firstTextMs?: number;
  failure?: string;
}

/** Asks one question and reads the answer to its end. Never rejects. */
export async function ask(model: LanguageModel, question: string): Promise<Asked> {
  const startMs = performance.now();
  let firstTextMs: number | undefined;
  try {
    let isComplete = false;
    for await (const event of model.chat({ messages: [{ role: 'user', content: question }] })) {
      if (event.type === 'text') firstTextMs ??= performance.now() - startMs;
      if (event.type === 'finish') isComplete = event.reason === 'stop';
    }
    if (!isComplete) return { failure: 'incomplete' };
    return firstTextMs === undefined ? { failure: 'empty' } : { firstTextMs };
  } catch (error) {
    return { failure: String((error as { code?: unknown }).code ?? error) };
  }
}
