import { ManualClock } from '@firstword/turn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAudioFrame } from './audio-frame.js';
import { backoffMs } from './backoff.js';
import { type ConnectionStatus, type SocketLike, StudioConnection } from './connection.js';

class FakeSocket implements SocketLike {
  binaryType: BinaryType = 'blob';
  readyState: SocketLike['readyState'] = 0;
  onopen: SocketLike['onopen'] = null;
  onclose: SocketLike['onclose'] = null;
  onmessage: SocketLike['onmessage'] = null;
  readonly sent: unknown[] = [];

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, {} as never);
  }

  drop(): void {
    this.readyState = 3;
    this.onclose?.call(this as never, {} as never);
  }

  receive(data: unknown): void {
    this.onmessage?.call(this as never, { data } as never);
  }
}

function setUp() {
  const clock = new ManualClock();
  const sockets: FakeSocket[] = [];
  const statuses: ConnectionStatus[] = [];
  const received: unknown[] = [];
  const connection = new StudioConnection({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    handlers: {
      onStatus: (status) => statuses.push(status),
      onMessage: (message) => received.push(message),
      onAudio: (frame) => received.push(frame),
    },
    schedule: (delayMs, fn) => clock.schedule(delayMs, fn),
    random: () => 0,
  });
  connection.open();
  return { clock, sockets, statuses, received, connection };
}

describe('backoffMs', () => {
  it('is between half and all of the step, and never above 8 s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const ms = backoffMs(attempt, random);
          expect(ms).toBeGreaterThanOrEqual(150);
          expect(ms).toBeLessThanOrEqual(8_000);
        },
      ),
    );
  });

  it('doubles', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, 0))).toEqual([
      300, 600, 1_200, 2_400, 4_800, 8_000, 8_000,
    ]);
  });
});

describe('StudioConnection', () => {
  it('reconnects after a disconnect, with increasing delays, and reports it', () => {
    const { clock, sockets, statuses } = setUp();
    sockets[0]!.accept();
    sockets[0]!.drop();
    clock.advance(300);
    sockets[1]!.drop();
    clock.advance(600);
    sockets[2]!.accept();
    expect(statuses).toEqual([
      { state: 'connecting' },
      { state: 'open' },
      { state: 'waiting', attempt: 1, retryInMs: 300 },
      { state: 'connecting' },
      { state: 'waiting', attempt: 2, retryInMs: 600 },
      { state: 'connecting' },
      { state: 'open' },
    ]);
  });

  it('starts with the shortest delay again after it was open', () => {
    const { clock, sockets, statuses } = setUp();
    sockets[0]!.drop();
    clock.advance(300);
    sockets[1]!.accept();
    sockets[1]!.drop();
    expect(statuses.at(-1)).toEqual({ state: 'waiting', attempt: 1, retryInMs: 300 });
  });

  it('retries at once on request, and cancels the pending retry', () => {
    const { clock, sockets, connection } = setUp();
    sockets[0]!.drop();
    connection.open();
    clock.advance(60_000);
    expect(sockets).toHaveLength(2);
  });

  it('stays closed once closed', () => {
    const { clock, sockets, connection } = setUp();
    sockets[0]!.drop();
    connection.close();
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sends nothing while it is not open', () => {
    const { sockets, connection } = setUp();
    connection.send({ type: 'stop' });
    sockets[0]!.accept();
    connection.send({ type: 'clock', atMs: 5 });
    expect(sockets[0]!.sent).toEqual(['{"type":"clock","atMs":5}']);
  });

  it('delivers messages and audio, and ignores invalid ones', () => {
    const { sockets, received } = setUp();
    const frame = { kind: 'agent', value: 3, pcm: Int16Array.of(1, 2) } as const;
    sockets[0]!.receive('{"type":"clear"}');
    sockets[0]!.receive('nonsense');
    sockets[0]!.receive(new ArrayBuffer(3));
    sockets[0]!.receive(encodeAudioFrame(frame));
    expect(received).toEqual([{ type: 'clear' }, frame]);
  });
});
