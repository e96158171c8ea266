import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { watchCapacity } from './capacity.js';

/** Status values of LiveKit's worker protocol. */
const AVAILABLE = 0;
const FULL = 1;

function watched() {
  const event = new EventEmitter();
  const stop = new AbortController();
  const reported: string[] = [];
  watchCapacity(event, {
    onFull: (load) => reported.push(`full at ${load}`),
    onFree: () => reported.push('free'),
    signal: stop.signal,
  });
  const update = (status: number, load: number) =>
    event.emit('worker_msg', { message: { case: 'updateWorker', value: { status, load } } });
  return { event, stop, reported, update };
}

describe('watchCapacity', () => {
  it('reports each change once, and nothing for a worker that was never full', () => {
    const { reported, update } = watched();
    update(AVAILABLE, 0.25);
    expect(reported).toEqual([]);
    update(FULL, 0.75);
    update(FULL, 1);
    update(AVAILABLE, 0.5);
    update(FULL, 0.875);
    expect(reported).toEqual(['full at 0.75', 'free', 'full at 0.875']);
  });

  it('does not treat a stopping worker as full, and ignores other messages', () => {
    const { event, stop, reported, update } = watched();
    event.emit('worker_msg', { message: { case: 'ping', value: {} } });
    stop.abort();
    update(FULL, 1);
    expect(reported).toEqual([]);
  });
});
