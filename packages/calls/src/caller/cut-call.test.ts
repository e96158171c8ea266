import { expect, it } from 'vitest';
import type { Span } from '../tape/span.js';
import { callerTurns } from './cut-call.js';

const spans = (...edges: [startMs: number, endMs: number][]): Span[] =>
  edges.map(([startMs, endMs]) => ({ startMs, endMs }));

it('cuts a turn from the first speech after the agent’s to the last before it', () => {
  const agent = spans([0, 3000], [8000, 9000], [12_000, 13_000]);
  const caller = spans([4000, 5000], [5800, 7000], [10_000, 11_000]);
  expect(callerTurns(caller, agent)).toEqual(spans([4000, 7000], [10_000, 11_000]));
});

it('leaves out what the agent did not answer', () => {
  expect(callerTurns(spans([4000, 5000], [9000, 9500]), spans([0, 3000], [6000, 8000]))).toEqual(
    spans([4000, 5000]),
  );
  expect(callerTurns(spans([4000, 5000]), [])).toEqual([]);
});

it('begins anew after a pause in which the agent could have spoken', () => {
  expect(callerTurns(spans([1000, 2000], [4500, 6000]), spans([7000, 8000]))).toEqual(spans([4500, 6000]));
});

it('takes a backchannel of either side for no turn', () => {
  const agent = spans([0, 5000], [8000, 8300], [10_500, 12_000]);
  const caller = spans([2000, 2300], [6000, 10_000]);
  expect(callerTurns(caller, agent)).toEqual(spans([6000, 10_000]));
});

it('takes a knock on the line for no turn, on either side', () => {
  const agent = spans([0, 1000], [3000, 3100], [6000, 7000], [9000, 9900]);
  const caller = spans([1500, 2800], [4000, 5000], [8000, 8090]);
  expect(callerTurns(caller, agent)).toEqual(spans([1500, 5000]));
});

it('keeps a turn that the agent answers before it has ended', () => {
  expect(callerTurns(spans([1000, 4000]), spans([3800, 6000]))).toEqual(spans([1000, 4000]));
});
