import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { expect, it, onTestFinished } from 'vitest';
import type { JsonFields } from '../answer/fields.js';
import { calls, type ScriptedAnswer, startStage, text } from './testing/stage.js';

/** A gateway in front of a provider that gives these answers, and the SDK's client of it. */
async function stage(...answers: ScriptedAnswer[]) {
  const { gateway, asked, close } = await startStage(answers);
  onTestFinished(close);
  return { client: new OpenAI({ baseURL: gateway.url, apiKey: 'any', maxRetries: 0 }), asked };
}

it('answers whole, with the usage', async () => {
  const { client, asked } = await stage(text('Hello, ', 'caller.'));
  const response = await client.responses.create({ model: 'm', input: 'Hi', instructions: 'Be brief.' });
  expect(response.output_text).toBe('Hello, caller.');
  expect(response).toMatchObject({ status: 'completed', model: 'real' });
  expect(response.usage).toMatchObject({ input_tokens: 7, output_tokens: 3, total_tokens: 10 });
  expect(asked[0]).toMatchObject({
    model: 'real',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
  });
});

it('streams events that the SDK adds up to the same response', async () => {
  const { client } = await stage(text('Hello, ', 'caller.'));
  const stream = client.responses.stream({ model: 'm', input: 'Hi' });
  const deltas: string[] = [];
  stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
  const response = await stream.finalResponse();
  expect(deltas).toEqual(['Hello, ', 'caller.']);
  expect(response.output_text).toBe('Hello, caller.');
  expect(response.status).toBe('completed');
});

it('passes parallel tool calls, and continues the conversation with their results', async () => {
  const { client, asked } = await stage(calls('one', 'two'), text('Done.'));
  const tools = ['one', 'two'].map((name) => ({
    type: 'function' as const,
    name,
    parameters: { type: 'object', properties: { for: { type: 'string' } } },
    strict: false,
  }));
  const first = await client.responses.create({ model: 'm', input: 'Do both.', tools });
  const made = first.output.filter((item) => item.type === 'function_call');
  expect(made.map(({ name, arguments: args }) => [name, args])).toEqual([
    ['one', '{"for":"one"}'],
    ['two', '{"for":"two"}'],
  ]);
  const input = made.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'ok' }));
  const second = await client.responses.create({ model: 'm', previous_response_id: first.id, input, tools });
  expect(second.output_text).toBe('Done.');
  expect((asked[1]!.messages as JsonFields[]).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'tool',
  ]);
  expect(asked[1]!.messages).toMatchObject([
    {},
    { tool_calls: [{ id: 'call_one' }, { id: 'call_two' }] },
    {},
    {},
  ]);
});

it('parses JSON of a schema, and passes an image', async () => {
  const { client, asked } = await stage(text('{"people":', '4}'));
  const schema = { type: 'object', properties: { people: { type: 'number' } }, required: ['people'] };
  const response = await client.responses.parse({
    model: 'm',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'How many?' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'low' },
        ],
      },
    ],
    text: { format: { type: 'json_schema', name: 'table', schema, strict: true } },
  });
  expect(response.output_parsed).toEqual({ people: 4 });
  expect(asked[0]!.response_format).toMatchObject({
    type: 'json_schema',
    json_schema: { name: 'table', strict: true },
  });
  expect(asked[0]!.messages).toMatchObject([{ content: [{}, { type: 'image_url' }] }]);
});

it('raises errors of the SDK with the provider’s words and the API’s codes', async () => {
  const { client } = await stage({ status: 400 });
  const failed = client.responses.create({ model: 'm', input: 'Hi' });
  await expect(failed).rejects.toMatchObject({
    status: 400,
    code: 'nope',
    message: expect.stringContaining('No.'),
  });
  const continued = client.responses.create({ model: 'm', input: 'Hi', previous_response_id: 'resp_gone' });
  await expect(continued).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  const elsewhere = client.responses.create({ model: 'n', input: 'Hi' });
  await expect(elsewhere).rejects.toMatchObject({ status: 404 });
});

it('ends an answer that reached its maximum length as incomplete', async () => {
  const { client } = await stage({ deltas: [{ content: 'Hel' }], finish: 'length' });
  const response = await client.responses.create({ model: 'm', input: 'Hi' });
  expect(response).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  });
});

it('answers over the SDK’s WebSocket, in the order of the requests', async () => {
  const { client } = await stage(text('One.'), text('Two.'));
  const socket = new ResponsesWS(client);
  onTestFinished(() => socket.close());
  const done = new Promise<string[]>((resolve, reject) => {
    const answers: string[] = [];
    socket.on('error', reject);
    socket.on('response.output_text.done', ({ text: whole }) => answers.push(whole));
    socket.on('response.completed', () => answers.length === 2 && resolve(answers));
  });
  socket.send({ type: 'response.create', model: 'm', input: 'First' });
  socket.send({ type: 'response.create', model: 'm', input: 'Second' });
  expect(await done).toEqual(['One.', 'Two.']);
});
