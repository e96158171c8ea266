import { EventEmitter } from 'node:events';
import { ManualClock } from '@firstword/turn';
import { APIStatusError, stt } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { CALLER_RATE_HZ } from './stt-lane.js';
import { sttProbe } from './stt-probe.js';

const { SpeechEventType } = stt;

/** Events that the test puts in, as a LiveKit stream gives them. */
class ScriptedStream {
  frames: AudioFrame[] = [];
  isClosed = false;
  #events: stt.SpeechEvent[] = [];
  #wake = () => {};

  pushFrame(frame: AudioFrame): void {
    this.frames.push(frame);
  }

  report(type: stt.SpeechEventType, text: string): void {
    this.#events.push({ type, alternatives: [{ text } as stt.SpeechData] });
    this.#wake();
  }

  close(): void {
    this.isClosed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    while (!this.isClosed) {
      const event = this.#events.shift();
      if (event) yield event;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

class ScriptedStt extends EventEmitter {
  readonly scripted = new ScriptedStream();
  stream = () => this.scripted;
  close = async () => {};
}

/** 95 ms: the line is padded at its beginning, so that its last sample ends a frame. */
const LINE = new Int16Array(0.095 * CALLER_RATE_HZ).fill(8000);

function opened() {
  const clock = new ManualClock({ nowMs: 1000 });
  const engines: ScriptedStt[] = [];
  const createEngine = () => {
    engines.push(new ScriptedStt());
    return engines.at(-1) as unknown as stt.STT;
  };
  const probe = sttProbe({ createEngine, name: 'acme/one', audio: LINE, clock, timeoutMs: 2000 });
  const { signal } = new AbortController();
  /** Lets the stream's reader see what was reported. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const advance = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await settle();
    }
  };
  return { clock, engines, probe, signal, settle, advance };
}

it('times the transcripts of a line from its last sample', async () => {
  const { engines, probe, signal, advance } = opened();
  const measuring = probe.measure({ signal });
  const { scripted } = engines[0]!;
  await advance(60);
  scripted.report(SpeechEventType.INTERIM_TRANSCRIPT, 'one');
  await advance(20);
  scripted.report(SpeechEventType.INTERIM_TRANSCRIPT, 'one two');
  await advance(20);
  // The last sample was sent at 100 ms.
  await advance(50);
  scripted.report(SpeechEventType.PREFLIGHT_TRANSCRIPT, 'one two');
  await advance(150);
  scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'One two.');
  await advance(420);
  expect(await measuring).toMatchObject({
    kind: 'stt',
    startedMs: 1100,
    lateMs: 0,
    eagerMs: 50 + 10,
    finalMs: 200 + 10,
    interims: 2,
    interimEveryMs: 20,
    characters: 8,
  });
  await probe.close();
  expect(scripted.isClosed).toBe(true);
});

it('waits for a second final transcript, and counts to the later one', async () => {
  const { engines, probe, signal, advance } = opened();
  const measuring = probe.measure({ signal });
  await advance(200);
  engines[0]!.scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'One');
  await advance(300);
  engines[0]!.scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'two.');
  await advance(420);
  expect(await measuring).toMatchObject({ finalMs: 410, characters: 7 });
  await probe.close();
});

it('keeps its stream between lines, and sends silence', async () => {
  const { engines, probe, signal, advance } = opened();
  for (let line = 0; line < 2; line += 1) {
    const measuring = probe.measure({ signal });
    await advance(200);
    engines[0]!.scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'Yes.');
    await advance(420);
    await measuring;
    await advance(100);
  }
  expect(engines).toHaveLength(1);
  expect(engines[0]!.scripted.frames.length).toBeGreaterThan(140);
  await probe.close();
});

it('opens a second stream for a line that overlaps', async () => {
  const { engines, probe, signal, advance } = opened();
  const both = [probe.measure({ signal }), probe.measure({ signal })];
  await advance(200);
  for (const { scripted } of engines) scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'Yes.');
  await advance(420);
  expect((await Promise.all(both)).every(({ error }) => !error)).toBe(true);
  expect(engines).toHaveLength(2);
  await probe.close();
});

it('reports a missing final transcript, and opens a new stream for the next line', async () => {
  const { engines, probe, signal, advance } = opened();
  const measuring = probe.measure({ signal });
  await advance(2200);
  const measured = await measuring;
  expect(measured.error).toMatchObject({ code: 'timeout' });
  expect(measured).not.toHaveProperty('finalMs');
  const next = probe.measure({ signal });
  await advance(200);
  engines[1]!.scripted.report(SpeechEventType.FINAL_TRANSCRIPT, 'Yes.');
  await advance(420);
  expect((await next).error).toBeUndefined();
  await probe.close();
});

it('reports a refusal with the status, and no words of the answer', async () => {
  const { engines, probe, signal, advance } = opened();
  const measuring = probe.measure({ signal });
  const error = new APIStatusError({ message: 'secret words', options: { statusCode: 401 } });
  engines[0]!.emit('error', { error });
  await advance(10);
  const measured = await measuring;
  expect(measured.error).toMatchObject({ code: 'auth', retryable: false });
  expect(measured.error!.message).toBe('acme/one answered 401: check the key and the credit of the account');
  await probe.close();
});

it('ends at once when it is stopped', async () => {
  const { probe, advance } = opened();
  const stop = new AbortController();
  const measuring = probe.measure({ signal: stop.signal });
  await advance(20);
  stop.abort();
  await expect(measuring).rejects.toMatchObject({ code: 'aborted' });
  await probe.close();
});
