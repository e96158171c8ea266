import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { acceptsCredentials } from './credentials.js';

/** A server that answers every request with this status. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"rooms":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const key = { apiKey: 'key', apiSecret: 'a-secret-that-nobody-is-to-see' };

it('distinguishes a server that accepts the key from one that is unreachable', async () => {
  expect(await acceptsCredentials({ ...key, url: await answering(200) })).toBe(true);
  expect(await acceptsCredentials({ ...key, url: await answering(503) })).toBe(false);
  expect(await acceptsCredentials({ ...key, url: 'ws://127.0.0.1:1' })).toBe(false);
});

it('stops waiting for a server that does not answer', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const stop = new AbortController();
  const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
  const asked = acceptsCredentials({ ...key, url }, { signal: stop.signal });
  await once(server, 'request');
  stop.abort();
  expect(await asked).toBe(false);
});

it.each([401, 403])('reports a rejected key at once (%i) without revealing the secret', async (status) => {
  const asked = acceptsCredentials({ ...key, url: await answering(status) });
  await expect(asked).rejects.toMatchObject({
    code: 'connect_failed',
    message: expect.stringContaining('Check the address, the key and the secret'),
  });
  await expect(asked).rejects.not.toThrow(/nobody-is-to-see/);
});
