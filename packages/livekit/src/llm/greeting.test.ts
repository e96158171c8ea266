import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropic, gemini, type LanguageModel, openAiCompatible } from '@firstword/llm';
import { initializeLogger, llm, voice } from '@livekit/agents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FirstwordLLM } from './llm.js';

initializeLogger({ pretty: false, level: 'silent' });

interface Body {
  system?: { text: string }[];
  systemInstruction?: { parts: { text: string }[] };
  messages?: { role: string; content: unknown }[];
  contents?: { role: string; parts: unknown }[];
}

const sse = (events: object[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

const ANSWERS = {
  anthropic: sse([
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello caller.' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    { type: 'message_stop' },
  ]),
  gemini: sse([{ candidates: [{ content: { parts: [{ text: 'Hello caller.' }] }, finishReason: 'STOP' }] }]),
  compatible: sse([{ choices: [{ delta: { content: 'Hello caller.' }, finish_reason: 'stop' }] }]),
};

let server: Server;
let bodies: Body[];
let models: Record<keyof typeof ANSWERS, LanguageModel>;

/** Like the providers, refuses a conversation without a turn, or whose last one is the model's. */
beforeEach(async () => {
  bodies = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as Body;
    bodies.push(body);
    const kind = body.contents ? 'gemini' : request.url!.endsWith('/messages') ? 'anthropic' : 'compatible';
    const last = (body.messages ?? body.contents)?.at(-1)?.role;
    const isTaken = kind === 'compatible' ? last !== undefined : last === 'user';
    response.writeHead(isTaken ? 200 : 400, {
      'content-type': isTaken ? 'text/event-stream' : 'application/json',
    });
    response.end(isTaken ? ANSWERS[kind] : '{"error":{"message":"at least one message is required"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  models = {
    anthropic: anthropic({ model: 'claude-haiku-4-5', apiKey: 'k', baseUrl }),
    gemini: gemini({ model: 'gemini-2.5-flash', apiKey: 'k', baseUrl }),
    compatible: openAiCompatible({ model: 'm', baseUrl }),
  };
});

afterEach(async () => {
  await Promise.all(Object.values(models).map((model) => model.close()));
  server.closeAllConnections();
  server.close();
});

describe.each(['anthropic', 'gemini', 'compatible'] as const)('%s', (kind) => {
  it('greets the caller by generateReply', async () => {
    const session = new voice.AgentSession({ llm: new FirstwordLLM(models[kind]) });
    await session.start({ agent: new voice.Agent({ instructions: 'You are a receptionist.' }) });
    await session.generateReply({ instructions: 'Greet the caller.' }).waitForPlayout();
    expect(session.history.items.map((item) => item.type === 'message' && item.textContent)).toContain(
      'Hello caller.',
    );
    expect(JSON.stringify(bodies[0])).toContain('Greet the caller.');
    await session.close();
  });

  it('speaks again after a silence', async () => {
    const chatCtx = new llm.ChatContext();
    chatCtx.addMessage({ role: 'system', content: 'You are a receptionist.' });
    chatCtx.addMessage({ role: 'assistant', content: 'Hello, Riverside Dental.' });
    expect(await answerTo(chatCtx)).toBe('Hello caller.');
  });

  it('takes developer for system', async () => {
    const chatCtx = new llm.ChatContext();
    chatCtx.addMessage({ role: 'developer', content: 'Be nice.' });
    chatCtx.addMessage({ role: 'user', content: 'Hi' });
    expect(await answerTo(chatCtx)).toBe('Hello caller.');
    const { system, systemInstruction, messages } = bodies[0]!;
    const instructions =
      system ?? systemInstruction?.parts ?? messages!.filter(({ role }) => role === 'system');
    expect(JSON.stringify(instructions)).toContain('Be nice.');
  });

  async function answerTo(chatCtx: llm.ChatContext): Promise<string> {
    let said = '';
    for await (const { delta } of new FirstwordLLM(models[kind]).chat({ chatCtx }))
      said += delta?.content ?? '';
    return said;
  }
});
