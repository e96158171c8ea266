import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { patientExecutor } from './end-of-turn.js';
import { DEFAULT_ENDPOINTING, holdMs } from './endpointing.js';

const predicting = (probability: number) => ({
  doInference: async () => ({ probability, inferenceDurationMs: 5 }),
});

describe('holdMs', () => {
  it('holds nothing back when the end is sure', () => {
    expect(holdMs(0.6, DEFAULT_ENDPOINTING)).toBe(0);
  });

  it('waits as long as LiveKit does when it is only likely', () => {
    expect(holdMs(0.59, DEFAULT_ENDPOINTING)).toBe(76);
  });
});

describe('patientExecutor', () => {
  it('answers at once when the end is sure', async () => {
    const clock = new ManualClock();
    const executor = patientExecutor(predicting(0.9), { endpointing: DEFAULT_ENDPOINTING, clock });
    expect(await executor.doInference('eot', {})).toMatchObject({ probability: 0.9 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('holds an unsure answer until the wait is over, time of the inference included', async () => {
    const clock = new ManualClock();
    const executor = patientExecutor(
      {
        doInference: async () => {
          clock.advance(30);
          return { probability: 0.4, inferenceDurationMs: 30 };
        },
      },
      { endpointing: DEFAULT_ENDPOINTING, clock },
    );
    let answered = false;
    const answer = executor.doInference('eot', {}).then((result) => {
      answered = true;
      return result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(45);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    clock.advance(1);
    expect(await answer).toMatchObject({ probability: 0.4 });
  });
});
