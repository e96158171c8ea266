import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from './providers/compatible/index.js';
import { router } from './router.js';
import { CountingClock } from './testing/counting-clock.js';
import { HELLO, readAll, readError, textOf } from './testing/read.js';
import { delta, say, serve, stream, text, until } from './testing/server.js';
import type { RequestTrace } from './trace.js';

type Answer = Parameters<typeof serve>[0];

interface Stage {
  /** Response to the first request. */
  answer: Answer;
  /** Whether the stage has been reached, by the traces of the router and of its requests. */
  reached(trace: RequestTrace, requests: RequestTrace[]): boolean;
  models?: number;
}

const open =
  (...pieces: string[]): Answer =>
  (response) =>
    stream(response, pieces, { open: true });
const fragment = delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"a' } }] });

const STAGES: Record<string, Stage> = {
  'before the connection is open': { answer: () => {}, reached: () => true },
  'before the headers': { answer: () => {}, reached: (_, [first]) => first!.marks.requestSent !== undefined },
  'after the headers': {
    answer: open(': ping\n\n'),
    reached: (_, [first]) => first!.marks.responseHeaders !== undefined,
  },
  'while it reasons': {
    answer: open(delta({ reasoning: 'hm' })),
    reached: (_, [first]) => first!.marks.firstDelta !== undefined,
  },
  'before the first clause': {
    answer: open(text('Good mor')),
    reached: ({ attempts }) => attempts![0]!.outcome === 'won',
  },
  'while it is being read': {
    answer: open(text('Good morning. '), text('How ')),
    reached: ({ marks }) => marks.firstContent !== undefined,
  },
  'inside a tool call': {
    answer: open(fragment),
    reached: (_, [first]) => first!.marks.firstContent !== undefined,
  },
  'with a hedge under way': {
    answer: () => {},
    reached: (_, requests) => requests.length === 2 && requests[1]!.marks.requestSent !== undefined,
    models: 2,
  },
  'while a retry is waited for': {
    answer: (response) => response.writeHead(503, { 'retry-after': '1' }).end('{}'),
    reached: ({ decisions }) => decisions!.some(({ decision }) => decision === 'waiting to retry'),
  },
};

test.each(Object.entries(STAGES))(
  'an abort %s frees everything, and the next request is answered',
  async (...given) => {
    const [, { answer, reached, models = 1 }] = given;
    const clock = new CountingClock();
    let faulty = true;
    const server = await serve((response, body, request) =>
      faulty ? answer(response, body, request) : stream(response, say('Good morning. ')),
    );
    const requests: RequestTrace[] = [];
    const endpoints = Array.from({ length: models }, (_, i) => {
      const model = openAiCompatible({
        provider: `p${i}`,
        model: 'm',
        baseUrl: server.baseUrl,
        keepWarm: 0,
        clock,
      });
      const chat = model.chat.bind(model);
      model.chat = (...args) => {
        const started = chat(...args);
        requests.push(started.trace);
        return started;
      };
      return model;
    });
    const route = router({ models: endpoints, hedge: { initialDelayMs: models > 1 ? 5 : 5_000 }, clock });
    onTestFinished(() => route.close());

    const abort = new AbortController();
    const chat = route.chat(HELLO, { signal: abort.signal });
    const reading = readError(chat);
    await until(() => reached(chat.trace, requests));
    abort.abort();
    expect((await reading).error).toMatchObject({ code: 'aborted' });
    expect(chat.trace.outcome).toBe('cancelled');
    // A 503 response leaves its connection usable; any other connection is closed at once.
    await until(() => server.sockets.size <= (requests[0]!.outcome === 'failed' ? 1 : 0));
    await until(() => clock.pendingTimers === 0);

    faulty = false;
    expect(textOf(await readAll(route.chat(HELLO)))).toBe('Good morning. ');
    await until(() => clock.pendingTimers === 0);
  },
);
