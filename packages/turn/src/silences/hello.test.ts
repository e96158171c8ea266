import { expect, it } from 'vitest';
import { seededRandom } from '../statistics/index.js';
import { HELLO_MARKS, type HelloMarkName, type HelloMarks, helloBetween, helloLedger } from './hello.js';

const WARM: HelloMarks = {
  processStarted: -60_000,
  prewarmStarted: -59_000,
  prewarmEnded: -57_500,
  callerArrived: 0,
  jobStarted: 40,
  roomConnected: 140,
  sessionStarted: 145,
  sessionReady: 320,
  greetingRequested: 321,
  ttsRequested: 330,
  ttsFirstByte: 520,
  trackSubscribed: 400,
  framePublished: 530,
  firstAudible: 590,
};

const namesOf = (marks: HelloMarks) => helloLedger(marks).segments.map(({ name }) => name);

it('divides a warm time to hello, and shows what ran before the caller arrived as hidden', () => {
  const { helloMs, segments, hidden } = helloLedger(WARM, { ttsProvider: 'cartesia' });
  expect(helloMs).toBe(590);
  expect(segments.map(({ name, durationMs }) => [name, durationMs])).toEqual([
    ['dispatch', 40],
    ['room connection', 100],
    ['your entry', 5],
    ['session start', 175],
    ['your entry', 1],
    ['hand-off to the TTS', 9],
    ['TTS first byte', 190],
    ['audio hand-off', 10],
    ['leading silence', 60],
  ]);
  expect(segments.at(-1)!.owner).toEqual({ kind: 'provider', name: 'cartesia' });
  expect(hidden.map(({ name }) => name)).toEqual(['process start', 'prewarm', 'audio track']);
});

it('gives the start of a cold process its place', () => {
  const cold = {
    ...WARM,
    processStarted: 30,
    prewarmStarted: 900,
    prewarmEnded: 2_400,
    jobStarted: 2_410,
    roomConnected: 2_500,
    sessionStarted: 2_501,
    sessionReady: 2_700,
    greetingRequested: 2_701,
    ttsRequested: 2_702,
    ttsFirstByte: 2_900,
    framePublished: 2_910,
    firstAudible: 2_950,
  };
  expect(
    helloLedger(cold)
      .segments.slice(0, 4)
      .map(({ name, durationMs, owner }) => [name, durationMs, owner.kind]),
  ).toEqual([
    ['wait for a process', 30, 'setting'],
    ['process start', 870, 'app'],
    ['prewarm', 1_500, 'setting'],
    ['job start', 10, 'app'],
  ]);
});

it('names the LLM of a generated greeting, and the models that are loaded in the call', () => {
  expect(namesOf({ ...WARM, llmRequested: 322, firstContent: 328 })).toContain('LLM first content');
  expect(namesOf({ ...WARM, modelsRequested: 141, modelsLoaded: 144 })).toContain('model loading');
});

it('names no segment for marks that are missing', () => {
  expect(helloLedger({ callerArrived: 0, framePublished: 900, firstAudible: 910 }).segments[0]).toMatchObject(
    {
      name: 'callerArrived to framePublished',
      owner: { kind: 'unaccounted' },
      durationMs: 900,
    },
  );
  expect(helloLedger({ firstAudible: 10 }).problem).toBe('the caller’s arrival was not seen');
  expect(helloLedger({ callerArrived: 10 }).problem).toBe('no audible greeting was seen');
  expect(helloLedger({ callerArrived: 10, firstAudible: 5 }).helloMs).toBeUndefined();
});

it('sums exactly, whatever marks there are and in whatever order they happened', () => {
  const random = seededRandom(1, 'hello');
  for (let trial = 0; trial < 2_000; trial++) {
    const marks: Partial<Record<HelloMarkName, number>> = {};
    for (const name of HELLO_MARKS) if (random.uniform() < 0.7) marks[name] = random.uniform() * 3_000 - 500;
    const { helloMs, segments } = helloLedger(marks);
    if (helloMs === undefined) continue;
    const microseconds = segments.reduce((sum, { durationMs }) => sum + Math.round(durationMs * 1000), 0);
    expect(microseconds).toBe(Math.round(helloMs * 1000));
    expect(segments.slice(1).map(({ fromMs }) => fromMs)).toEqual(
      segments.slice(0, -1).map(({ toMs }) => toMs),
    );
  }
});

it.each<[string, HelloMarks]>([
  ['a greeting', WARM],
  ['what the caller heard', { ...WARM, callerHeard: 700 }],
  ['no greeting', { ...WARM, firstAudible: undefined }],
  ['no arrival', { ...WARM, callerArrived: undefined }],
  ['a greeting before the arrival', { ...WARM, firstAudible: -5 }],
  ['an absurd mark', { ...WARM, firstAudible: 1e300 }],
])('helloBetween agrees with the ledger: %s', (_, marks) => {
  expect(helloBetween(marks)).toBe(helloLedger(marks).helloMs);
});
