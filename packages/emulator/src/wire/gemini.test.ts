import { expect, it } from 'vitest';
import type { Emulator } from '../emulator.js';
import { emulatorForTest, parseSse, post } from '../testing/client.js';

const TOOLS = [
  {
    functionDeclarations: [
      {
        name: 'book_table',
        parameters: { type: 'OBJECT', properties: { guests: { type: 'INTEGER' } }, required: ['guests'] },
      },
    ],
  },
];
const say = (text: string) => [{ role: 'user', parts: [{ text }] }];

function send(
  emulator: Emulator,
  more: object = {},
  verb = 'streamGenerateContent?alt=sse',
  model = 'instant',
) {
  const body = { contents: say('What are your opening hours?'), ...more };
  return post(`${emulator.origin}/v1beta/models/${model}:${verb}`, body);
}

async function chunks(response: Response) {
  return parseSse(await response.text()).map(({ data }) => JSON.parse(data));
}

it('streams text in parts, and ends with a finish reason and usage', async () => {
  const all = await chunks(await send(await emulatorForTest()));
  expect(all.map((chunk) => chunk.candidates[0].content.parts[0].text).join('')).toMatch(/noon/);
  expect(all.at(-1)).toMatchObject({
    candidates: [{ finishReason: 'STOP', content: { role: 'model' } }],
    usageMetadata: { promptTokenCount: expect.any(Number), candidatesTokenCount: expect.any(Number) },
    modelVersion: 'instant-emulated',
  });
  expect(all.slice(0, -1).every((chunk) => chunk.candidates[0].finishReason === undefined)).toBe(true);
});

it('sends a function call in one piece', async () => {
  const more = {
    contents: say('a table for four'),
    tools: TOOLS,
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['book_table'] } },
  };
  const all = await chunks(await send(await emulatorForTest(), more));
  const calls = all.flatMap((chunk) => chunk.candidates[0].content.parts).filter((part) => part.functionCall);
  expect(calls).toMatchObject([{ functionCall: { name: 'book_table', args: { guests: 4 } } }]);
});

it('answers from a function response that refers to its call by name', async () => {
  const contents = [
    ...say('a table for four'),
    { role: 'model', parts: [{ functionCall: { name: 'book_table', args: { guests: 4 } } }] },
    {
      role: 'user',
      parts: [{ functionResponse: { name: 'book_table', response: { ok: false, message: 'Full.' } } }],
    },
  ];
  const body = await (
    await send(await emulatorForTest(), { contents, tools: TOOLS }, 'generateContent')
  ).json();
  expect(body.candidates[0].content.parts[0].text).toMatch(/sorry, full/);
});

it('sends and counts thoughts when they are requested', async () => {
  const emulator = await emulatorForTest();
  const more = { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
  const all = await chunks(await send(emulator, more, 'streamGenerateContent?alt=sse', 'gemini-2.5-flash'));
  expect(all[0].candidates[0].content.parts[0]).toMatchObject({ thought: true });
  expect(all.at(-1).usageMetadata.thoughtsTokenCount).toBeGreaterThan(0);
});

it.each([
  ['no contents', { contents: [] }, 'generateContent', 400, 'INVALID_ARGUMENT'],
  ['a stream that is no event stream', {}, 'streamGenerateContent', 400, 'INVALID_ARGUMENT'],
])('%s gets an error in Gemini’s shape', async (_, more, verb, code, status) => {
  const response = await send(await emulatorForTest(), more, verb);
  expect(response.status).toBe(code);
  expect(await response.json()).toMatchObject({ error: { code, status } });
});

it.each(['header', 'query'])('takes its key from the %s', async (where) => {
  const emulator = await emulatorForTest({ requireKey: 'k1' });
  const url = `${emulator.origin}/v1beta/models/instant:generateContent${where === 'query' ? '?key=k1' : ''}`;
  const headers: Record<string, string> = where === 'header' ? { 'x-goog-api-key': 'k1' } : {};
  expect((await post(url, { contents: say('hi') }, { headers })).status).toBe(200);
  expect((await post(url.replace('k1', 'k2'), { contents: say('hi') })).status).toBe(401);
});
