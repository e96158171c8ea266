import type { Price } from '../run-file.js';

/** The date of the most recent of the price lookups below; the others are at most six months older. */
export const PRICES_DATE = '2026-06-21';

/**
 * List prices for standard service, US dollars per million tokens, by `provider:model`. `--prices FILE` overrides them.
 * Sources: OpenAI's price page (as checked 2026-06-21, 2026-05-21 for gpt-4o-mini, 2026-04-30 for gpt-5.4-mini),
 * Groq's model pages (2026-05-19), Cerebras's page of the model (inference-docs.cerebras.ai/models/openai-oss),
 * Anthropic's and Google's price pages (2026-05-22, 2026-04-01). Prices change: check them before you decide by cost.
 */
export const LIST_PRICES: Readonly<Record<string, Price>> = {
  'openai:gpt-4.1': { inputPerMillionUsd: 2, cachedPerMillionUsd: 0.5, outputPerMillionUsd: 8 },
  'openai:gpt-4.1-mini': { inputPerMillionUsd: 0.4, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 1.6 },
  'openai:gpt-4o-mini': { inputPerMillionUsd: 0.15, cachedPerMillionUsd: 0.075, outputPerMillionUsd: 0.6 },
  'openai:gpt-5.4-mini': { inputPerMillionUsd: 0.75, cachedPerMillionUsd: 0.075, outputPerMillionUsd: 4.5 },
  'groq:openai/gpt-oss-120b': { inputPerMillionUsd: 0.15, outputPerMillionUsd: 0.6 },
  'groq:openai/gpt-oss-20b': { inputPerMillionUsd: 0.075, outputPerMillionUsd: 0.3 },
  'cerebras:gpt-oss-120b': { inputPerMillionUsd: 0.35, outputPerMillionUsd: 0.75 },
  'anthropic:claude-haiku-4-5': { inputPerMillionUsd: 1, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 5 },
  'gemini:gemini-2.5-flash': { inputPerMillionUsd: 0.3, outputPerMillionUsd: 2.5 },
};
