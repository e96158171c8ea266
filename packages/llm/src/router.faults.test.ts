import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from './providers/compatible/index.js';
import { router } from './router.js';
import { HELLO, readAll, textOf } from './testing/read.js';
import { DONE, data, delta, finish, say, serve, stream, text, until } from './testing/server.js';

type Answer = Parameters<typeof serve>[0];

/** Every fault of a provider, on a real socket. */
const FAULTS: Record<string, Answer> = {
  'never sends headers': () => {},
  'sends headers, then keep-alives': (response) => stream(response, [': ping\n\n'], { open: true }),
  'sends a role chunk, then nothing': (response) =>
    stream(response, [delta({ role: 'assistant' })], { open: true }),
  'thinks, and says nothing': (response) => stream(response, [delta({ reasoning: 'hm' })], { open: true }),
  'sends an empty stream': (response) => stream(response, [finish(), DONE]),
  'sends nothing but the end': (response) => stream(response, [DONE]),
  'sends an error frame': (response) => stream(response, [data({ error: { message: 'no' } }), DONE]),
  'answers 401': (response) => response.writeHead(401).end('{"error":{"message":"no"}}'),
  'answers 429 without retry-after': (response) =>
    response.writeHead(429).end('{"error":{"message":"slow"}}'),
  'answers 429 with retry-after': (response) => response.writeHead(429, { 'retry-after': '30' }).end('{}'),
  'answers 500': (response) => response.writeHead(500).end('<html>oops</html>'),
  'sends a web page': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
  'stalls inside a word': (response) => stream(response, [text('Good mor')], { open: true }),
  'resets inside a word': (response) => {
    stream(response, [text('Good mor')], { open: true });
    setImmediate(() => response.socket!.resetAndDestroy());
  },
  'sends garbage': (response) => stream(response, [Buffer.from([0xff, 0x00, 0xfe, 0x0a, 0x0a])]),
  'cuts the stream short': (response) => stream(response, [text('Good mor')]),
  'sends broken tool arguments': (response) =>
    stream(response, [
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"a' } }] }),
      finish('tool_calls'),
      DONE,
    ]),
};

async function pair(primaryUrl: string) {
  const backup = await serve((response) => stream(response, say('Good morning. ', 'How can I help?')));
  const models = [
    openAiCompatible({ provider: 'primary', model: 'm', baseUrl: primaryUrl, keepWarm: 0 }),
    openAiCompatible({ provider: 'backup', model: 'm', baseUrl: backup.baseUrl }),
  ];
  const route = router({
    models,
    firstContentDeadlineMs: 60,
    hedge: { initialDelayMs: 40 },
    stall: { beforeClauseMs: 60 },
  });
  onTestFinished(() => route.close());
  return route;
}

test.each(Object.entries(FAULTS))('answers from the backup when the primary %s', async (_name, fault) => {
  const primary = await serve(fault);
  const chat = (await pair(primary.baseUrl)).chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('Good morning. How can I help?');
  expect(chat.trace).toMatchObject({ provider: 'backup', outcome: 'finished' });
  await until(() => primary.sockets.size === 0 || chat.trace.attempts![0]!.outcome === 'failed');
});

test('answers from the backup when the primary refuses connections', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const chat = (await pair(`http://127.0.0.1:${port}/v1`)).chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('Good morning. How can I help?');
});

test('closes the sockets of the losers when a winner is selected', async () => {
  const primary = await serve(() => {});
  const chat = (await pair(primary.baseUrl)).chat(HELLO);
  await readAll(chat);
  await until(() => primary.sockets.size === 0);
  expect(chat.trace.wasted).toMatchObject({ requests: 1 });
});
