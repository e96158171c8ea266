import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { startTcpBalancer } from './tcp-balancer.js';

async function serverThat(answer: (server: Server) => string): Promise<{ server: Server; port: number }> {
  const server: Server = createServer((_, response) => response.end(answer(server)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function ask(port: number): Promise<string> {
  const agent = new Agent();
  try {
    const response = await request(`http://127.0.0.1:${port}/`, { dispatcher: agent });
    return await response.body.text();
  } finally {
    await agent.destroy();
  }
}

it('hands connections out in turn', async () => {
  const a = await serverThat(() => 'a');
  const b = await serverThat(() => 'b');
  const balancer = await startTcpBalancer([a.port, b.port]);
  onTestFinished(() => balancer.close());
  const answers = [await ask(balancer.port), await ask(balancer.port), await ask(balancer.port)];
  expect(answers).toEqual(['a', 'b', 'a']);
  expect(balancer.handedOut).toEqual([2, 1]);
});

it('leaves out a server that refuses connections', async () => {
  const a = await serverThat(() => 'a');
  const b = await serverThat(() => 'b');
  const balancer = await startTcpBalancer([a.port, b.port]);
  onTestFinished(() => balancer.close());
  await new Promise((resolve) => a.server.close(resolve));
  expect([await ask(balancer.port), await ask(balancer.port)]).toEqual(['b', 'b']);
});
