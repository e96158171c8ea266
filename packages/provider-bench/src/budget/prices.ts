import { readFile } from 'node:fs/promises';
import type { Usage } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import { type Price, priceSchema, type RunHeader, type SpeechPrice, speechPriceSchema } from '../run-file.js';
import type { BenchTarget } from '../targets/target.js';
import { LIST_PRICES, PRICES_DATE } from './prices-2026-06.js';

/** Prices of a run's targets, with their date and source. */
export type Prices = RunHeader['prices'];

const fileSchema = z.strictObject({
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write the day as YYYY-MM-DD'),
  prices: z.record(z.string(), z.union([priceSchema, speechPriceSchema])),
});

const FORM =
  '{"date": "2026-11-24", "prices": {"groq:openai/gpt-oss-120b": {"inputPerMillionUsd": 0.15, "outputPerMillionUsd": 0.6}}}';

async function readPrices(file: string): Promise<z.infer<typeof fileSchema>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const what = issue
      ? `is invalid at ${issue.path.join('.') || 'the top level'}: ${issue.message}`
      : 'cannot be read as JSON';
    throw new FirstwordError('bad_input', `the price file ${file} ${what}. Expected: ${FORM}.`, { cause });
  }
}

const FREE: Price = { inputPerMillionUsd: 0, outputPerMillionUsd: 0 };
/** Self-hosted servers have no price per token. */
const OWN_SERVERS = new Set(['vllm', 'ollama', 'llama.cpp']);

const isFree = ({ emulated, provider }: BenchTarget) => emulated || OWN_SERVERS.has(provider);

/** A target with its own base URL has the price of its provider and model. */
const keyOf = ({ provider, model }: BenchTarget) => `${provider}:${model}`;

/**
 * The prices of the targets: from the user's file, otherwise list prices. Targets without a known price are left out.
 * @throws FirstwordError `bad_input` for a file that cannot be read or is invalid
 */
export async function pricesOf(targets: readonly BenchTarget[], file?: string): Promise<Prices> {
  const own = file === undefined ? undefined : await readPrices(file);
  const known: Record<string, Price | SpeechPrice> = { ...LIST_PRICES, ...own?.prices };
  const speech = targets.flatMap((target): [string, SpeechPrice][] => {
    if (!target.kind) return [];
    const price = known[target.text];
    if (price && !('inputPerMillionUsd' in price)) return [[target.text, price]];
    return target.emulated ? [[target.text, { perMinuteUsd: 0 }]] : [];
  });
  const byTarget = targets.flatMap((target): [string, Price][] => {
    if (target.kind) return [];
    const price = known[target.text] ?? known[keyOf(target)] ?? (isFree(target) ? FREE : undefined);
    return price && 'inputPerMillionUsd' in price ? [[target.text, price]] : [];
  });
  return {
    date: own?.date ?? PRICES_DATE,
    ...(file === undefined ? {} : { file }),
    byTarget: Object.fromEntries(byTarget),
    ...(speech.length > 0 ? { speech: Object.fromEntries(speech) } : {}),
  };
}

/** The cost of a request's tokens, US dollars. Counts that were not reported count as 0. */
export function costUsd(
  price: Price,
  usage: Pick<Usage, 'promptTokens' | 'completionTokens' | 'cachedTokens'>,
) {
  const { promptTokens = 0, completionTokens = 0 } = usage;
  const cachedTokens = Math.min(usage.cachedTokens ?? 0, promptTokens);
  const cachedPrice = price.cachedPerMillionUsd ?? price.inputPerMillionUsd;
  const perMillion =
    (promptTokens - cachedTokens) * price.inputPerMillionUsd +
    cachedTokens * cachedPrice +
    completionTokens * price.outputPerMillionUsd;
  return perMillion / 1_000_000;
}
