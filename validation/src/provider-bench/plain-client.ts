import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';

/** A minimal streaming client: undici and an event parser, nothing else. */
export class PlainClient {
  readonly #agent = new Agent({ keepAliveTimeout: 60_000 });
  readonly #url: string;

  constructor(baseUrl: string) {
    this.#url = `${baseUrl}/chat/completions`;
  }

  /** Sends one request; returns the time to first content, ms. */
  async ask(messages: readonly { role: string; content: string }[]): Promise<number> {
    const startMs = performance.now();
    let ttftMs: number | undefined;
    const response = await request(this.#url, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages, stream: true, stream_options: { include_usage: true } }),
    });
    const parser = createParser({
      onEvent({ data }) {
        if (ttftMs !== undefined || data === '[DONE]') return;
        const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
        if (chunk.choices[0]?.delta.content) ttftMs = performance.now() - startMs;
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk as Buffer, { stream: true }));
    if (ttftMs === undefined) throw new Error(`the server answered ${response.statusCode} without content`);
    return ttftMs;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}
