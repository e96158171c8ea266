import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { SpeculativeLimit } from './speculative-limit.js';

const piece = (text: string) => ({ text, kind: 'sentence' as const, readyMs: 0 });
const settle = () => new Promise((resolve) => setImmediate(resolve));

function rig() {
  const clock = new ManualClock();
  const stop = new AbortController();
  let commit = () => {};
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const limit = new SpeculativeLimit({ committed, signal: stop.signal, clock });
  const passed: string[] = [];
  const ask = (text: string) => void limit.pass(piece(text)).then(() => passed.push(text));
  return { clock, stop, commit, limit, passed, ask };
}

describe('SpeculativeLimit', () => {
  it('passes about a second of speech, and the rest at the commit', async () => {
    const { ask, passed, commit, clock } = rig();
    for (const text of ['Sure.', 'We open at noon.', 'And close at ten.']) ask(text);
    await settle();
    expect(passed).toEqual(['Sure.', 'We open at noon.']);
    commit();
    await settle();
    expect(passed).toHaveLength(3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes a clause again if it is retried', async () => {
    const { limit } = rig();
    const first = piece('We open at noon every day.');
    await limit.pass(first);
    await limit.pass(first);
  });

  it.each<[string, (r: ReturnType<typeof rig>) => void]>([
    ['is stopped', ({ stop }) => stop.abort()],
    ['has seen no commit for 4 s', ({ clock }) => clock.advance(4000)],
  ])('passes everything when it %s', async (_name, end) => {
    const made = rig();
    made.ask('We open at noon every day.');
    made.ask('And close at ten.');
    await settle();
    expect(made.passed).toHaveLength(1);
    end(made);
    await settle();
    expect(made.passed).toHaveLength(2);
    expect(made.clock.pendingTimers).toBe(0);
  });
});
