import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { watchCapacity } from './capacity.js';

/** LiveKit's protocol. */
const AVAILABLE = 0;
const FULL = 1;

function watched() {
  const event = new EventEmitter();
  const stop = new AbortController();
  const told: string[] = [];
  watchCapacity(event, {
    onFull: (load) => told.push(`full at ${load}`),
    onFree: () => told.push('free'),
    signal: stop.signal,
  });
  const update = (status: number, load: number) =>
    event.emit('worker_msg', { message: { case: 'updateWorker', value: { status, load } } });
  return { event, stop, told, update };
}

describe('watchCapacity', () => {
  it('tells each change once, and nothing of a worker that was never full', () => {
    const { told, update } = watched();
    update(AVAILABLE, 0.25);
    expect(told).toEqual([]);
    update(FULL, 0.75);
    update(FULL, 1);
    update(AVAILABLE, 0.5);
    update(FULL, 0.875);
    expect(told).toEqual(['full at 0.75', 'free', 'full at 0.875']);
  });

  it('takes a worker that stops for no full one, and leaves other messages alone', () => {
    const { event, stop, told, update } = watched();
    event.emit('worker_msg', { message: { case: 'ping', value: {} } });
    stop.abort();
    update(FULL, 1);
    expect(told).toEqual([]);
  });
});
