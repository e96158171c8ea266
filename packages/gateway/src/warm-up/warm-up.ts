import { Agent, type IncomingMessage, request } from 'node:http';
import { openAiCompatible, router } from '@firstword/llm';
import type { Route } from '../route.js';
import { startPreparedProvider } from './prepared-provider.js';

/** Requests until the code that answers is compiled. Measured: docs/measurements/gateway.md. */
const REQUESTS = 1_200;
/** Requests at a time. */
const STREAMS = 8;

/** Longest duration, ms. */
const LIMIT_MS = 3_000;

/** What `warmUp` needs. */
export interface WarmUpOptions {
  /** Opens the gateway that is asked: on loopback, and with these routes only. */
  open: (routes: Route[]) => Promise<{ url: string; close: () => Promise<void> }>;
  /** Stops it; it then resolves. */
  signal: AbortSignal;
  /** How many requests; default 1,200. */
  requests?: number;
}

const BODY = JSON.stringify({
  model: 'warm-up',
  messages: [
    { role: 'system', content: 'You answer the telephone.' },
    { role: 'user', content: 'Hello?' },
  ],
  stream: true,
  stream_options: { include_usage: true },
});

/** Asks once, and reads the answer to its end. */
function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage) => {
      answer.once('error', reject).once('end', resolve).resume();
    };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) };
    request(`${url}/chat/completions`, { method: 'POST', agent, headers }, onAnswer)
      .once('error', reject)
      .end(BODY);
  });
}

/**
 * Lets V8 compile the code that answers, before anybody waits for it: a second gateway on loopback answers requests from a provider of
 * its own, and is closed. Nothing leaves the machine, and nothing is counted, learned or traced.
 * @returns how many requests were answered
 */
export async function warmUp({ open, signal, requests = REQUESTS }: WarmUpOptions): Promise<number> {
  const provider = await startPreparedProvider();
  const models = ['primary', 'backup'].map((name) =>
    openAiCompatible({ provider: name, model: name, baseUrl: provider.url }),
  );
  const routes = [{ name: '*', router: router({ models, coalesce: false }) }];
  const gateway = await open(routes);
  const agent = new Agent({ keepAlive: true });
  const endMs = performance.now() + LIMIT_MS;
  let asked = 0;
  let answered = 0;
  const stream = async () => {
    while (asked < requests && performance.now() < endMs && !signal.aborted) {
      asked += 1;
      await ask(gateway.url, agent);
      answered += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: STREAMS }, stream));
  } finally {
    agent.destroy();
    await gateway.close();
    provider.close();
  }
  return answered;
}
