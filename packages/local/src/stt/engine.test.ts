import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { type FirstwordError, ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import { EngineProcess } from './engine.js';

/** Replaces the process, so that its crashes can be simulated. */
class FakeProcess extends EventEmitter {
  connected = true;
  exitCode: number | null = null;
  signalCode: string | null = null;
  readonly sent: { type: string; id: number }[] = [];

  send(message: { type: string; id: number }): void {
    this.sent.push(message);
  }

  kill(signal: string): void {
    this.signalCode = signal;
    this.emit('exit', null, signal);
  }

  disconnect(): void {
    this.connected = false;
    this.exitCode = 0;
    this.emit('exit', 0, null);
  }
}

function harness() {
  const clock = new ManualClock();
  const children: FakeProcess[] = [];
  const downs: string[] = [];
  const engine = new EngineProcess({
    clock,
    events: {
      onReady: () => {},
      onDown: (_error: FirstwordError, during) => downs.push(during),
      onUnusable: () => {},
    },
    startProcess: () => {
      const child = new FakeProcess();
      children.push(child);
      return child as unknown as ChildProcess;
    },
  });
  return { clock, children, downs, engine, last: () => children.at(-1)! };
}

const CLIP = { samples: new Int16Array(), draft: [] };
const DECODED = { type: 'decoded', text: 'hi', tokens: [1], decodeMs: 5, cancelled: false };

it('decodes once it is ready', async () => {
  const { engine, last } = harness();
  const ready = engine.ready();
  expect(engine.free).toBe(false);
  last().emit('message', { type: 'ready' });
  await ready;
  const decoding = engine.decode(CLIP);
  expect(engine.free).toBe(false);
  last().emit('message', { ...DECODED, id: last().sent[0]!.id });
  expect(await decoding).toMatchObject({ text: 'hi' });
  expect(engine.free).toBe(true);
});

it('restarts at once after a crash, then with growing delays', () => {
  const { engine, clock, children, last, downs } = harness();
  engine.start();
  last().kill('SIGSEGV');
  clock.advance(0);
  last().kill('SIGSEGV');
  clock.advance(249);
  expect(children.length).toBe(2);
  clock.advance(1);
  expect(children.length).toBe(3);
  expect(downs).toEqual(['start', 'start']);
});

it('rejects ready() if the process cannot start', async () => {
  const { engine, clock, last } = harness();
  const failed = expect(engine.ready()).rejects.toMatchObject({ code: 'worker_died' });
  for (let i = 0; i < 3; i++) {
    last().kill('SIGSEGV');
    clock.advance(5_000);
  }
  await failed;
});

it('kills a process that hangs on a clip, and fails that clip', async () => {
  const { engine, clock, last, downs } = harness();
  engine.start();
  last().emit('message', { type: 'ready' });
  const failed = expect(engine.decode(CLIP)).rejects.toMatchObject({ code: 'worker_died', retryable: true });
  clock.advance(15_000);
  await failed;
  expect(downs).toEqual(['work']);
});

it('does not restart after an invalid model file until ready() is called', async () => {
  const { engine, clock, children, last } = harness();
  const failed = expect(engine.ready()).rejects.toMatchObject({ code: 'model_file', message: 'damaged' });
  last().emit('message', { type: 'unusable', message: 'damaged' });
  await failed;
  clock.advance(60_000);
  expect(children.length).toBe(1);
  engine.start();
  expect(children.length).toBe(2);
});

it('leaves no timer and no process when it is closed', async () => {
  const { engine, clock, last } = harness();
  engine.start();
  last().emit('message', { type: 'ready' });
  const failed = expect(engine.decode(CLIP)).rejects.toMatchObject({ code: 'aborted' });
  await engine.close();
  await failed;
  expect(last().signalCode).toBe('SIGKILL');
  expect(clock.pendingTimers).toBe(0);
});
