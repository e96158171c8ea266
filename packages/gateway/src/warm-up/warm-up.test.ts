import { expect, test } from 'vitest';
import { startGateway } from '../gateway.js';
import { CHAT, gatewayTo, HELLO, openAiModel, post, routeTo } from '../testing/gateway.js';
import { chunk, DONE, finish, stream, until, upstream } from '../testing/upstream.js';
import { warmUp } from './warm-up.js';

const statusOf = async (origin: string) => (await fetch(`${origin}/readyz`)).json();

test('sends the given number of requests, and closes what it opened', async () => {
  let closed = 0;
  const open = async (routes: Parameters<typeof startGateway>[0]['routes']) => {
    const gateway = await startGateway({ routes });
    const close = async () => {
      await gateway.close();
      closed += 1;
    };
    return { url: gateway.url, close };
  };
  const answered = await warmUp({ open, signal: new AbortController().signal, requests: 24 });
  // On a machine that is busy for 3 s, its time limit ends it earlier.
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(24);
  expect(closed).toBe(1);
});

test('a gateway that warms up answers, is ready afterwards, and counts only what clients asked', async () => {
  const server = await upstream((response) =>
    stream(response, `${chunk({ content: 'Hello.' })}${finish()}${DONE}`),
  );
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)])], { warmUp: true });
  expect(await statusOf(gateway.origin)).toEqual({ status: 'warming up' });
  expect((await post(gateway, CHAT, HELLO)).status).toBe(200);
  let status: unknown;
  const poll = setInterval(() => void statusOf(gateway.origin).then((found) => (status = found)), 20);
  await until(() => (status as { status: string } | undefined)?.status === 'ready');
  clearInterval(poll);
  expect(answered).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
}, 30_000);

test('a gateway that is closed while it warms up ends at once', async () => {
  const server = await upstream(() => {});
  const gateway = await startGateway({ routes: [routeTo([openAiModel(server.url)])], warmUp: true });
  await gateway.close();
  await expect(fetch(`${gateway.origin}/readyz`)).rejects.toThrow();
});
