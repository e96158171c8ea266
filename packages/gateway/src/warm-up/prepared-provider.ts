import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that gives one prepared answer. */
export interface PreparedProvider {
  /** Base URL, with `/v1`. */
  url: string;
  close(): void;
}

const event = (fields: object) =>
  `data: ${JSON.stringify({ id: 'warm-up', object: 'chat.completion.chunk', created: 0, model: 'warm-up', ...fields })}\n\n`;
const delta = (value: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: value, finish_reason: finish }] });

/** A short answer, in pieces as a provider sends them. */
const PIECES = [
  delta({ role: 'assistant', content: '' }),
  ...['Hello', ',', ' how', ' can', ' I', ' help', '?'].map((content) => delta({ content })),
  delta({}, 'stop'),
  event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 } }),
  'data: [DONE]\n\n',
];

/** Starts it on loopback, on a free port. */
export async function startPreparedProvider(): Promise<PreparedProvider> {
  const server = createServer((request, response) => {
    // One piece for each turn of the event loop, so that each is read on its own.
    const write = (at: number) => {
      if (at === PIECES.length) response.end();
      else response.write(PIECES[at]!, () => write(at + 1));
    };
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write(0);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
