import { Agent, request as httpRequest } from 'node:http';
import { ManualClock } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { describe, expect, it } from 'vitest';
import { startEmulator } from './emulator.js';
import { findProfile } from './profiles/registry.js';
import { drawTtftMs } from './profiles/ttft.js';
import { chat, chunksOf, emulatorForTest, HELLO, textOfChunks, until } from './testing/client.js';

/** Reads what has arrived until `isEnough`; leaves the stream open. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  isEnough: (text: string) => boolean,
) {
  let text = '';
  while (!isEnough(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  return text;
}

describe('time', () => {
  it('sends headers, first delta and first content each at its own moment', async () => {
    const clock = new ManualClock();
    const emulator = await emulatorForTest({ clock, seed: 5 });
    const ttftMs = drawTtftMs(findProfile('gpt-4o-mini')!.ttft, seededRandom(5, 'ttft', 'gpt-4o-mini'));
    let hasHeaders = false;
    const pending = chat(emulator, { model: 'gpt-4o-mini' }).then((response) => {
      hasHeaders = true;
      return response;
    });
    await until(() => clock.pendingTimers > 0);
    clock.advance(ttftMs * 0.8 - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasHeaders).toBe(false);
    clock.advance(1);
    const response = await pending;
    expect(Number(response.headers.get('x-firstword-planned-ttft-ms'))).toBeCloseTo(ttftMs, 2);

    const reader = response.body!.getReader();
    clock.advance(ttftMs * 0.1);
    expect(await readUntil(reader, (text) => text.includes('"role"'))).not.toMatch(/"content":"[^"]/);
    clock.advance(ttftMs * 0.1);
    expect(await readUntil(reader, (text) => text.includes('"content"'))).toMatch(/"content":"[^"]/);
    await reader.cancel();
  });

  it('plays the same TTFT sequence for the same seed', async () => {
    const sequence = async (seed: number) => {
      const clock = new ManualClock();
      const emulator = await emulatorForTest({ clock, seed });
      const planned: (string | null)[] = [];
      for (let i = 0; i < 3; i++) {
        const pending = chat(emulator, { model: 'gpt-4o-mini' });
        await until(() => clock.pendingTimers > 0);
        clock.advance(10_000);
        await until(() => clock.pendingTimers === 0);
        planned.push((await pending).headers.get('x-firstword-planned-ttft-ms'));
        await (await pending).text();
      }
      return planned;
    };
    expect(await sequence(11)).toEqual(await sequence(11));
    expect(await sequence(11)).not.toEqual(await sequence(12));
  });
});

describe('clients', () => {
  it('stops work when the client leaves', async () => {
    const clock = new ManualClock();
    const emulator = await emulatorForTest({ clock });
    const abort = new AbortController();
    const pending = chat(emulator, { model: 'gpt-4o-mini' }, { signal: abort.signal });
    await until(() => clock.pendingTimers === 1);
    abort.abort();
    await expect(pending).rejects.toThrow();
    await until(() => emulator.stats().aborted === 1);
    expect(clock.pendingTimers).toBe(0);
    expect(emulator.stats()).toMatchObject({ concurrent: 0, finished: 0 });
  });

  it('keeps concurrent streams separate', async () => {
    const emulator = await emulatorForTest();
    const questions = ['is there parking', 'what is on the menu', 'how much is it'];
    const texts = await Promise.all(
      Array.from({ length: 30 }, async (_, i) =>
        textOfChunks(
          await chunksOf(await chat(emulator, { messages: [{ role: 'user', content: questions[i % 3] }] })),
        ),
      ),
    );
    expect(texts.every((text, i) => [/park/, /lemon cake/, /thirty five/][i % 3]!.test(text))).toBe(true);
    expect(emulator.stats()).toMatchObject({
      requests: 30,
      finished: 30,
      concurrent: 0,
      byProfile: { instant: 30 },
    });
  });

  it('keeps a connection for the next request', async () => {
    const emulator = await emulatorForTest();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const once = () =>
      new Promise<boolean>((resolve, reject) => {
        const request = httpRequest(
          `${emulator.url}/chat/completions`,
          { method: 'POST', agent },
          (response) => {
            response.resume().once('end', () => setImmediate(() => resolve(request.reusedSocket)));
          },
        );
        request.once('error', reject);
        request.end(JSON.stringify({ model: 'instant', messages: HELLO, stream: true }));
      });
    expect(await once()).toBe(false);
    expect(await once()).toBe(true);
    expect(emulator.stats().connections).toBe(1);
    agent.destroy();
  });
});

describe('custom profiles', () => {
  const own = { name: 'mine', ttft: { p50Ms: 40, p95Ms: 40, maxMs: 40 }, source: 'measured by me' };

  it('are played, listed with their source, and chosen by name', async () => {
    const emulator = await emulatorForTest({ profiles: [own], profile: 'mine' });
    const response = await chat(emulator, { model: 'whatever' });
    expect(response.headers.get('x-firstword-planned-ttft-ms')).toBe('40.000');
    expect(response.headers.get('x-firstword-emulated')).toBe('mine');
    const model = await (await fetch(`${emulator.url}/models/mine`)).json();
    expect(model.firstword.source).toBe('measured by me');
  });

  it('hide published ones of the same name', async () => {
    const emulator = await emulatorForTest({ profiles: [{ ...own, name: 'gpt-4o-mini' }] });
    const response = await chat(emulator, { model: 'gpt-4o-mini' });
    expect(response.headers.get('x-firstword-planned-ttft-ms')).toBe('40.000');
  });

  it('are rejected when their figures are not a distribution', async () => {
    const profiles = [{ ...own, ttft: { p50Ms: 40, p95Ms: 30 } }];
    await expect(startEmulator({ profiles })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('starting and closing', () => {
  it('lists the profiles for an unknown one', async () => {
    await expect(startEmulator({ profile: 'gpt-9' })).rejects.toThrow(/groq-gpt-oss-120b/);
    const emulator = await emulatorForTest();
    expect(() => emulator.setProfile('gpt-9')).toThrow(/groq-gpt-oss-120b/);
  });

  it('says what to do when the port is in use', async () => {
    const emulator = await emulatorForTest();
    await expect(startEmulator({ port: emulator.port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(/another port/),
    });
  });

  it('closes on abort, and breaks open streams', async () => {
    const abort = new AbortController();
    const clock = new ManualClock();
    const emulator = await emulatorForTest({ clock, signal: abort.signal });
    const pending = chat(emulator, { model: 'gpt-4o-mini' });
    await until(() => emulator.stats().concurrent === 1);
    abort.abort();
    await expect(pending).rejects.toThrow();
    await expect(fetch(`${emulator.url}/models`)).rejects.toThrow();
    await emulator.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
