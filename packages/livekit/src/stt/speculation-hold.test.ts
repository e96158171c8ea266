import { ManualClock } from '@firstword/turn';
import { beforeEach, expect, it, vi } from 'vitest';
import { SpeculationHold } from './speculation-hold.js';

const WORDS = 'I would like a table.';

let clock: ManualClock;
/** When the turn is committed, clock, ms; `undefined`: not decided. */
let commitAtMs: number | undefined;
let answerMs: number | undefined;
let decides: boolean;
let isCallerSpeaking: boolean;
let hold: SpeculationHold;

beforeEach(() => {
  clock = new ManualClock({ nowMs: 1000 });
  [commitAtMs, answerMs, decides, isCallerSpeaking] = [undefined, 300, true, false];
  hold = new SpeculationHold({
    clock,
    decides: () => decides,
    commitInMs: () => (commitAtMs === undefined ? undefined : commitAtMs - clock.nowMs()),
    answerMs: () => answerMs,
    isCallerSpeaking: () => isCallerSpeaking,
  });
});

/** Starts a speculation: the next ones of the turn are held. */
function startOne(): void {
  hold.gate(WORDS, () => {});
}

it('starts the first speculation of a turn at once', () => {
  const start = vi.fn();
  commitAtMs = clock.nowMs() + 900;
  hold.gate(WORDS, start);
  expect(start).toHaveBeenCalledTimes(1);
  expect(clock.pendingTimers).toBe(0);
});

it('starts the second when its answer is needed for the commit', () => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  const start = vi.fn();
  hold.gate(WORDS, start);
  clock.advance(599);
  expect(start).not.toHaveBeenCalled();
  clock.advance(1);
  expect(start).toHaveBeenCalledTimes(1);
  clock.advance(2000);
  expect(start).toHaveBeenCalledTimes(1);
});

it('starts it earlier when the end becomes likelier meanwhile', () => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  const start = vi.fn();
  hold.gate(WORDS, start);
  clock.advance(64);
  commitAtMs = clock.nowMs() + 250;
  clock.advance(32);
  expect(start).toHaveBeenCalledTimes(1);
});

it.each([
  [
    'the caller goes on',
    () => {
      commitAtMs = undefined;
      isCallerSpeaking = true;
    },
  ],
  ['it is dropped', () => hold.drop()],
  ['the turn is committed', () => hold.onCommit()],
])('does not start it once %s', (_, happens) => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  const start = vi.fn();
  hold.gate(WORDS, start);
  happens();
  clock.advance(2000);
  expect(start).not.toHaveBeenCalled();
  expect(clock.pendingTimers).toBe(0);
});

it('starts newer words in the place of held ones', () => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  const [older, newer] = [vi.fn(), vi.fn()];
  hold.gate(WORDS, older);
  hold.gate(WORDS, newer);
  clock.advance(2000);
  expect(older).not.toHaveBeenCalled();
  expect(newer).toHaveBeenCalledTimes(1);
});

it('starts words that come at the beginning of a pause once the pause is decided about', () => {
  startOne();
  isCallerSpeaking = true;
  const start = vi.fn();
  hold.gate(WORDS, start);
  clock.advance(100);
  commitAtMs = clock.nowMs() + 200;
  clock.advance(32);
  expect(start).toHaveBeenCalledTimes(1);
});

it('starts nothing on words that come while the caller speaks, and at once where the commit follows', () => {
  startOne();
  isCallerSpeaking = true;
  const start = vi.fn();
  hold.gate(WORDS, start);
  clock.advance(1000);
  commitAtMs = clock.nowMs();
  clock.advance(1000);
  expect(start).not.toHaveBeenCalled();
  commitAtMs = undefined;
  isCallerSpeaking = false;
  hold.gate(WORDS, start);
  expect(start).toHaveBeenCalledTimes(1);
});

it.each([
  ['no answer was timed yet', () => (answerMs = undefined)],
  ['nothing decides when the turn is committed', () => (decides = false)],
])('holds nothing while %s', (_, happens) => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  happens();
  const start = vi.fn();
  hold.gate(WORDS, start);
  expect(start).toHaveBeenCalledTimes(1);
  expect(hold.waitMs(WORDS)).toBe(0);
});

it('counts anew after a commit, and goes on counting when the turn goes on', () => {
  startOne();
  commitAtMs = clock.nowMs() + 900;
  expect(hold.waitMs(WORDS)).toBeGreaterThan(0);
  hold.onCommit();
  expect(hold.waitMs(WORDS)).toBe(0);
  hold.onReopened();
  expect(hold.waitMs(WORDS)).toBeGreaterThan(0);
});

it('starts the fourth at the commit', () => {
  commitAtMs = clock.nowMs();
  for (let i = 0; i < 3; i++) startOne();
  commitAtMs = clock.nowMs() + 900;
  const start = vi.fn();
  hold.gate(WORDS, start);
  clock.advance(899);
  expect(start).not.toHaveBeenCalled();
  clock.advance(1);
  expect(start).toHaveBeenCalledTimes(1);
});

it('asks to be asked again soon while nothing is decided', () => {
  startOne();
  expect(hold.waitMs(WORDS)).toBe(32);
});
