import { expect, it } from 'vitest';
import { eventOfLog } from './log-line.js';

const kindOf = (line: string) => eventOfLog(line, JSON.parse(line), 'a.log:1')?.kind;
const log = (msg: string, more: object = {}) => JSON.stringify({ level: 40, ...more, msg });

it.each([
  ['VAD inference is slower than realtime', 'slow inference'],
  ['process not scheduled; the host did not run the agent for the whole stall', 'process not scheduled'],
  ['process is unresponsive', 'process unresponsive'],
  ['job executor is unresponsive', 'process unresponsive'],
  ['event loop stalled; either synchronous work on the agent loop or the host', 'event loop blocked'],
  ['event loop blocked; synchronous work on the agent loop delays audio', 'event loop blocked'],
  ['failed to synthesize speech: connection reset, retrying in 2.0s', 'tts retried'],
  ['failed to generate LLM completion, retrying in 2000ms', 'llm retried'],
  ['failed to recognize speech, retrying in 100ms', 'stt retried'],
  ['Error code: 429 - insufficient_quota', 'quota used up'],
  ['Your credit balance is too low to access the API', 'quota used up'],
  ['Error code: 429 - Rate limit reached', 'rate limited'],
  [
    'preemptive generation invalidated after `on_user_turn_completed` because the transcript changed',
    'speculation discarded',
  ],
  ['cloud turn detector failed (timeout); falling back to local mini model', 'detector failed'],
  ['livekit turn detector connection failed: reset, retrying in 1s', 'detector failed'],
  ['transcript arrives after turn has been committed. consider raising `min_delay`', 'late transcript'],
  ['turn detection transport latency is too high: 826ms', 'detector late'],
  ['failed to generate LLM completion after 4 attempts', 'llm failed'],
  ['AgentSession is closing due to an unrecoverable error', 'session closed'],
  ['websocket closed unexpectedly', 'reconnected'],
])('reads “%s” as %s', (msg, kind) => {
  expect(kindOf(log(msg))).toBe(kind);
});

it('reads no event in an ordinary line', () => {
  expect(kindOf(log('LLM metrics', { ttftMs: 429 }))).toBeUndefined();
  expect(kindOf(log('using preemptive generation'))).toBeUndefined();
});

it.each([
  [{}, 'failed to synthesize speech, retrying in 2.0s', 2000],
  [{}, 'failed to synthesize speech, retrying in 100ms', 100],
  [{ duration: 812.5, threshold: 100 }, 'event loop stalled', 812.5],
  [{ duration: 0.8, threshold: 0.1 }, 'event loop blocked', 800],
  [{ delay: 0.21 }, 'inference is slower than realtime', 210],
  [{ delay: 839 }, 'process is unresponsive', 839],
])('reads the duration of %o “%s”', (more, msg, ms) => {
  const line = log(msg, more);
  expect(eventOfLog(line, JSON.parse(line), 'a.log:1')!.ms).toBeCloseTo(ms);
});

it('reads the time, the call and the part', () => {
  const line = log('failed to synthesize speech, retrying in 2s', {
    time: 1767225600000,
    pid: 7,
    tts: 'a.TTS',
  });
  expect(eventOfLog(line, JSON.parse(line), 'a.log:1')).toEqual({
    kind: 'tts retried',
    place: 'a.log:1',
    atMs: 1767225600000,
    call: 'process 7',
    ms: 2000,
    subject: 'a.TTS',
  });
});

it('reads the error of a pretty-printed line from the fields below it', () => {
  const log = { msg: 'session failed', message: '404 The model `acme-1` does not exist' };
  expect(eventOfLog('[10:00:00] ERROR (7): session failed', log, 'a.log:1')).toMatchObject({
    kind: 'model refused',
    subject: 'acme-1',
  });
});
