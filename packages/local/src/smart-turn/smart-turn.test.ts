import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SmartTurnReply, SmartTurnRequest } from './protocol.js';
import { type SmartTurnOptions, smartTurn } from './smart-turn.js';

let dir: string;
let modelFile: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-smart-turn-'));
  modelFile = join(dir, 'weights.onnx');
  await writeFile(modelFile, '');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A worker whose answers the test gives. */
class FakeThread extends EventEmitter {
  asked: SmartTurnRequest[] = [];
  isRef = true;

  constructor(first: SmartTurnReply = { type: 'ready' }) {
    super();
    // The first listener is the one for messages.
    this.once('newListener', () => queueMicrotask(() => this.emit('message', first)));
  }

  postMessage(message: SmartTurnRequest): void {
    this.asked.push(message);
  }
  say(message: SmartTurnReply): void {
    this.emit('message', message);
  }
  ref(): void {
    this.isRef = true;
  }
  unref(): void {
    this.isRef = false;
  }
  async terminate(): Promise<number> {
    this.emit('exit', 1);
    return 1;
  }
}

const signal = new AbortController().signal;
const question = (samples = 100) => ({ audio: new Int16Array(samples), sampleRateHz: 16_000, signal });

/** Smart Turn with fake workers, each started as it is needed. */
function withThreads(...threads: FakeThread[]) {
  const left = [...threads];
  const startThread = () =>
    left.shift()! as unknown as ReturnType<NonNullable<SmartTurnOptions['startThread']>>;
  return smartTurn({ modelFile, startThread });
}

/** Lets the file be found and the worker start. */
const asked = (thread: FakeThread, count = 1) => expect.poll(() => thread.asked).toHaveLength(count);

describe('smartTurn', () => {
  it('answers with the worker’s probability, and lets Node exit while it is idle', async () => {
    const thread = new FakeThread();
    const detector = withThreads(thread);
    const answer = detector.predict(question());
    await asked(thread);
    expect(thread.isRef).toBe(true);
    thread.say({ type: 'predicted', id: thread.asked[0]!.id, probability: 0.8 });
    expect(await answer).toBe(0.8);
    expect(thread.isRef).toBe(false);
  });

  it('sends the last 8 s', async () => {
    const thread = new FakeThread();
    withThreads(thread)
      .predict(question(200_000))
      .catch(() => {});
    await asked(thread);
    expect(thread.asked[0]!.audio).toHaveLength(128_000);
  });

  it('rejects a question that fails, and answers the next', async () => {
    const thread = new FakeThread();
    const detector = withThreads(thread);
    const failing = detector.predict(question());
    await asked(thread);
    thread.say({ type: 'failed', id: thread.asked[0]!.id, reason: 'no memory' });
    await expect(failing).rejects.toThrow(/no memory/);
    const next = detector.predict(question());
    await asked(thread, 2);
    thread.say({ type: 'predicted', id: thread.asked[1]!.id, probability: 0.3 });
    expect(await next).toBe(0.3);
  });

  it('starts another worker after one has stopped', async () => {
    const threads = [new FakeThread(), new FakeThread()] as const;
    const detector = withThreads(...threads);
    const lost = detector.predict(question());
    await asked(threads[0]);
    void threads[0].terminate();
    await expect(lost).rejects.toMatchObject({ code: 'worker_died' });
    detector.predict(question()).catch(() => {});
    await asked(threads[1]);
  });

  it('says why the model cannot be loaded', async () => {
    const thread = new FakeThread({ type: 'unusable', message: 'onnxruntime-node is not installed' });
    await expect(withThreads(thread).ready()).rejects.toMatchObject({
      code: 'model_file',
      message: expect.stringMatching(/onnxruntime-node/),
    });
  });

  it('is not waited for after an abort', async () => {
    const waiting = withThreads(new FakeThread()).ready({ signal: AbortSignal.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  });

  it('takes 16 kHz only', async () => {
    const wrong = { ...question(), sampleRateHz: 8000 };
    await expect(withThreads().predict(wrong)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('does not start once it is closed', async () => {
    const detector = withThreads(new FakeThread());
    await detector.close();
    await detector.close();
    await expect(detector.predict(question())).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('the real worker', () => {
  it('says that a file is no model', async () => {
    await writeFile(modelFile, 'no model');
    const detector = smartTurn({ modelFile });
    await expect(detector.ready()).rejects.toMatchObject({ code: 'model_file' });
    await detector.close();
  });
});
