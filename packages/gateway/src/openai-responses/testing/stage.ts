import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAiCompatible, router } from '@firstword/llm';
import type { JsonFields } from '../../answer/fields.js';
import { type Gateway, startGateway } from '../../gateway.js';
import type { GatewayOptions } from '../../options.js';

/**
 * What the provider sends: the deltas of its chunks and a finish reason, an error status, or text without an end (`open`).
 */
export type ScriptedAnswer =
  | { deltas: JsonFields[]; finish?: string }
  | { status: number }
  | { open: string };

/** An answer of these pieces of text. */
export const text = (...pieces: string[]): ScriptedAnswer => ({
  deltas: pieces.map((content) => ({ content })),
});

/** An answer of parallel calls of these tools. */
export const calls = (...names: string[]): ScriptedAnswer => ({
  deltas: names.map((name, index) => ({
    tool_calls: [
      { index, id: `call_${name}`, type: 'function', function: { name, arguments: `{"for":"${name}"}` } },
    ],
  })),
  finish: 'tool_calls',
});

/** A gateway with one route, `m`, in front of a scripted provider. */
export interface Stage {
  gateway: Gateway;
  /** The request bodies that the provider got. */
  asked: JsonFields[];
  /** Answers that the provider has under way. */
  open(): number;
  close(): Promise<void>;
}

function chunksOf({ deltas, finish = 'stop' }: { deltas: JsonFields[]; finish?: string }): JsonFields[] {
  const usage = { prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } };
  return [
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: finish }] },
    { choices: [], usage },
  ];
}

function give(answer: ScriptedAnswer, response: ServerResponse): void {
  if ('status' in answer) {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'No.', type: 'x', code: 'nope', param: 'input' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = (chunk: JsonFields) =>
    response.write(`data: ${JSON.stringify({ id: 'c', created: 1, model: 'real-name', ...chunk })}\n\n`);
  if ('open' in answer) {
    write({ choices: [{ index: 0, delta: { content: answer.open }, finish_reason: null }] });
    return;
  }
  for (const chunk of chunksOf(answer)) write(chunk);
  response.end('data: [DONE]\n\n');
}

/** Starts a stage. Its provider gives these answers, one a request; the last one again and again. */
export async function startStage(
  answers: readonly ScriptedAnswer[],
  options: Partial<GatewayOptions> = {},
): Promise<Stage> {
  const asked: JsonFields[] = [];
  let open = 0;
  const provider = createServer((request, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      asked.push(JSON.parse(body));
      give(answers[Math.min(asked.length, answers.length) - 1]!, response);
    });
  });
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  const { port } = provider.address() as AddressInfo;
  const model = openAiCompatible({ baseUrl: `http://127.0.0.1:${port}/v1`, model: 'real', proxy: false });
  const routes = [{ name: 'm', router: router({ models: [model], hedge: { budget: 0 } }) }];
  const gateway = await startGateway({ routes, ...options });
  return {
    gateway,
    asked,
    open: () => open,
    close: async () => {
      await gateway.close();
      provider.closeAllConnections();
      provider.close();
    },
  };
}
