import type { ChatOptions, Router } from '@firstword/llm';
import { FirstwordError, ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { CHAT, gatewayTo, HELLO, openAiModel, post, routeTo } from '../testing/gateway.js';
import { chunk, DONE, finish, stream, until, upstream } from '../testing/upstream.js';
import { Speculations } from './speculations.js';

const FIRST = chunk({ content: 'Good mor' });
const REST = `${chunk({ content: 'ning. ' })}${finish()}${DONE}`;

/** A route that records the options of each request. */
async function observed() {
  const server = await upstream((response) => stream(response, FIRST + REST));
  const route = routeTo([openAiModel(server.url)]);
  const asked: { session: string | undefined; options: ChatOptions }[] = [];
  const chat = route.router.chat.bind(route.router);
  route.router.chat = ((request, options = {}) => {
    asked.push({ session: request.sessionId, options });
    return chat(request, options);
  }) satisfies Router['chat'];
  return { asked, server, route };
}

test('the caller’s wait, the session and the hold reach the router', async () => {
  const { asked, route } = await observed();
  const { gateway } = await gatewayTo([route]);
  const headers = {
    'x-firstword-waiting-since-ms': String(Date.now() - 500),
    'x-firstword-session': 'call-7',
    'x-firstword-hold': 'clause',
  };
  await (await post(gateway, CHAT, HELLO, { headers })).text();
  await (await post(gateway, CHAT, HELLO)).text();
  expect(asked[0]).toMatchObject({ session: 'call-7', options: { holdUntilClause: true } });
  const agoMs = performance.now() - asked[0]!.options.waitingSinceMs!()!;
  expect(agoMs).toBeGreaterThan(450);
  expect(agoMs).toBeLessThan(20_000);
  expect(asked[1]).toMatchObject({ session: undefined, options: { holdUntilClause: false } });
  expect(asked[1]!.options.awaited).toBeUndefined();
});

test.each([
  ['x-firstword-waiting-since-ms', '500'],
  ['x-firstword-waiting-since-ms', '1796049644'],
  ['x-firstword-waiting-since-ms', 'now'],
  ['x-firstword-hold', 'yes'],
  ['x-firstword-trace', 'yes'],
  ['x-firstword-session', 'x'.repeat(300)],
])('%s: %s is refused', async (name, value) => {
  const { route, server } = await observed();
  const { gateway } = await gatewayTo([route]);
  const response = await post(gateway, CHAT, HELLO, { headers: { [name]: value } });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(name);
  expect(server.requests).toEqual([]);
});

test('a speculation is hedged only once it is confirmed', async () => {
  const server = await upstream((response) => {
    if (server.requests.length === 2) stream(response, FIRST + REST);
  });
  const clock = new ManualClock();
  const route = routeTo([openAiModel(server.url)], { clock, firstContentDeadlineMs: 5_000 });
  const { gateway, answered } = await gatewayTo([route]);
  const sent = post(gateway, CHAT, HELLO, { headers: { 'x-firstword-speculative': 'turn-7' } });
  await until(() => server.requests.length === 1);
  clock.advance(1_000);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toHaveLength(1);
  const confirmed = await post(gateway, '/v1/firstword/confirm/turn-7', {});
  expect(confirmed.status).toBe(204);
  clock.advance(1);
  expect((await sent).status).toBe(200);
  expect(server.requests).toHaveLength(2);
  await until(() => answered.length === 1);
  expect(answered[0]!.trace!.attempts!.map(({ reason }) => reason)).toEqual(['primary', 'hedge']);
});

test('a confirmation without a body is enough, and one that comes first is kept', async () => {
  const { asked, route } = await observed();
  const { gateway } = await gatewayTo([route]);
  const early = await fetch(`${gateway.url}/firstword/confirm/turn-8`, { method: 'POST' });
  expect(early.status).toBe(202);
  const headers = { 'x-firstword-speculative': 'turn-8' };
  await (await post(gateway, CHAT, HELLO, { headers })).text();
  await asked[0]!.options.awaited;
});

test('a confirmation that is too old, or superseded, confirms nothing', async () => {
  const clock = new ManualClock();
  const speculations = new Speculations({ clock });
  expect(speculations.confirm('a', undefined)).toBe(false);
  clock.advance(10_001);
  const late = speculations.open('a', undefined);
  const isConfirmed = async (speculation: { awaited: Promise<void> }) =>
    Promise.race([speculation.awaited.then(() => true), Promise.resolve().then(() => false)]);
  expect(await isConfirmed(late)).toBe(false);
  late.close();
  expect(speculations.confirm('a', undefined)).toBe(false);
  const next = speculations.open('b', 1);
  expect(speculations.confirm('b', 2)).toBe(true);
  expect(next.waitingSinceUnixMs()).toBe(2);
  await next.awaited;
});

test('a stream ends with its trace where the client asks for it', async () => {
  const { route } = await observed();
  const { gateway } = await gatewayTo([route]);
  const headers = { 'x-firstword-trace': 'end' };
  const text = await (await post(gateway, CHAT, { ...HELLO, stream: true }, { headers })).text();
  const comment = /^: x-firstword-trace (.*)$/m.exec(text)![1]!;
  expect(JSON.parse(comment)).toMatchObject({ route: 'm', outcome: 'finished' });
  expect(text.endsWith(DONE)).toBe(true);
});

test('the timing of an answer is in its headers', async () => {
  const { route } = await observed();
  const { gateway } = await gatewayTo([route]);
  const response = await post(gateway, CHAT, HELLO, { headers: { 'x-request-id': 'mine-7' } });
  expect(response.headers.get('server-timing')).toMatch(
    /^gateway;dur=[\d.]+, (connect;dur=[\d.]+, )?upstream;dur=[\d.]+;desc="primary real-model", hold;dur=[\d.]+, total;dur=[\d.]+$/,
  );
  expect(response.headers.get('x-request-id')).toBe('mine-7');
});

test('no words and no key are in what is reported', async () => {
  const server = await upstream((response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: 'cannot read "my secret words" with upstream-key' } })),
  );
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)], { maxAttempts: 1 })]);
  const body = { ...HELLO, messages: [{ role: 'user', content: 'my secret words' }] };
  const response = await post(gateway, CHAT, body);
  expect(await response.text()).not.toContain('upstream-key');
  const reported = JSON.stringify(answered) + [...response.headers.values()].join();
  expect(answered[0]!.trace!.error).toBeInstanceOf(FirstwordError);
  expect(reported).not.toMatch(/secret words|upstream-key/);
});
