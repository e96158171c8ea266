import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ManualClock } from '@firstword/turn';
import { expect, it, onTestFinished } from 'vitest';
import { type LineFaults, startRelay } from './relay.js';

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

/** Counts what is scheduled, so that a test knows when a datagram has come in. */
class CountingClock extends ManualClock {
  scheduled = 0;
  override schedule(delayMs: number, work: () => void): () => void {
    this.scheduled += 1;
    return super.schedule(delayMs, work);
  }
}

/** A server that sends everything back, behind a relay, with a client of it. */
async function relayed(faults: LineFaults & { spared?: string }) {
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

it('brings every datagram there and back, each as much later as it was told, and in order', async () => {
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

it('spares whom it is told to', async () => {
  const { client, clock, send } = await relayed({ delayMs: 80, lossPercent: 100, spared: HOST });
  send('a');
  await expect.poll(() => client.got, WAIT).toEqual(['re a']);
  expect(clock.scheduled).toBe(0);
});

it('loses about as many as it was told', async () => {
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

it('passes the connection on which arrangements are made, and says where it cannot listen', async () => {
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
