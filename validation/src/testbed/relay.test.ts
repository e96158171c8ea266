import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ManualClock } from '@firstword/turn';
import { expect, it, onTestFinished } from 'vitest';
import { type LinkFaults, startRelay } from './relay.js';

const HOST = '127.0.0.1';
const WAIT = { timeout: 10_000 };

async function socket(): Promise<{ udp: Socket; port: number; got: string[] }> {
  const udp = createSocket('udp4').bind(0, HOST);
  await once(udp, 'listening');
  const got: string[] = [];
  udp.on('message', (data) => got.push(data.toString()));
  onTestFinished(() => {
    udp.close();
  });
  return { udp, port: udp.address().port, got };
}

/** Counts scheduled work, so that a test knows when a datagram has arrived. */
class CountingClock extends ManualClock {
  scheduled = 0;
  override schedule(delayMs: number, work: () => void): () => void {
    this.scheduled += 1;
    return super.schedule(delayMs, work);
  }
}

/** An echo server behind a relay, and a client. */
async function relayed(faults: LinkFaults & { bypassAddress?: string }) {
  const [client, server] = [await socket(), await socket()];
  server.udp.on('message', (data, { port }) => server.udp.send(`re ${data}`, port, HOST));
  const echo = createServer((one) => one.pipe(one)).listen(0, HOST);
  await once(echo, 'listening');
  const clock = new CountingClock();
  const to = { host: HOST, tcpPort: (echo.address() as { port: number }).port, udpPort: server.port };
  const relay = await startRelay({ host: HOST, tcpPort: 0, udpPort: 0, to, clock, ...faults });
  onTestFinished(async () => {
    await relay.close();
    echo.close();
  });
  return { client, server, clock, relay, send: (text: string) => client.udp.send(text, relay.udpPort, HOST) };
}

it('delays every datagram in both directions and keeps their order', async () => {
  const { client, server, clock, send } = await relayed({ delayMs: 80, lossPercent: 0 });
  for (const text of ['a', 'b', 'c']) send(text);
  await expect.poll(() => clock.scheduled, WAIT).toBe(3);
  clock.advance(79);
  expect(server.got).toEqual([]);
  clock.advance(1);
  await expect.poll(() => clock.scheduled, WAIT).toBe(6);
  expect(server.got).toEqual(['a', 'b', 'c']);
  clock.advance(79);
  expect(client.got).toEqual([]);
  clock.advance(1);
  await expect.poll(() => client.got, WAIT).toEqual(['re a', 're b', 're c']);
});

it('forwards datagrams of the bypass address unchanged', async () => {
  const { client, clock, send } = await relayed({ delayMs: 80, lossPercent: 100, bypassAddress: HOST });
  send('a');
  await expect.poll(() => client.got, WAIT).toEqual(['re a']);
  expect(clock.scheduled).toBe(0);
});

it('drops about the configured share of datagrams', async () => {
  const { server, clock, send } = await relayed({ delayMs: 0, lossPercent: 30 });
  for (let i = 0; i < 200; i += 1) send(`${i}`);
  await expect.poll(() => clock.scheduled, WAIT).toBeGreaterThan(100);
  send('last');
  await expect
    .poll(() => {
      clock.advance(1);
      return server.got.length;
    }, WAIT)
    .toBeGreaterThan(100);
  expect(server.got.length).toBeLessThan(180);
});

it('forwards the TCP connection unchanged, and reports a port in use', async () => {
  const { relay, clock } = await relayed({ delayMs: 80, lossPercent: 50 });
  const client = connect(relay.tcpPort, HOST);
  client.write('hello');
  const [data] = (await once(client, 'data')) as [Buffer];
  expect(data.toString()).toBe('hello');
  client.destroy();
  const to = { host: HOST, tcpPort: 1, udpPort: 1 };
  const again = { host: HOST, tcpPort: relay.tcpPort, udpPort: 0, to, clock, delayMs: 0, lossPercent: 0 };
  await expect(startRelay(again)).rejects.toMatchObject({ code: 'port_in_use' });
});
