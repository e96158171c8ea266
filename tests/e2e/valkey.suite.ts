import type { LatencyObservation } from '@firstword/llm';
import { memoryConformance } from '@firstword/llm/testing';
import { type ValkeyMemory, valkeyMemory } from '@firstword/llm/valkey';
import { NO_VALKEY, VALKEY, Valkey } from '@firstword/validation/testbed';
import { createClient } from '@redis/client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

if (!VALKEY) console.warn(NO_VALKEY);

const WITHIN = { timeout: 20_000, interval: 50 };
const answered = (ms: number): LatencyObservation => ({
  ms,
  censored: false,
  informative: true,
  lostRace: false,
  context: {},
});

async function serverOf(...args: string[]): Promise<Valkey> {
  const server = await Valkey.start({ args });
  onTestFinished(() => server.remove());
  return server;
}

function memoryOf(url: string): { memory: ValkeyMemory; lines: string[] } {
  const lines: string[] = [];
  const memory = valkeyMemory({ url, onStatus: (line) => lines.push(line) });
  onTestFinished(() => memory.close());
  return { memory, lines };
}

async function clientOf(server: Valkey) {
  const client = await createClient({ url: server.url }).connect();
  onTestFinished(() => client.destroy());
  return client;
}

describe.skipIf(!VALKEY)('a real store', () => {
  memoryConformance('valkeyMemory', async () => {
    const server = await Valkey.start();
    return {
      open: () => valkeyMemory({ url: server.url, onStatus: () => {} }),
      remove: () => server.remove(),
    };
  });

  test('a second machine learns of an opened breaker and of an exhausted limit within a second', async () => {
    const server = await serverOf();
    const [one, other] = [memoryOf(server.url).memory, memoryOf(server.url).memory];
    const heard = { onTimes: vi.fn(), onHealth: vi.fn() };
    other.follow('a/x', heard);
    await Promise.all([one.ready(), other.ready()]);
    const delays: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      heard.onHealth.mockClear();
      const startMs = performance.now();
      if (turn % 2 === 0) one.report('a/x', { type: 'opened', forMs: 5_000 + turn });
      else one.report('a/x', { type: 'limits', blockedMs: 5_000 + turn });
      await vi.waitFor(() => expect(heard.onHealth).toHaveBeenCalledOnce(), { timeout: 5_000, interval: 5 });
      delays.push(performance.now() - startMs);
    }
    delays.sort((a, b) => a - b);
    console.info(
      `news took ${Math.round(delays[10]!)} ms (median), ${Math.round(delays.at(-1)!)} ms (longest of 20)`,
    );
    expect(delays[10]).toBeLessThan(1_000);
  });

  test('killed, frozen and back: it reconnects, and says so once each', async () => {
    const server = await serverOf();
    const { memory, lines } = memoryOf(server.url);
    memory.follow('a/x', { onTimes: () => {}, onHealth: () => {} });
    await vi.waitFor(() => expect(memory.stats().isConnected).toBe(true), WITHIN);
    await server.kill();
    await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
    await server.start();
    await vi.waitFor(() => expect(lines).toHaveLength(2), WITHIN);
    server.signal('SIGSTOP');
    await vi.waitFor(() => expect(lines).toHaveLength(3), WITHIN);
    server.signal('SIGCONT');
    await vi.waitFor(() => expect(lines).toHaveLength(4), WITHIN);
    expect(lines.map((line) => / is (gone|back)/.exec(line)?.[1])).toEqual(['gone', 'back', 'gone', 'back']);
    memory.append('a/x', answered(5));
    const other = memoryOf(server.url).memory;
    other.follow('a/x', { onTimes: () => {}, onHealth: () => {} });
    await vi.waitFor(async () => {
      await other.ready();
      expect(other.load('a/x')).toEqual([answered(5)]);
    }, WITHIN);
  });

  test('a full store is still read, and takes writes again when it has room', async () => {
    const server = await serverOf('--maxmemory', '1', '--maxmemory-policy', 'noeviction');
    const { memory, lines } = memoryOf(server.url);
    memory.append('a/x', answered(5));
    await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
    expect(lines[0]).toContain('takes no writes (OOM)');
    expect(memory.load('a/x')).toEqual([answered(5)]);
    const client = await clientOf(server);
    await client.configSet('maxmemory', '0');
    memory.append('a/x', answered(6));
    await vi.waitFor(() => expect(lines).toHaveLength(2), WITHIN);
    await vi.waitFor(async () => expect(await client.xLen('firstword:1:times:a/x')).toBe(1), WITHIN);
  });

  test('logs in with a password; without one it is gone, and the line says why', async () => {
    const server = await serverOf('--requirepass', 'pa%ss/wo:rd');
    const let_in = memoryOf(`redis://:${encodeURIComponent('pa%ss/wo:rd')}@127.0.0.1:${server.port}/3`);
    await vi.waitFor(() => expect(let_in.memory.stats().isConnected).toBe(true), WITHIN);
    const refused = memoryOf(server.url);
    await vi.waitFor(() => expect(refused.lines).toHaveLength(1), WITHIN);
    expect(refused.lines[0]).toMatch(/NOAUTH/);
  });

  test('values of other programs under its keys are left alone', async () => {
    const server = await serverOf();
    const client = await clientOf(server);
    await client.lPush('firstword:1:opened:a/x', 'x');
    await client.set('firstword:1:times:a/x', 'x'.repeat(100_000));
    await client.set('firstword:1:limits:a/x', 'x'.repeat(100_000));
    const { memory, lines } = memoryOf(server.url);
    const heard = { onTimes: vi.fn(), onHealth: vi.fn() };
    memory.follow('a/x', heard);
    await vi.waitFor(() => expect(lines).toHaveLength(1), WITHIN);
    expect(lines[0]).toContain('cannot be read (WRONGTYPE)');
    expect(heard.onTimes).not.toHaveBeenCalled();
    expect(heard.onHealth).not.toHaveBeenCalled();
  });
});
