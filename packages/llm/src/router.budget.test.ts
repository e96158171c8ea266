import { expect, onTestFinished, test } from 'vitest';
import { estimateTokens } from './policy/estimate-tokens.js';
import { openAiCompatible } from './providers/compatible/index.js';
import { router } from './router.js';
import { readAll } from './testing/read.js';
import { say, serve, stream } from './testing/server.js';

const LARGE = 'word '.repeat(8_000);
const requestOf = (turn: number) => ({
  messages: [{ role: 'user' as const, content: `${turn} ${turn % 3 === 0 ? LARGE : 'small'}` }],
});
const isLarge = (body: string) => body.length > LARGE.length;

test('hedges stay within the budget in requests and tokens, on real sockets, when only large prompts are slow', async () => {
  const primary = await serve((response, body) => {
    setTimeout(() => stream(response, say('Yes. ')), isLarge(body) ? 30 : 0);
  });
  const backup = await serve((response) => stream(response, say('Yes. ')));
  const route = router({
    models: [
      openAiCompatible({ provider: 'primary', model: 'm', baseUrl: primary.baseUrl }),
      openAiCompatible({ provider: 'backup', model: 'm', baseUrl: backup.baseUrl }),
    ],
    hedge: { budget: 0.1, initialDelayMs: 15, quantile: 0.6 },
  });
  onTestFinished(() => route.close());

  const turns = Array.from({ length: 120 }, (_, turn) => requestOf(turn));
  const hedged: number[] = [];
  const decisions = new Set<string>();
  for (const request of turns) {
    const chat = route.chat(request);
    await readAll(chat);
    for (const { reason } of chat.trace.attempts!)
      if (reason === 'hedge') hedged.push(estimateTokens(request));
    for (const { decision } of chat.trace.decisions!) decisions.add(decision);
  }

  const sum = (tokens: number[]) => tokens.reduce((total, one) => total + one, 0);
  expect(hedged.length).toBe(route.stats().extraRequests);
  expect(hedged.length).toBeLessThanOrEqual(0.1 * turns.length + 20);
  // The token limit decides: the request limit alone would allow eight more hedges of large prompts.
  expect(sum(hedged)).toBeLessThanOrEqual(
    0.1 * sum(turns.map(estimateTokens)) + 20 * estimateTokens(turns[0]!),
  );
  expect(sum(hedged)).toBeGreaterThan(10 * estimateTokens(turns[0]!));
  expect(decisions).toContain('hedge refused: budget');
  expect(backup.requests.length).toBeLessThanOrEqual(hedged.length);
});
