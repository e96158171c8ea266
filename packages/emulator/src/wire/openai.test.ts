import { describe, expect, it } from 'vitest';
import { chat, chunksOf, emulatorForTest, HELLO, post, textOfChunks } from '../testing/client.js';

const BOOK = {
  type: 'function',
  function: {
    name: 'book_table',
    parameters: {
      type: 'object',
      properties: { date: { type: 'string' }, time: { type: 'string' }, guests: { type: 'integer' } },
      required: ['date', 'time', 'guests'],
    },
  },
};
const BOOKING = [{ role: 'user', content: [{ type: 'text', text: 'a table for four on friday at seven' }] }];

describe('streaming', () => {
  it('sends a role chunk, then content, then a finish reason, then [DONE]', async () => {
    const emulator = await emulatorForTest();
    const chunks = await chunksOf(await chat(emulator));
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks[1]?.choices[0]?.delta.content).not.toBe('');
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(textOfChunks(chunks)).toMatch(/noon/);
  });

  it('says that it is emulated, in a header and in every chunk', async () => {
    const emulator = await emulatorForTest();
    const response = await chat(emulator);
    expect(response.headers.get('x-firstword-emulated')).toBe('instant');
    expect(response.headers.get('content-type')).toMatch(/text\/event-stream/);
    const fingerprints = (await chunksOf(response)).map((chunk) => chunk.system_fingerprint);
    expect(new Set(fingerprints)).toEqual(new Set(['emulated']));
  });

  it('sends a usage chunk without choices only on request', async () => {
    const emulator = await emulatorForTest();
    const asked = await chunksOf(await chat(emulator, { stream_options: { include_usage: true } }));
    expect(asked.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: asked.filter((chunk) => chunk.choices[0]?.delta.content).length,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
    expect(asked[0]?.usage).toBeNull();
    const notAsked = await chunksOf(await chat(emulator));
    expect(notAsked.every((chunk) => chunk.usage === undefined)).toBe(true);
  });

  it('streams a tool call as a start chunk and argument fragments', async () => {
    const emulator = await emulatorForTest();
    const chunks = await chunksOf(await chat(emulator, { messages: BOOKING, tools: [BOOK] }));
    const parts = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(parts[0]).toMatchObject({ index: 0, id: expect.any(String), function: { name: 'book_table' } });
    expect(parts.length).toBeGreaterThan(2);
    expect(JSON.parse(parts.map((part) => part.function.arguments).join(''))).toEqual({
      date: '2026-11-27',
      time: '19:00',
      guests: 4,
    });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('answers with JSON that matches the schema of response_format', async () => {
    const emulator = await emulatorForTest();
    const { parameters: schema } = BOOK.function;
    const response_format = { type: 'json_schema', json_schema: { name: 'booking', schema } };
    const text = textOfChunks(await chunksOf(await chat(emulator, { messages: BOOKING, response_format })));
    expect(JSON.parse(text)).toMatchObject({ time: '19:00', guests: 4 });
    const refused = await chat(emulator, { response_format: { type: 'json_schema', json_schema: 1 } });
    expect(refused.status).toBe(400);
  });

  it('cuts the answer at max_completion_tokens', async () => {
    const emulator = await emulatorForTest();
    const chunks = await chunksOf(await chat(emulator, { max_completion_tokens: 3 }));
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content)).toHaveLength(3);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length');
  });
});

describe('unstreamed', () => {
  it('is one body with the same text as the stream, and usage', async () => {
    const emulator = await emulatorForTest();
    const body = await (await chat(emulator, { stream: false })).json();
    expect(body).toMatchObject({ object: 'chat.completion', system_fingerprint: 'emulated' });
    expect(body.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
    expect(body.choices[0].message.content).toBe(textOfChunks(await chunksOf(await chat(emulator))));
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  });

  it('carries tool calls', async () => {
    const emulator = await emulatorForTest();
    const body = await (await chat(emulator, { stream: false, messages: BOOKING, tools: [BOOK] })).json();
    expect(body.choices[0].message).toMatchObject({
      content: null,
      tool_calls: [{ type: 'function', function: { name: 'book_table' } }],
    });
  });
});

describe('dialects', () => {
  it('Groq: an id on the first chunk, usage with its times on the last, reasoning before content', async () => {
    const emulator = await emulatorForTest();
    const chunks = await chunksOf(await chat(emulator, { model: 'openai/gpt-oss-120b@groq' }));
    expect(chunks[0]?.x_groq).toMatchObject({ id: expect.stringMatching(/^req_/) });
    expect(chunks.at(-1)?.x_groq).toMatchObject({
      usage: { queue_time: 0, prompt_time: expect.any(Number) },
    });
    const kinds = chunks.map(({ choices }) =>
      choices[0]?.delta.reasoning ? 'r' : choices[0]?.delta.content ? 'c' : '-',
    );
    expect(kinds.join('')).toMatch(/^-r+c+-$/);
  });

  it('OpenAI: a request id and its processing time, up to the headers', async () => {
    const emulator = await emulatorForTest();
    const { headers } = await chat(emulator, { model: 'gpt-4o-mini' });
    expect(headers.get('x-request-id')).toMatch(/^req_emulated_/);
    const plannedMs = Number(headers.get('x-firstword-planned-ttft-ms'));
    expect(Math.abs(Number(headers.get('openai-processing-ms')) - plannedMs * 0.8)).toBeLessThanOrEqual(1);
  });

  it('Cerebras: time_info', async () => {
    const emulator = await emulatorForTest();
    const chunks = await chunksOf(await chat(emulator, { model: 'kimi-k2.6@cerebras' }));
    expect(chunks.at(-1)?.time_info).toMatchObject({ queue_time: 0, total_time: expect.any(Number) });
  });
});

describe('models', () => {
  it('lists every profile with its source', async () => {
    const emulator = await emulatorForTest();
    const { data } = await (await fetch(`${emulator.url}/models`)).json();
    const groq = data.find((model: { id: string }) => model.id === 'openai/gpt-oss-120b@groq');
    expect(groq).toMatchObject({ emulated: true, firstword: { source: expect.stringMatching(/aiewf/) } });
  });

  it('lists every model name, or those of one provider if the URL names a profile', async () => {
    const emulator = await emulatorForTest();
    const { data } = await (await fetch(`${emulator.urlFor('groq-gpt-oss-120b')}/models`)).json();
    const ids = data.map((model: { id: string }) => model.id);
    expect(ids).toContain('openai/gpt-oss-120b');
    expect(ids).not.toContain('gpt-4o-mini');
    expect((await fetch(`${emulator.url}/models/openai%2Fgpt-oss-120b`)).status).toBe(200);
    expect((await fetch(`${emulator.url}/models/gpt-9`)).status).toBe(404);
    expect((await fetch(`${emulator.url}/models/%`)).status).toBe(404);
  });

  it('lists them in Anthropic’s and in Gemini’s format', async () => {
    const emulator = await emulatorForTest();
    const headers = { 'anthropic-version': '2023-06-01' };
    const anthropic = await (await fetch(`${emulator.url}/models`, { headers })).json();
    expect(anthropic).toMatchObject({
      has_more: false,
      data: [{ type: 'model' }, ...Array(anthropic.data.length - 1).fill({})],
    });
    const gemini = await (await fetch(`${emulator.origin}/v1beta/models`)).json();
    expect(gemini.models.map((model: { name: string }) => model.name)).toContain('models/gemini-2.5-flash');
  });

  it('requires the key here too', async () => {
    const emulator = await emulatorForTest({ requireKey: 'k1' });
    expect((await fetch(`${emulator.url}/models`)).status).toBe(401);
  });

  it('chooses the profile by the model, by the URL, or by default', async () => {
    const emulator = await emulatorForTest();
    const playedBy = async (response: Promise<Response>) =>
      (await response).headers.get('x-firstword-emulated');
    const other = { model: 'whatever', messages: HELLO };
    expect(await playedBy(chat(emulator, { model: 'openai/gpt-oss-120b' }))).toBe('groq-gpt-oss-120b');
    expect(await playedBy(post(`${emulator.urlFor('vllm-qwen2.5-7b-c64')}/chat/completions`, other))).toBe(
      'vllm-qwen2.5-7b-c64',
    );
    expect(await playedBy(post(`${emulator.url}/chat/completions`, other))).toBe('instant');
    const elsewhere = { ...other, model: 'gpt-4o-mini' };
    expect(await playedBy(post(`${emulator.urlFor('claude-haiku-4.5')}/chat/completions`, elsewhere))).toBe(
      'claude-haiku-4.5',
    );
    emulator.setProfile('groq-gpt-oss-120b');
    expect(await playedBy(post(`${emulator.url}/chat/completions`, other))).toBe('groq-gpt-oss-120b');
  });
});

describe('bad requests', () => {
  const cases: [string, number, unknown][] = [
    ['invalid JSON', 400, '{"model":'],
    ['no model', 400, { messages: HELLO }],
    ['no messages', 400, { model: 'instant' }],
    ['empty messages', 400, { model: 'instant', messages: [] }],
    ['a message that is no object', 400, { model: 'instant', messages: ['hi'] }],
    ['an unknown role', 400, { model: 'instant', messages: [{ role: 'king', content: 'hi' }] }],
    ['tools that are no list', 400, { model: 'instant', messages: HELLO, tools: 7 }],
    [
      'a tool choice that is not among the tools',
      400,
      { model: 'instant', messages: HELLO, tool_choice: { function: { name: 'x' } } },
    ],
    ['an unknown model, when strict', 404, { model: 'gpt-9', messages: HELLO }],
    [
      'a body that is too large',
      413,
      { model: 'instant', messages: [{ role: 'user', content: 'x'.repeat(5000) }] },
    ],
  ];
  it.each(cases)('%s is a %i in OpenAI’s shape', async (_, status, body) => {
    const emulator = await emulatorForTest({ strict: true, maxBodyBytes: 4000 });
    const response = await post(`${emulator.url}/chat/completions`, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { message: expect.any(String), type: 'invalid_request_error' },
    });
  });

  it('checks the key only when one is required', async () => {
    const emulator = await emulatorForTest({ requireKey: 'k1' });
    const status = async (headers: Record<string, string>) => (await chat(emulator, {}, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer k2' })).toBe(401);
    expect(await status({ authorization: 'Bearer k1' })).toBe(200);
  });

  it('answers 404 on unknown paths', async () => {
    const emulator = await emulatorForTest();
    expect((await fetch(`${emulator.url}/nothing`)).status).toBe(404);
  });
});
