import { existsSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { RULES } from '@firstword/doctor';
import { rulePage } from '@firstword/doctor/pages';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { docsFile, type StudioServer, startStudioServer } from './server.js';

it('serves the page of each rule, and no other file', () => {
  for (const { id } of RULES) {
    const file = docsFile(`/docs/${rulePage(id)}`);
    expect(file && existsSync(file), id).toBe(true);
  }
  for (const path of [undefined, '/', '/docs/', '/docs/doctor/none.md', '/docs/doctor/../../package.json'])
    expect(docsFile(path)).toBeUndefined();
  expect(docsFile('/docs/doctor/%2e%2e/%2e%2e/package.json')).toBeUndefined();
});

describe('the server', () => {
  let server: StudioServer | undefined;
  afterEach(() => server?.close());

  const start = async (allowedHosts?: string[]) => {
    server = await startStudioServer({
      host: '127.0.0.1',
      port: 0,
      ...(allowedHosts ? { allowedHosts } : {}),
      onConnection: (socket) => socket.send('hello'),
    });
    return new URL(server.url);
  };
  const get = (url: URL, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
      request(url, { headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode!, headers: response.headers });
      })
        .on('error', reject)
        .end();
    });
  const talk = (url: URL, headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const address = new URL('/talk', url);
      address.protocol = 'ws:';
      const socket = new WebSocket(address, { headers });
      socket.on('message', (data) => {
        resolve(String(data));
        socket.close();
      });
      socket.on('error', (error) => resolve(error.message));
    });

  it('serves loopback without a token, but under no other name', async () => {
    const url = await start();
    expect([url.search, server!.isPublic]).toEqual(['', false]);
    expect((await get(url)).status).toBe(200);
    expect((await get(url, { host: 'evil.example' })).status).toBe(403);
    expect(await talk(url, { origin: url.origin })).toBe('hello');
    expect(await talk(url, { origin: 'http://evil.example' })).toContain('403');
    expect(await talk(url, { origin: 'http://evil.example', host: 'evil.example' })).toContain('403');
  });

  it('serves others only with the token, which becomes a cookie', async () => {
    const url = await start(['studio.example']);
    expect(server!.isPublic).toBe(true);
    const plain = new URL('/', url);
    expect((await get(plain)).status).toBe(401);
    expect((await get(plain, { host: 'studio.example' })).status).toBe(401);
    expect(await talk(url, { origin: url.origin })).toContain('403');
    const { status, headers } = await get(url);
    expect([status, headers.location]).toEqual([303, './']);
    const [cookie] = headers['set-cookie']![0]!.split(';') as [string];
    expect(headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect((await get(plain, { cookie })).status).toBe(200);
    expect((await get(plain, { cookie, host: 'evil.example' })).status).toBe(403);
    expect(await talk(url, { origin: url.origin, cookie })).toBe('hello');
    expect(await talk(url, { origin: 'http://evil.example', cookie })).toContain('403');
  });
});
