import { FirstwordError } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import type { DecodeEngine } from './engine.js';
import type { Decoded } from './protocol.js';
import { type DecodeSource, mostUrgent, Scheduler, shouldYield, URGENCY, type Urgency } from './scheduler.js';

const DECODED: Decoded = {
  text: 'hello',
  tokens: [1],
  endConfidence: 1,
  decodeMs: 1,
  cancelled: false,
};

/** An engine that finishes on request. */
function manualEngine() {
  let finish: ((outcome: Decoded | Error) => void) | undefined;
  const engine = {
    cancels: 0,
    get free() {
      return finish === undefined;
    },
    decode: () =>
      new Promise<Decoded>((resolve, reject) => {
        finish = (outcome) => {
          finish = undefined;
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        };
      }),
    cancel: () => {
      engine.cancels += 1;
    },
    async finish(outcome: Decoded | Error = DECODED) {
      finish?.(outcome);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
  return engine satisfies DecodeEngine;
}

/** A source that wants one decode. */
function source(name: string, urgency: Urgency, log: string[]): DecodeSource & { wanted: boolean } {
  const self = {
    wanted: true,
    wants: () => (self.wanted ? urgency : undefined),
    take: () => {
      self.wanted = false;
      log.push(`start ${name}`);
      return {
        request: { samples: new Int16Array(), draft: [] },
        running: {
          urgency,
          done: () => void log.push(`done ${name}`),
          failed: () => void log.push(`failed ${name}`),
        },
      };
    },
  };
  return self;
}

describe('one engine shared by many sources', () => {
  it('serves finals, then pauses, then interims', async () => {
    const log: string[] = [];
    const engine = manualEngine();
    const scheduler = new Scheduler(engine);
    for (const name of ['interim', 'pause', 'final'] as const)
      scheduler.add(source(name, URGENCY[name], log));
    scheduler.nudge();
    for (let i = 0; i < 3; i++) await engine.finish();
    expect(log.filter((line) => line.startsWith('start'))).toEqual([
      'start final',
      'start pause',
      'start interim',
    ]);
  });

  it('alternates between equals', async () => {
    const log: string[] = [];
    const engine = manualEngine();
    const scheduler = new Scheduler(engine);
    const [a, b] = [source('a', URGENCY.interim, log), source('b', URGENCY.interim, log)];
    scheduler.add(a);
    scheduler.add(b);
    scheduler.nudge();
    for (let i = 0; i < 3; i++) {
      a.wanted = true;
      b.wanted = true;
      await engine.finish();
    }
    expect(log.filter((line) => line.startsWith('start'))).toEqual([
      'start a',
      'start b',
      'start a',
      'start b',
    ]);
  });

  it('stops an interim, once, for a final', () => {
    const log: string[] = [];
    const engine = manualEngine();
    const scheduler = new Scheduler(engine);
    scheduler.add(source('interim', URGENCY.interim, log));
    scheduler.nudge();
    scheduler.add(source('final', URGENCY.final, log));
    scheduler.nudge();
    scheduler.nudge();
    expect(engine.cancels).toBe(1);
  });

  it('continues after a failure', async () => {
    const log: string[] = [];
    const engine = manualEngine();
    const scheduler = new Scheduler(engine);
    scheduler.add(source('a', URGENCY.final, log));
    scheduler.add(source('b', URGENCY.final, log));
    scheduler.nudge();
    await engine.finish(new FirstwordError('worker_died', 'gone'));
    expect(log).toEqual(['start a', 'failed a', 'start b']);
  });
});

it('lets only interims be stopped', () => {
  expect(shouldYield(URGENCY.interim, URGENCY.pause)).toBe(true);
  expect(shouldYield(URGENCY.pause, URGENCY.final)).toBe(false);
  expect(shouldYield(URGENCY.interim, URGENCY.interim)).toBe(false);
});

it('chooses no source if none wants a decode', () => {
  expect(mostUrgent([])).toBeUndefined();
});
