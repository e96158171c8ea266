import { Agent, ProxyAgent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import { connectProxy, HIDDEN_HOST } from '../testing/connect-proxy.js';
import { HELLO, readAll, readError, textOf } from '../testing/read.js';
import { say, serve, stream, text, until } from '../testing/server.js';

function modelOver(dispatcher: Agent | ProxyAgent, baseUrl: string) {
  const model = openAiCompatible({ model: 'm', baseUrl, dispatcher });
  onTestFinished(async () => {
    await model.close();
    await dispatcher.destroy();
  });
  return model;
}

test('requests go through the dispatcher', async () => {
  const server = await serve((response) => stream(response, say('ok')));
  const proxy = await connectProxy(server.baseUrl);
  const model = modelOver(
    new ProxyAgent({ uri: proxy.url, requestTls: { ca: proxy.ca } }),
    `https://${HIDDEN_HOST}/v1`,
  );
  const chat = model.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('ok');
  expect(chat.trace).not.toHaveProperty('connection');
  expect(proxy.asked).toEqual([`CONNECT ${HIDDEN_HOST}:443`]);
});

test('warming sends one small request, so that the dispatcher opens a connection', async () => {
  const server = await serve((response) => response.end('{}'));
  const model = modelOver(new Agent(), server.baseUrl);
  await model.warm();
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models']);
});

test('cancelling, and closing the model, close the sockets', async () => {
  const server = await serve((response) => stream(response, [text('One')], { open: true }));
  const model = modelOver(new Agent(), server.baseUrl);
  for (const stop of ['cancel', 'close'] as const) {
    const chat = model.chat(HELLO);
    await until(() => chat.trace.marks.firstContent !== undefined);
    if (stop === 'cancel') chat.cancel();
    else await model.close();
    await until(() => server.sockets.size === 0);
    expect(chat.trace.outcome).toBe('cancelled');
  }
});

test('a request that was lost on a connection that had just closed is sent again, once', async () => {
  let lost = 0;
  const server = await serve((response) => {
    lost += 1;
    if (lost === 2) response.socket!.destroy();
    else stream(response, say('ok'));
  });
  const model = modelOver(new Agent(), server.baseUrl);
  await readAll(model.chat(HELLO));
  const chat = model.chat(HELLO);
  expect(textOf(await readAll(chat))).toBe('ok');
  expect(chat.trace.requests).toBe(2);
});

test('a server that is not there is a typed error', async () => {
  const { error } = await readError(modelOver(new Agent(), 'http://127.0.0.1:1/v1').chat(HELLO));
  expect(error).toMatchObject({ code: 'connect_failed' });
});
