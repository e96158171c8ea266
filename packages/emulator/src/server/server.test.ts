import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { gzipSync } from 'node:zlib';
import { ManualClock } from '@firstword/turn';
import { encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../emulator.js';
import { chat, emulatorForTest, HELLO, until } from '../testing/client.js';

const BODY = { model: 'instant', messages: HELLO };

function send(emulator: Emulator, body: Uint8Array, headers: Record<string, string>): Promise<Response> {
  return fetch(`${emulator.url}/chat/completions`, { method: 'POST', body: Buffer.from(body), headers });
}

describe('bodies', () => {
  const json = Buffer.from(JSON.stringify(BODY));
  const msgpack = encode(BODY);
  const asMsgpack = { 'content-type': 'application/vnd.msgpack' };
  const asGzip = { 'content-encoding': 'gzip' };
  it.each<[string, Uint8Array, Record<string, string>, number]>([
    ['gzipped JSON', gzipSync(json), { 'content-type': 'application/json', ...asGzip }, 200],
    ['MessagePack', msgpack, asMsgpack, 200],
    ['gzipped MessagePack', gzipSync(msgpack), { ...asMsgpack, ...asGzip }, 200],
    ['damaged gzip', json, asGzip, 400],
    ['damaged MessagePack', Uint8Array.of(0xc1, 0xc1), asMsgpack, 400],
    ['an unknown encoding', json, { 'content-encoding': 'br' }, 400],
  ])('%s', async (_, body, headers, status) => {
    const response = await send(await emulatorForTest(), body, headers);
    expect(response.status).toBe(status);
    const answer = await response.json();
    expect(status === 200 ? answer.choices[0].message.content : answer.error.message).toEqual(
      expect.any(String),
    );
  });

  it('rejects a body that is too large only after decompression', async () => {
    const emulator = await emulatorForTest({ maxBodyBytes: 10_000 });
    const response = await send(emulator, gzipSync(Buffer.alloc(50_000)), asGzip);
    expect(response.status).toBe(413);
  });

  it('answers a client that is still sending an oversized body, then serves the next request', async () => {
    const emulator = await emulatorForTest();
    const response = await send(emulator, Buffer.alloc(12 * 1024 * 1024, 'x'), {});
    expect(response.status).toBe(413);
    expect((await send(emulator, json, {})).status).toBe(200);
    expect(emulator.stats().refused).toEqual({ 413: 1 });
  });
});

describe('distance', () => {
  it('adds the handshakes to a cold connection and a round trip to each request', async () => {
    const clock = new ManualClock();
    const emulator = await emulatorForTest({ clock, network: { rttMs: 100 } });
    const pending = chat(emulator);
    await until(() => emulator.stats().connections === 1);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(199);
    expect(emulator.stats().requests).toBe(0);
    clock.advance(1);
    await until(() => emulator.stats().requests === 1 && clock.pendingTimers === 1);
    clock.advance(99);
    expect(emulator.stats().finished).toBe(0);
    clock.advance(1);
    expect((await pending).status).toBe(200);
    await (await pending).text();

    // A request sent in the same tick in which the previous body ends would open another connection.
    await new Promise((resolve) => setImmediate(resolve));
    const second = chat(emulator);
    await until(() => emulator.stats().requests === 2 && clock.pendingTimers === 1);
    expect(emulator.stats().connections).toBe(1);
    clock.advance(100);
    expect((await second).status).toBe(200);
  });

  it('drops a cold connection that the client closes', async () => {
    const clock = new ManualClock();
    const emulator = await emulatorForTest({ clock, network: { rttMs: 100 } });
    const request = httpRequest(`${emulator.url}/chat/completions`, { method: 'POST', agent: false });
    const failed = new Promise((resolve) => request.once('error', resolve));
    request.end(JSON.stringify(BODY));
    await until(() => emulator.stats().connections === 1);
    request.destroy();
    await failed;
    clock.advance(200);
    await until(() => emulator.stats().openConnections === 0);
    expect(emulator.stats()).toMatchObject({ finished: 0, concurrent: 0 });
    expect(clock.pendingTimers).toBe(0);
  });
});

it('serves TLS with a certificate that caPem verifies', async () => {
  const emulator = await emulatorForTest({ tls: true, network: { rttMs: 1 } });
  expect(emulator.url).toMatch(/^https:/);
  const get = (ca: string | undefined) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpsRequest(`${emulator.url}/models`, { ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.once('error', reject).end();
    });
  expect(await get(emulator.caPem)).toBe(200);
  await expect(get(undefined)).rejects.toThrow(/self-signed/);
});

describe('limits', () => {
  it('queue without a response and report the wait as queue time', async () => {
    const clock = new ManualClock();
    const emulator = await emulatorForTest({
      clock,
      limits: [{ requestsPerMinute: 1, onExceeded: 'queue' }],
    });
    await (await chat(emulator)).text();
    const second = chat(emulator);
    await until(() => clock.pendingTimers === 1);
    clock.advance(59_999);
    expect(emulator.stats()).toMatchObject({ queued: 1, finished: 1 });
    clock.advance(1);
    expect((await second).headers.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  it.each([true, false])('reject with a 429 (retry-after: %s)', async (sendRetryAfter) => {
    const limits = [{ requestsPerMinute: 1, onExceeded: 'reject', sendRetryAfter } as const];
    const emulator = await emulatorForTest({ clock: new ManualClock(), limits });
    await (await chat(emulator)).text();
    const response = await chat(emulator);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe(sendRetryAfter ? '60' : null);
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });
});

describe('prompt caching', () => {
  const prompt = (from: number) => [
    { role: 'system', content: Array.from({ length: 4000 }, (_, i) => `r${from + i}`).join(' ') },
    ...HELLO,
  ];
  const ask = async (emulator: Emulator, from: number) => {
    const response = await chat(emulator, {
      model: 'vllm-qwen2.5-7b-c8',
      messages: prompt(from),
      stream: false,
    });
    const { usage } = await response.json();
    return {
      cached: usage.prompt_tokens_details.cached_tokens,
      ttftMs: Number(response.headers.get('x-firstword-planned-ttft-ms')),
    };
  };

  it('shortens the TTFT of a stable prefix only', async () => {
    const warm = await emulatorForTest({ seed: 2 });
    const cold = await emulatorForTest({ seed: 2, promptCache: false });
    const stable = [await ask(warm, 0), await ask(warm, 0), await ask(warm, 5)];
    const uncached = [await ask(cold, 0), await ask(cold, 0), await ask(cold, 5)];
    expect(stable.map(({ cached }) => cached > 1000)).toEqual([false, true, false]);
    expect(stable[0]?.ttftMs).toBe(uncached[0]?.ttftMs);
    expect(stable[1]!.ttftMs).toBeLessThan(uncached[1]!.ttftMs * 0.85);
    expect(stable[2]!.ttftMs).toBeCloseTo(uncached[2]!.ttftMs, 1);
  });
});
