import { router } from '@firstword/llm';
import { ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { startGateway } from './gateway.js';
import { CHAT, dataOf, gatewayTo, HELLO, openAiModel, post, routeTo } from './testing/gateway.js';
import { chunk, DONE, finish, stream, until, upstream } from './testing/upstream.js';

const FIRST = chunk({ content: 'Good morning. ' });
const REST = `${finish()}${DONE}`;
const ASK = { ...HELLO, stream: true };

/** A provider whose answers begin at once and end when `finish` is called. */
async function slowUpstream() {
  const ends: (() => void)[] = [];
  const server = await upstream((response) => {
    stream(response, FIRST, { open: true });
    ends.push(() => response.end(REST));
  });
  return { server, finish: () => ends.splice(0).forEach((end) => void end()) };
}

test('a client that leaves cancels its request at the provider', async () => {
  const { server } = await slowUpstream();
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const stop = new AbortController();
  const response = await post(gateway, CHAT, ASK, { signal: stop.signal });
  await response.body!.getReader().read();
  const sockets = [...server.sockets];
  stop.abort();
  await until(() => answered.length === 1);
  expect(answered).toMatchObject([{ outcome: 'cancelled', trace: { outcome: 'cancelled' } }]);
  await until(() => sockets.some((socket) => socket.destroyed));
});

test('so does one that leaves before the first content, whole answers too', async () => {
  const server = await upstream(() => {});
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  for (const body of [ASK, HELLO]) {
    const stop = new AbortController();
    const sent = post(gateway, CHAT, body, { signal: stop.signal });
    const before = answered.length;
    await until(() => server.requests.length > before);
    stop.abort();
    await expect(sent).rejects.toThrow();
    await until(() => answered.length > before);
    expect(answered.at(-1)).toMatchObject({ status: undefined, outcome: 'cancelled' });
  }
  expect(gateway.running).toBe(0);
});

test('a client that does not read stops the reading from the provider', async () => {
  const piece = chunk({ content: 'x'.repeat(10_000) });
  let written = 0;
  let isFull = false;
  const server = await upstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = () => {
      // 80 MB in all: far more than the sockets take.
      while (written < 8_000) {
        written += 1;
        if (!response.write(piece)) {
          isFull = true;
          response.once('drain', () => {
            isFull = false;
            write();
          });
          return;
        }
      }
      response.end(REST);
    };
    write();
  });
  const clock = new ManualClock();
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)], { clock })]);
  const response = await post(gateway, CHAT, ASK);
  const reader = response.body!.getReader();
  await reader.read();
  let seen = -1;
  for (let calm = 0; calm < 1_000; seen = written) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = isFull && written === seen ? calm + 1 : 0;
  }
  // It does not count as stalled.
  clock.advance(60_000);
  expect(written).toBeLessThan(4_000);
  let size = 0;
  let tail = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length;
    tail = (tail + new TextDecoder().decode(read.value)).slice(-REST.length);
  }
  expect(size).toBeGreaterThan(79_000_000);
  expect(tail).toBe(REST);
}, 60_000);

test('new routes serve new requests, and the old answers end', async () => {
  const old = await slowUpstream();
  const other = await upstream((response) => stream(response, FIRST + REST));
  const before = routeTo([openAiModel(old.server.url)]);
  let closed = 0;
  const close = before.router.close.bind(before.router);
  before.router.close = async () => {
    closed += 1;
    await close();
  };
  const { gateway } = await gatewayTo([before]);
  const running = await post(gateway, CHAT, ASK);
  gateway.replaceRoutes([{ ...routeTo([openAiModel(other.url)]), name: 'other' }]);
  expect((await post(gateway, CHAT, ASK)).status).toBe(404);
  expect((await post(gateway, CHAT, { ...ASK, model: 'other' })).status).toBe(200);
  expect(closed).toBe(0);
  old.finish();
  expect(await running.text()).toBe(FIRST + REST);
  await until(() => closed === 1);
});

test('bad routes change nothing', async () => {
  const server = await upstream((response) => stream(response, FIRST + REST));
  const route = routeTo([openAiModel(server.url)]);
  const { gateway } = await gatewayTo([route]);
  expect(() => gateway.replaceRoutes([])).toThrow(/at least one route/);
  expect(() => gateway.replaceRoutes([route, { ...route }])).toThrow(/two routes have the name "m"/);
  expect((await post(gateway, CHAT, ASK)).status).toBe(200);
});

test('draining ends what is under way and refuses the rest', async () => {
  const { server, finish } = await slowUpstream();
  const { gateway } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const running = await post(gateway, CHAT, ASK);
  const drained = gateway.drain();
  // A balancer hands a refused connection to another gateway at once; a 503 it would pass to the client.
  await expect(post(gateway, CHAT, ASK)).rejects.toThrow();
  await expect(fetch(`${gateway.origin}/readyz`)).rejects.toThrow();
  finish();
  expect(await running.text()).toBe(FIRST + REST);
  await drained;
  await expect(fetch(`${gateway.origin}/healthz`)).rejects.toThrow();
});

test('what is left when the time is up ends with an error event', async () => {
  const { server } = await slowUpstream();
  const { gateway, answered } = await gatewayTo([routeTo([openAiModel(server.url)])]);
  const running = await post(gateway, CHAT, ASK);
  const time = new AbortController();
  const drained = gateway.drain({ signal: time.signal });
  time.abort();
  const data = dataOf(await running.text());
  expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { type: 'server_error' } });
  await drained;
  expect(answered).toMatchObject([{ outcome: 'failed' }]);
});

test('a port that is taken is an error that says so', async () => {
  const server = await upstream(() => {});
  const routes = [routeTo([openAiModel(server.url)])];
  const { gateway } = await gatewayTo(routes);
  const port = Number(new URL(gateway.url).port);
  await expect(startGateway({ routes, port })).rejects.toMatchObject({ code: 'port_in_use' });
});

test('one router may serve several names', async () => {
  const server = await upstream((response) => stream(response, FIRST + REST));
  const shared = router({ models: [openAiModel(server.url)], coalesce: false });
  const { gateway } = await gatewayTo([
    { name: 'a', router: shared },
    { name: 'b', router: shared },
  ]);
  gateway.replaceRoutes([{ name: 'b', router: shared }]);
  expect((await post(gateway, CHAT, { ...ASK, model: 'b' })).status).toBe(200);
});
