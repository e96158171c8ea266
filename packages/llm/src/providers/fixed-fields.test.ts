import { expect, onTestFinished, test } from 'vitest';
import { HELLO, readAll } from '../testing/read.js';
import { say, serve, stream } from '../testing/server.js';
import { vllm } from './index.js';

test.each([
  ['a converted request', { ...HELLO, extra: { reasoning_effort: 'minimal', verbosity: 'low' } }],
  [
    'a client’s own body',
    {
      ...HELLO,
      raw: {
        wire: 'openai-chat',
        body: { messages: HELLO.messages, reasoning_effort: 'minimal', verbosity: 'low' },
      },
    },
  ],
])('%s has the fixed fields, and lacks those that are null', async (_what, request) => {
  const server = await serve((response) => stream(response, say('ok')));
  const fixedFields = { reasoning_effort: 'low', verbosity: null, top_k: 20 };
  const model = vllm({ model: 'm', baseUrl: server.baseUrl, fixedFields });
  onTestFinished(() => model.close());
  await readAll(model.chat(request));
  const body = JSON.parse(server.requests[0]!.body as unknown as string) as Record<string, unknown>;
  expect(body).toMatchObject({ model: 'm', reasoning_effort: 'low', top_k: 20 });
  expect(body).not.toHaveProperty('verbosity');
});
