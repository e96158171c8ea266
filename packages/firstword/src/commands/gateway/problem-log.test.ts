import type { AnsweredRequest } from '@firstword/gateway';
import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import type { LogLevel } from './options.js';
import { ProblemLog } from './problem-log.js';

type Trace = NonNullable<AnsweredRequest['trace']>;
const attempt = (model: string, outcome: string, error?: string) => ({
  provider: 'p',
  model,
  reason: 'primary',
  outcome,
  startedMs: 0,
  ...(error ? { error } : {}),
});

function answered(fields: Partial<AnsweredRequest>, attempts: object[] = []): AnsweredRequest {
  return {
    id: 'x',
    dialect: 'openai-chat',
    route: 'a',
    status: 200,
    outcome: 'finished',
    stream: true,
    trace: { attempts, requests: attempts.length } as unknown as Trace,
    receivedMs: 0,
    answeredMs: 1_250,
    endedMs: 2_000,
    traceparent: undefined,
    ...fields,
  };
}

function logAt(level: LogLevel) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = new ProblemLog({ level, clock, write: (line) => lines.push(line.slice(9)) });
  return { clock, lines, log };
}

const FAILED = answered({}, [attempt('one', 'failed', 'auth'), attempt('two', 'won')]);

it('tells a problem of one kind once a minute, with how often it happened', () => {
  const { clock, lines, log } = logAt('problems');
  for (let times = 0; times < 5; times += 1) log.answered(FAILED);
  log.answered(answered({}, [attempt('one', 'failed', 'timeout'), attempt('two', 'won')]));
  clock.advance(60_000);
  log.answered(FAILED);
  expect(lines).toEqual([
    'route a: p one failed (auth); the request was answered by p two\n',
    'route a: p one failed (timeout); the request was answered by p two\n',
    'route a: p one failed (auth); the request was answered by p two (and 4 times since it was last told)\n',
  ]);
});

it('tells failed requests, and of refused ones only what the operator can change', () => {
  const { lines, log } = logAt('problems');
  log.answered(answered({ outcome: 'failed', error: 'timeout', status: 504 }, [attempt('one', 'cancelled')]));
  log.answered(
    answered({ outcome: 'failed', error: 'bad_input', status: 400, trace: undefined, route: undefined }),
  );
  log.answered(answered({ outcome: 'failed', error: 'rate_limited', status: 429, trace: undefined }));
  log.answered(answered({ outcome: 'cancelled' }));
  expect(lines).toEqual([
    'route a: a request failed (timeout), status 504\n',
    'route a: a request failed (rate_limited), status 429\n',
  ]);
});

it('tells every request, or nothing', () => {
  const requests = logAt('requests');
  requests.log.answered(FAILED);
  expect(requests.lines[1]).toBe(
    'a openai-chat 200: answered by p two, first byte after 1.25 s, ended after 2.00 s, 2 requests sent\n',
  );
  const off = logAt('off');
  off.log.answered(FAILED);
  off.log.tell('anything');
  expect(off.lines).toEqual([]);
});
