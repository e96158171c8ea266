import { createHash } from 'node:crypto';
import { toPieces } from '../chat/tokens.js';
import type { CacheRule } from './rules.js';

/** Tokens that one request read from and wrote to the cache. */
export interface CacheUse {
  /** Prompt tokens found in the cache. */
  cachedTokens: number;
  /** Tokens newly stored, which Anthropic bills as cache creation. */
  writtenTokens: number;
}

const NOTHING: CacheUse = { cachedTokens: 0, writtenTokens: 0 };

/** Number of entries above which the oldest are dropped. It bounds memory in long benchmarks. */
const MAX_ENTRIES = 200_000;

/** Caches prompt prefixes block by block, as providers do. It stores hashes, not text. */
export class PrefixCache {
  readonly #expiresMs = new Map<string, number>();

  /** Looks up the longest cached prefix of `prompt` within `scope` (API key and cache key), then stores the whole prompt. */
  use(options: { scope: string; prompt: string; rule: CacheRule; nowMs: number }): CacheUse {
    const { rule, nowMs } = options;
    const blocks = blockHashes(options.scope, options.prompt, rule.blockTokens);
    if (blocks.length * rule.blockTokens < rule.minTokens) return NOTHING;
    const firstUnknown = blocks.findIndex((hash) => (this.#expiresMs.get(hash) ?? 0) <= nowMs);
    const known = firstUnknown < 0 ? blocks.length : firstUnknown;
    for (const hash of blocks) this.#store(hash, nowMs + rule.ttlMs);
    const cachedTokens = known * rule.blockTokens;
    if (cachedTokens < rule.minTokens) {
      return { cachedTokens: 0, writtenTokens: blocks.length * rule.blockTokens };
    }
    return { cachedTokens, writtenTokens: (blocks.length - known) * rule.blockTokens };
  }

  #store(hash: string, expiresMs: number): void {
    this.#expiresMs.delete(hash);
    this.#expiresMs.set(hash, expiresMs);
    if (this.#expiresMs.size <= MAX_ENTRIES) return;
    const oldest = this.#expiresMs.keys().next().value;
    if (oldest !== undefined) this.#expiresMs.delete(oldest);
  }
}

/** One hash per complete block; each covers all blocks before it too. */
function blockHashes(scope: string, prompt: string, blockTokens: number): string[] {
  const pieces = toPieces(prompt);
  const chain = createHash('sha256').update(scope).update('\u0000');
  const hashes: string[] = [];
  for (let end = blockTokens; end <= pieces.length; end += blockTokens) {
    chain.update(pieces.slice(end - blockTokens, end).join(''));
    hashes.push(chain.copy().digest('base64'));
  }
  return hashes;
}
