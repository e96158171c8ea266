import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../emulator.js';
import { chat, chunksOf, emulatorForTest, HELLO, post, textOfChunks, until } from '../testing/client.js';
import type { Fault } from './fault.js';

/** An emulator on a clock with immediate timers that applies this fault to every request. */
async function faulty(fault: Fault, clock = new ManualClock()): Promise<Emulator> {
  return emulatorForTest({ clock, faults: { rules: [{ fault }] } });
}

/** Reads a response until it ends, fails or stops sending, and reports how it ended. */
const read = (response: Response, isEnough?: (text: string) => boolean) =>
  readOn(response.body!.getReader(), isEnough);

async function readOn(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  isEnough: (text: string) => boolean = () => false,
) {
  let text = '';
  try {
    while (!isEnough(text)) {
      const { done, value } = await reader.read();
      if (done) return { text, end: 'ended' };
      text += Buffer.from(value).toString('latin1');
    }
    return { text, end: 'open' };
  } catch {
    return { text, end: 'broken' };
  }
}

describe('time', () => {
  it.each([
    [{ kind: 'straggler', delayMs: 5000 } as const, 5000],
    [{ kind: 'slowdown', factor: 5 } as const, undefined],
  ])('$kind comes later, and complete', async (fault, delayMs) => {
    const clock = new ManualClock();
    const emulator = await faulty(fault, clock);
    const model = delayMs === undefined ? 'gpt-4o-mini' : 'instant';
    const pending = chat(emulator, { model });
    await until(() => clock.pendingTimers > 0);
    let beforeMs = (delayMs ?? 0) - 1;
    if (delayMs !== undefined) clock.advance(beforeMs);
    else beforeMs = 0;
    expect(emulator.stats()).toMatchObject({ finished: 0, faults: { [fault.kind]: 1 } });
    while (emulator.stats().finished === 0) {
      clock.advance(delayMs === undefined ? 500 : 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const response = await pending;
    expect(textOfChunks(await chunksOf(response))).toMatch(/noon/);
    const plannedMs = Number(response.headers.get('x-firstword-planned-ttft-ms'));
    expect(clock.nowMs()).toBeGreaterThanOrEqual(delayMs ?? plannedMs * 5);
  });

  it('slow-drip sends a few bytes at a time', async () => {
    const clock = new ManualClock();
    const emulator = await faulty({ kind: 'slow-drip', bytes: 3, everyMs: 10 }, clock);
    const reader = (await chat(emulator)).body!.getReader();
    const sizes: number[] = [];
    for (let i = 0; i < 5; i++) {
      sizes.push((await reader.read()).value!.length);
      clock.advance(10);
    }
    expect(sizes).toEqual([3, 3, 3, 3, 3]);
    await reader.cancel();
  });
});

describe('silence', () => {
  it('no-headers accepts the request and never answers', async () => {
    const emulator = await faulty({ kind: 'no-headers' });
    const abort = new AbortController();
    const pending = chat(emulator, {}, { signal: abort.signal });
    await until(() => emulator.stats().faults['no-headers'] === 1);
    expect(emulator.stats().concurrent).toBe(1);
    abort.abort();
    await expect(pending).rejects.toThrow();
    await until(() => emulator.stats().aborted === 1);
  });

  it('headers-then-comments keeps the connection open without an event', async () => {
    const clock = new ManualClock();
    const emulator = await faulty({ kind: 'headers-then-comments', everyMs: 100 }, clock);
    const response = await chat(emulator);
    const reader = response.body!.getReader();
    for (let i = 0; i < 3; i++) {
      expect(Buffer.from((await reader.read()).value!).toString()).toBe(': keep-alive\n\n');
      await until(() => clock.pendingTimers === 1);
      clock.advance(100);
    }
    await reader.cancel();
    await until(() => emulator.stats().aborted === 1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('role-then-nothing opens the stream and stops', async () => {
    const response = await chat(await faulty({ kind: 'role-then-nothing' }));
    const { text } = await read(response, (seen) => seen.endsWith('\n\n'));
    expect(text).toMatch(/"role":"assistant"/);
    expect(text).not.toMatch(/"content":"[^"]/);
  });

  it('stall stops in the middle of a word and leaves the connection open', async () => {
    const emulator = await faulty({ kind: 'stall', afterPieces: 3 });
    const whole = textOfChunks(await chunksOf(await chat(await emulatorForTest())));
    const { text } = await read(
      await chat(emulator),
      (seen) => (seen.match(/"content":"[^"]/g) ?? []).length === 4,
    );
    const received = [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('');
    expect(whole.startsWith(received)).toBe(true);
    expect(whole.charAt(received.length)).toMatch(/\w/);
    expect(emulator.stats().concurrent).toBe(1);
  });
});

describe('broken connections', () => {
  it('hang-up sends no response', async () => {
    const clock = new ManualClock();
    const emulator = await faulty({ kind: 'hang-up' }, clock);
    const pending = chat(emulator);
    const failure = expect(pending).rejects.toThrow();
    await until(() => clock.pendingTimers > 0);
    clock.advance(10);
    await failure;
    expect(emulator.stats().reset).toBe(1);
  });

  it('reset breaks the stream after some content', async () => {
    const clock = new ManualClock();
    const emulator = await faulty({ kind: 'reset', afterPieces: 2 }, clock);
    const reader = (await chat(emulator)).body!.getReader();
    // The reset is delayed so that the client can read the last words first; this advances the clock once it has.
    expect((await readOn(reader, (seen) => /"content":"[^"]/.test(seen))).end).toBe('open');
    await until(() => clock.pendingTimers > 0);
    clock.advance(10);
    expect((await readOn(reader)).end).toBe('broken');
  });

  it('cut-off ends the response without a finish', async () => {
    const { text, end } = await read(await chat(await faulty({ kind: 'cut-off' })));
    expect(end).toBe('ended');
    expect(text).not.toMatch(/DONE|"stop"/);
  });
});

describe('wrong bytes', () => {
  it('empty-stream is a 200 without an event', async () => {
    expect(await read(await chat(await faulty({ kind: 'empty-stream' })))).toEqual({
      text: '',
      end: 'ended',
    });
  });

  it('empty-answer is a well-formed stream without content', async () => {
    const chunks = await chunksOf(await chat(await faulty({ kind: 'empty-answer' })));
    expect(textOfChunks(chunks)).toBe('');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('error-frame is a 200 with an error in the stream', async () => {
    const response = await chat(await faulty({ kind: 'error-frame', message: 'boom' }));
    expect(response.status).toBe(200);
    expect((await read(response)).text).toMatch(/^data: \{"error":\{"message":"boom"/);
  });

  it('garbage is invalid UTF-8 between two pieces', async () => {
    const response = await chat(await faulty({ kind: 'garbage', bytes: 32 }));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(bytes.toString('latin1')).toMatch(/DONE/);
  });

  it('long-line is one very long line', async () => {
    const { text } = await read(await chat(await faulty({ kind: 'long-line', bytes: 300_000 })));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(300_006);
  });

  it('html-page is a 200 with a web page', async () => {
    const response = await chat(await faulty({ kind: 'html-page' }));
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(await response.text()).toMatch(/^<!doctype html>/);
  });

  it('broken-tool-json sends incomplete arguments', async () => {
    const emulator = await faulty({ kind: 'broken-tool-json' });
    const tools = [
      {
        type: 'function',
        function: { name: 'book', parameters: { properties: { date: {} }, required: ['date'] } },
      },
    ];
    const chunks = await chunksOf(await chat(emulator, { tools, tool_choice: 'required' }));
    const json = chunks
      .map((chunk) => chunk.choices[0]?.delta.tool_calls?.[0]?.function.arguments ?? '')
      .join('');
    expect(json).toMatch(/^\{"date"/);
    expect(() => JSON.parse(json)).toThrow();
  });
});

describe('error responses', () => {
  const failing = (emulator: Emulator, path: string, body: object) =>
    post(`${emulator.origin}${path}`, { messages: HELLO, ...body });
  const wires: [string, string, object, object][] = [
    [
      'OpenAI',
      '/v1/chat/completions',
      { model: 'gpt-4o-mini' },
      { error: { type: 'server_error', code: null } },
    ],
    ['Groq', '/v1/chat/completions', { model: 'gpt-oss-120b' }, { error: { type: 'server_error' } }],
    ['Cerebras', '/v1/chat/completions', { model: 'kimi-k2.6' }, { type: 'server_error', message: 'busy' }],
    [
      'Anthropic',
      '/v1/messages',
      { model: 'claude-haiku-4-5', max_tokens: 9 },
      { type: 'error', error: { type: 'overloaded_error' } },
    ],
    [
      'Gemini',
      '/v1beta/models/gemini-2.5-flash:generateContent',
      { contents: [{ parts: [{ text: 'hi' }] }] },
      { error: { code: 503, status: 'UNAVAILABLE' } },
    ],
  ];
  it.each(wires)('%s writes a 503 in its own format', async (_, path, body, expected) => {
    const emulator = await faulty({ kind: 'http-error', status: 503, message: 'busy' });
    const response = await failing(emulator, path, body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject(expected);
  });

  it('a 403 has each provider’s own permission error', async () => {
    const words = [];
    for (const [, path, body] of wires) {
      const emulator = await faulty({ kind: 'http-error', status: 403 });
      const response = await failing(emulator, path, body);
      expect(response.status).toBe(403);
      const json = (await response.json()) as Record<string, unknown>;
      const error = (json.error ?? json) as Record<string, unknown>;
      words.push(error.status ?? error.code ?? error.type);
    }
    expect(new Set(words)).toEqual(new Set(['permission_denied', 'permission_error', 'PERMISSION_DENIED']));
  });

  it.each([7, undefined])(
    'rate-limited has a retry-after header only if it is configured (%s)',
    async (retryAfterSeconds) => {
      const fault: Fault = { kind: 'rate-limited', ...(retryAfterSeconds ? { retryAfterSeconds } : {}) };
      const response = await chat(await faulty(fault));
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe(retryAfterSeconds ? '7' : null);
    },
  );
});

it('ends when the fault plan is emptied', async () => {
  const emulator = await faulty({ kind: 'rate-limited' });
  expect((await chat(emulator)).status).toBe(429);
  emulator.setFaults({ rules: [] });
  expect((await chat(emulator)).status).toBe(200);
});

it('applies to unstreamed responses too', async () => {
  const emulator = await faulty({ kind: 'cut-off' });
  const response = await chat(emulator, { stream: false });
  await expect(response.json()).rejects.toThrow();
});
