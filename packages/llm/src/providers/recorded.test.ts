import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readAll, textOf } from '../testing/read.js';
import { RECORDED_STREAMS, recordedBytes } from '../testing/recorded.js';
import { serve, stream } from '../testing/server.js';
import { SseDecoder } from '../wire/sse.js';
import type { WireSignal } from '../wire/wire.js';
import { httpModel } from './http-model.js';
import { PROVIDERS } from './index.js';

const providerOf = (name: string) => PROVIDERS.find((provider) => provider.name === name)!;

function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const edges = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...edges].map((from, i) => bytes.subarray(from, edges[i] ?? bytes.length));
}

describe.each(RECORDED_STREAMS.map((recorded) => [recorded.file, recorded] as const))(
  '%s',
  (_file, recorded) => {
    const { expected } = recorded;
    const provider = providerOf(recorded.provider);
    const bytes = recordedBytes(recorded);

    async function ask() {
      const server = await serve((response) => stream(response, [bytes]));
      const model = httpModel(provider, { model: 'm', baseUrl: server.baseUrl, apiKey: 'key:secret' });
      onTestFinished(() => model.close());
      const chat = model.chat({ messages: [{ role: 'user', content: 'Hello' }] });
      return { events: await readAll(chat), trace: chat.trace };
    }

    test('its answer is read', async () => {
      const { events } = await ask();
      const reasoning = events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('');
      const calls = events.flatMap((event) => (event.type === 'toolCall' ? [event.call] : []));
      expect(textOf(events)).toBe(expected.text);
      expect(reasoning).toBe(expected.reasoning ?? '');
      expect(calls).toMatchObject(expected.calls ?? []);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
      expect(events).toContainEqual({ type: 'finish', reason: expected.finish });
    });

    test('puts tokens, times and tier into the trace', async () => {
      const { trace } = await ask();
      expect(trace.usage).toEqual(expected.usage);
      expect(Object.keys(trace.providerTime ?? {})).toEqual(Object.keys(expected.providerTime ?? {}));
      for (const [key, ms] of Object.entries(expected.providerTime ?? {})) {
        expect(trace.providerTime![key as 'queueMs']).toBeCloseTo(ms, 6);
      }
      expect(trace.serviceTier).toBe(expected.serviceTier);
      expect(trace.servedBy).toBe(expected.servedBy);
    });

    test('reads the same wherever its bytes are split', () => {
      const read = (chunks: Uint8Array[]): WireSignal[] => {
        const decoder = new SseDecoder({ provider: provider.name });
        const reader = provider.wire.reader({ provider: provider.name });
        const signals = chunks.flatMap((chunk) => decoder.push(chunk)).flatMap((event) => reader.read(event));
        for (const event of decoder.end()) signals.push(...reader.read(event));
        return [...signals, ...reader.end()].map((signal) =>
          signal.type === 'toolCall' ? { ...signal, call: { ...signal.call, id: 'any' } } : signal,
        );
      };
      const whole = read([bytes]);
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (places) => {
          expect(read(cut(bytes, places))).toEqual(whole);
        }),
      );
    });
  },
);

test('every provider has a recorded stream except LiveKit Inference, which uses OpenAI’s format', () => {
  const recorded = new Set(RECORDED_STREAMS.map(({ provider }) => provider));
  expect(PROVIDERS.map(({ name }) => name).filter((name) => !recorded.has(name))).toEqual(['livekit']);
});
