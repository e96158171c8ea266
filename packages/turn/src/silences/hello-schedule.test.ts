import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HELLO_MARKS, type HelloMarkName } from './hello.js';
import { helloScheduleOf, helloTimesOf } from './hello-schedule.js';

const anyMarks = fc.dictionary(
  fc.constantFrom(...HELLO_MARKS),
  fc.integer({ min: -5000, max: 5000 }),
) as fc.Arbitrary<Partial<Record<HelloMarkName, number>>>;

it('gives every recorded mark its recorded time', () => {
  fc.assert(
    fc.property(anyMarks, (marks) => {
      expect(Object.fromEntries(helloTimesOf(helloScheduleOf(marks)))).toEqual({ ...marks });
    }),
  );
});

it('lets what follows come earlier when a step is shorter, as far as other work allows', () => {
  const schedule = helloScheduleOf({
    callerArrived: 0,
    jobStarted: 100,
    roomConnected: 300,
    modelsRequested: 110,
    modelsLoaded: 900,
    sessionStarted: 920,
    firstAudible: 1200,
  });
  const dependencies = new Map(schedule.dependencies);
  dependencies.set('modelsLoaded', [{ from: 'modelsRequested', lagMs: 0 }]);
  const times = helloTimesOf({ ...schedule, dependencies });
  // The room was connected at 300: the session waits for it instead, and the entry takes as long as it did after the models.
  expect(times.get('sessionStarted')).toBe(300 + 20);
  expect(times.get('firstAudible')).toBe(320 + 280);
});

it('has no cycle where two marks that may wait for each other share a moment', () => {
  const schedule = helloScheduleOf({
    callerArrived: 0,
    roomConnected: 50,
    sessionStarted: 50,
    firstAudible: 90,
  });
  const waits = (mark: HelloMarkName) => schedule.dependencies.get(mark)!.map(({ from }) => from);
  expect(waits('roomConnected')).not.toContain('sessionStarted');
  expect(waits('sessionStarted')).toContain('roomConnected');
});
