import { EventEmitter, once } from 'node:events';
import { ManualClock } from '@firstword/turn';
import { beforeEach, expect, it } from 'vitest';
import { FliteWorker } from './engine.js';

/** Replaces the thread, so that its crashes can be simulated. */
class FakeThread extends EventEmitter {
  static all: FakeThread[] = [];
  static readonly births = new EventEmitter();
  readonly posted: { id: number; text: string }[] = [];

  constructor() {
    super();
    FakeThread.all.push(this);
    FakeThread.births.emit('birth');
  }

  postMessage(message: { id: number; text: string }): void {
    this.posted.push(message);
    this.emit('posted');
  }

  ref(): void {}
  unref(): void {}

  async terminate(): Promise<number> {
    this.emit('exit');
    return 1;
  }
}

beforeEach(() => {
  FakeThread.all = [];
});

const signal = new AbortController().signal;
const thread = async (n: number) => {
  while (FakeThread.all.length <= n) await once(FakeThread.births, 'birth');
  return FakeThread.all[n]!;
};
const given = async (worker: FakeThread) => {
  while (worker.posted.length === 0) await once(worker, 'posted');
  return worker.posted[0]!;
};
const newWorker = (clock = new ManualClock()) =>
  new FliteWorker({ voice: 'slt', sampleRateHz: 24_000, clock, startThread: () => new FakeThread() });

it('renders a text again when the worker crashes on it', async () => {
  const rendering = newWorker().render('hello', { signal });
  const first = await thread(0);
  first.emit('message', { type: 'ready' });
  await given(first);
  first.emit('exit');
  const second = await thread(1);
  second.emit('message', { type: 'ready' });
  const { id, text } = await given(second);
  second.emit('message', { type: 'rendered', id, samples: Int16Array.of(1) });
  expect(text).toBe('hello');
  expect(await rendering).toEqual(Int16Array.of(1));
});

it('fails a text on which the worker crashes twice, and reports it', async () => {
  const clock = new ManualClock();
  const rendering = newWorker(clock).render('hello', { signal });
  const failed = expect(rendering).rejects.toMatchObject({ code: 'worker_died', retryable: true });
  for (const n of [0, 1]) {
    const worker = await thread(n);
    worker.emit('message', { type: 'ready' });
    await given(worker);
    worker.emit('error', new Error('out of memory'));
    worker.emit('exit');
  }
  await failed;
});

it('ends a worker that hangs', async () => {
  const clock = new ManualClock();
  const ready = newWorker(clock).ready();
  const failed = expect(ready).rejects.toMatchObject({ code: 'worker_died' });
  await thread(0);
  clock.advance(15_000);
  await failed;
});

it('never renders a text that was aborted in the queue', async () => {
  const stop = new AbortController();
  const worker = newWorker();
  const first = worker.render('first', { signal });
  const second = worker.render('second', { signal: stop.signal });
  const aborted = expect(second).rejects.toMatchObject({ code: 'aborted' });
  const running = await thread(0);
  running.emit('message', { type: 'ready' });
  const { id } = await given(running);
  stop.abort();
  running.emit('message', { type: 'rendered', id, samples: Int16Array.of(1) });
  await first;
  await aborted;
  expect(running.posted.map(({ text }) => text)).toEqual(['first']);
});
