import { expect, test } from 'vitest';
import { type FaultArm, runFaultTrial } from './fault-trial.js';

/** An arm that asks only one of the two models. */
const only = (which: 'primary' | 'backup'): FaultArm => ({
  name: which,
  async *ask(pair, signal) {
    const request = { messages: [{ role: 'user' as const, content: 'At what time do you open?' }] };
    for await (const event of pair[which].chat(request, { signal }))
      if (event.type === 'text') yield event.text;
  },
});

test('the fault affects the primary of every arm, and no backup', async () => {
  const trial = await runFaultTrial({
    case: { name: 'http 500', fault: { kind: 'http-error', status: 500 } },
    seed: 3,
    arms: [only('primary'), only('backup')],
    timeoutMs: 10_000,
  });
  expect(trial.expected).not.toBe('');
  expect(trial.arms.primary).toEqual({ text: '', end: 'failed' });
  expect(trial.arms.backup).toMatchObject({ text: trial.expected, end: 'ended' });
});
