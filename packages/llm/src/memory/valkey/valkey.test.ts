import { afterEach, expect, test, vi } from 'vitest';
import type { LatencyObservation } from '../../policy/latency/window.js';
import { memoryConformance } from '../../testing/memory-conformance.js';
import { array, bulk, type RespServer, respServer } from '../../testing/resp-server.js';
import { type ValkeyMemory, type ValkeyMemoryOptions, valkeyMemory } from './index.js';

/** Short, so that tests are quick. */
const POLL_MS = 10;
const WITHIN = { timeout: 10_000, interval: 10 };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serverOf(options: { password?: string } = {}): Promise<RespServer> {
  const server = await respServer(options);
  closing.push(() => server.stop());
  return server;
}

function memoryOf(options: ValkeyMemoryOptions): ValkeyMemory & { lines: string[] } {
  const lines: string[] = [];
  const memory = valkeyMemory({ pollMs: POLL_MS, onStatus: (line) => lines.push(line), ...options });
  closing.push(() => memory.close());
  return { ...memory, lines };
}

const answered = (ms: number): LatencyObservation => ({
  ms,
  censored: false,
  informative: true,
  lostRace: false,
  context: {},
});
const listener = () => ({ onTimes: vi.fn(), onHealth: vi.fn() });

memoryConformance('valkeyMemory', async () => {
  const server = await respServer();
  return {
    open: () => valkeyMemory({ url: server.url, pollMs: POLL_MS, onStatus: () => {} }),
    remove: () => server.stop(),
  };
});

test('a store that is gone is one line, and one when it is back; what was measured meanwhile is written', async () => {
  const server = await serverOf();
  const memory = memoryOf({ url: server.url });
  await vi.waitFor(() => expect(memory.stats().isConnected).toBe(true), WITHIN);
  await server.stop();
  await vi.waitFor(() => expect(memory.lines).toHaveLength(1), WITHIN);
  memory.append('a/x', answered(5));
  expect(memory.load('a/x')).toEqual([answered(5)]);
  await server.start();
  await vi.waitFor(() => expect(memory.lines).toHaveLength(2), WITHIN);
  expect(memory.lines[0]).toMatch(/^firstword: the store at 127\.0\.0\.1:\d+ is gone \(.+\): routers go on/);
  expect(memory.lines[1]).toMatch(/ is back$/);
  await vi.waitFor(() => expect(server.streams.get('firstword:1:times:a/x')).toHaveLength(1), WITHIN);
});

test('a store that is not there at the start delays nothing', async () => {
  const server = await serverOf();
  await server.stop();
  const memory = memoryOf({ url: server.url });
  expect(memory.load('a/x')).toEqual([]);
  memory.follow('a/x', listener());
  await memory.ready();
  await vi.waitFor(() => expect(memory.lines).toHaveLength(1), WITHIN);
  expect(memory.lines[0]).toContain('is gone (ECONNREFUSED)');
});

test('a frozen store: what waits is bounded, and it is noticed', async () => {
  const server = await serverOf();
  const memory = memoryOf({ url: server.url });
  await vi.waitFor(() => expect(memory.stats().isConnected).toBe(true), WITHIN);
  server.behaviour = { kind: 'frozen' };
  for (let ms = 0; ms < 10_000; ms += 1) memory.append('a/x', answered(ms));
  expect(memory.stats().waiting).toBeLessThanOrEqual(2_000);
  expect(memory.stats().dropped).toBeGreaterThanOrEqual(7_500);
  await vi.waitFor(() => expect(memory.lines).toHaveLength(1), WITHIN);
  expect(memory.lines[0]).toContain('is gone (no answer within 2000 ms)');
  server.behaviour = { kind: 'honest' };
  await vi.waitFor(() => expect(memory.lines).toHaveLength(2), WITHIN);
});

test('a full store is still read', async () => {
  const server = await serverOf();
  const writer = memoryOf({ url: server.url });
  writer.append('a/x', answered(9));
  await vi.waitFor(() => expect(server.streams.get('firstword:1:times:a/x')).toHaveLength(1), WITHIN);
  server.behaviour = { kind: 'full' };
  const memory = memoryOf({ url: server.url });
  const heard = listener();
  memory.follow('a/x', heard);
  memory.append('a/x', answered(1));
  await vi.waitFor(() => expect(heard.onTimes).toHaveBeenCalledWith([answered(9)]), WITHIN);
  await vi.waitFor(() => expect(memory.stats().refused).toBe(1), WITHIN);
  expect(memory.lines[0]).toContain('takes no writes (OOM)');
  expect(memory.stats().waiting).toBe(0);
});

const at = Date.now();
const LIES: [string, string][] = [
  ['another type', ':7\r\n'],
  ['nothing', '$-1\r\n'],
  ['an error', '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'],
  ['text', bulk('hello')],
  ['JSON of others', bulk('{"a":1}')],
  ['a list of numbers', array([':1\r\n', ':2\r\n'])],
  ['empty lists', array([array([]), array([bulk('1-0'), array([])])])],
];
const RECORDS: [string, object][] = [
  ['a time in the future', { at: at + 3_600_000, model: 'a/x', ms: 5 }],
  ['a time before its day', { at: at - 90_000_000, model: 'a/x', ms: 5 }],
  ['a negative time', { at, model: 'a/x', ms: -5 }],
  ['an endless time', { at, model: 'a/x', ms: 1e12 }],
  ['a time that is text', { at, model: 'a/x', ms: '5' }],
  ['another version', { at, model: 'a/x', ms: 5, v: 2 }],
  ['another model', { at, model: 'b/y', ms: 5 }],
  ['an opening without a length', { at, model: 'a/x', opened: 'long' }],
  ['an opening for ever', { at, model: 'a/x', opened: 1e300 }],
  ['limits that are none', { at, model: 'a/x', limits: { requests: 7, blockedMs: 5 } }],
  ['limits with a negative pause', { at, model: 'a/x', limits: { blockedMs: -5 } }],
];

const REPLIES: [string, string][] = [
  ...LIES,
  ...RECORDS.map(([what, record]): [string, string] => [what, bulk(JSON.stringify(record))]),
  ...RECORDS.map(([what, record]): [string, string] => [
    `${what}, in a stream`,
    array([array([bulk('1-0'), array([bulk('r'), bulk(JSON.stringify(record))])])]),
  ]),
];

test('a lying store is not believed', async () => {
  const server = await serverOf();
  const memory = memoryOf({ url: server.url });
  const heard = listener();
  for (const [what, reply] of REPLIES) {
    server.behaviour = { kind: 'lying', reply: () => reply };
    // A new follower: times are read at once for one.
    const stop = memory.follow('a/x', heard);
    const before = server.commands.length;
    await vi.waitFor(() => expect(server.commands.length, what).toBeGreaterThan(before + 3), WITHIN);
    stop();
    await vi.waitFor(() => expect(server.commands.at(-1), what).toEqual(['PING']), WITHIN);
    expect(heard.onTimes, what).not.toHaveBeenCalled();
    expect(heard.onHealth, what).not.toHaveBeenCalled();
  }
  const honest = bulk(JSON.stringify({ at, model: 'a/x', ms: 5 }));
  server.behaviour = {
    kind: 'lying',
    reply: () => array([array([bulk('1-0'), array([bulk('r'), honest])])]),
  };
  memory.follow('a/x', heard);
  await vi.waitFor(() => expect(heard.onTimes).toHaveBeenCalledWith([answered(5)]), WITHIN);
});

test.each([
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  '\0\0\0\0',
  '*1000000\r\n',
  '$99999999999\r\n',
  '+OK\r\n+OK\r\n+OK\r\n',
])('a server that does not speak the protocol (%j) harms nothing', async (reply) => {
  const server = await serverOf();
  server.behaviour = { kind: 'lying', reply: () => reply };
  const memory = memoryOf({ url: server.url });
  memory.follow('a/x', listener());
  memory.append('a/x', answered(1));
  await vi.waitFor(() => expect(server.commands.length).toBeGreaterThan(1), WITHIN);
  server.behaviour = { kind: 'honest' };
  await vi.waitFor(() => expect(memory.stats().isConnected).toBe(true), WITHIN);
});

test('the same news is passed on once', async () => {
  const server = await serverOf();
  const [one, other] = [memoryOf({ url: server.url }), memoryOf({ url: server.url })];
  const heard = listener();
  other.follow('a/x', heard);
  one.report('a/x', { type: 'opened', forMs: 5_000 });
  await vi.waitFor(() => expect(heard.onHealth).toHaveBeenCalledTimes(1), WITHIN);
  const before = server.commands.length;
  await vi.waitFor(() => expect(server.commands.length).toBeGreaterThan(before + 20), WITHIN);
  expect(heard.onHealth).toHaveBeenCalledTimes(1);
});

test('keys begin with the prefix and the version, and end by themselves', async () => {
  const server = await serverOf();
  const memory = memoryOf({ url: server.url, keyPrefix: 'shop' });
  memory.append('a/x', answered(1));
  memory.report('a/x', { type: 'opened', forMs: 5_000 });
  await vi.waitFor(() => expect(server.strings.has('shop:1:opened:a/x')).toBe(true), WITHIN);
  await vi.waitFor(() => expect(server.streams.has('shop:1:times:a/x')).toBe(true), WITHIN);
  const writes = server.commands.filter(([name]) => name !== 'GETRANGE' && name !== 'XREVRANGE');
  expect(writes).toContainEqual(['PEXPIRE', 'shop:1:times:a/x', '86400000']);
  expect(writes.find(([name]) => name === 'SET')!.slice(3)).toEqual(['PX', '5000']);
});

test('close() writes what waits', async () => {
  const server = await serverOf();
  const memory = memoryOf({ url: server.url, pollMs: 60_000 });
  await memory.ready();
  memory.append('a/x', answered(1));
  await memory.close();
  expect(server.streams.get('firstword:1:times:a/x')).toHaveLength(1);
  await vi.waitFor(() => expect(server.connections).toBe(0), WITHIN);
});

test('logs in with the password of the URL or of the environment, and never shows it', async () => {
  const server = await serverOf({ password: 'p%w/d' });
  const url = (userinfo: string) => `valkey://${userinfo}127.0.0.1:${server.port}`;
  vi.stubEnv('VALKEY_PASSWORD', 'p%w/d');
  closing.push(async () => void vi.unstubAllEnvs());
  const lets = [memoryOf({ url: url('agent:p%25w%2Fd@') }), memoryOf({ url: url('') })];
  for (const memory of lets) await vi.waitFor(() => expect(memory.stats().isConnected).toBe(true), WITHIN);
  const refused = memoryOf({ url: url('agent:s3cret@') });
  await vi.waitFor(() => expect(refused.lines).toHaveLength(1), WITHIN);
  expect(refused.lines[0]).toContain('is gone (WRONGPASS)');
  expect(refused.lines[0]).not.toContain('s3cret');
});

test.each([
  '',
  'nonsense',
  'http://s3cret@host',
  'redis://',
  'redis://:s3cret%@host',
  'redis://s3cret@host/x',
])('refuses the address %j, without showing it', (url) => {
  vi.stubEnv('VALKEY_URL', '');
  vi.stubEnv('REDIS_URL', '');
  closing.push(async () => void vi.unstubAllEnvs());
  expect(() => valkeyMemory({ url })).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => valkeyMemory({ url })).not.toThrow('s3cret');
});
