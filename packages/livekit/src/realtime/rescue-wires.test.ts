import { describe, expect, it, vi } from 'vitest';
import { CASCADE_ANSWER, recorded, rescuedByCascade, turnWith, WAIT } from '../testing/rescue-rig.js';

/** Longer than a late answer would take to be heard. */
const afterwards = () => new Promise((resolve) => setTimeout(resolve, 6_000));

// Neither reports the end of a turn, nor that a response has begun.
describe.each(['gpt-live', 'gemini'] as const)('a silent response of %s', (wire) => {
  it('is asked for again, and the answer is the turn’s', async () => {
    const call = await turnWith({ kind: 'silent-generation' }, { wire });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', rescue: { by: 'model', isHeard: true } });
    expect(record.feltGapMs).toBeGreaterThan(0);
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    expect(call.said).toHaveLength(1);
  });

  it('is answered by an LLM, which is asked the caller’s words once', async () => {
    const call = await rescuedByCascade({ kind: 'silent-generation' }, { wire });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', rescue: { by: 'cascade', isHeard: true } });
    expect(call.said).toEqual([CASCADE_ANSWER]);
    const userTexts = call.model.asked[0]!.messages.flatMap(({ role, content }) =>
      role === 'user' ? [content] : [],
    );
    expect(userTexts).toEqual(['Are you open today?']);
  });

  it('is asked for again only once', async () => {
    const call = await turnWith({ kind: 'silent-generation' }, { wire, nth: [1, 2] });
    await vi.waitFor(() => expect(call.emulator.realtimeStats().responses).toBe(2), WAIT);
    await afterwards();
    expect(call.emulator.realtimeStats().responses).toBe(2);
    expect(call.said).toEqual([]);
  });
});

describe.each(['gpt-live', 'gemini'] as const)('a late answer of %s', (wire) => {
  const LATE = { kind: 'late-audio', delayMs: 5_000 } as const;

  it('is not heard after the model has been asked again', async () => {
    const call = await turnWith(LATE, { wire });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', rescue: { by: 'model', isHeard: true } });
    await afterwards();
    expect(call.said).toHaveLength(1);
    expect(call.records).toHaveLength(1);
  });

  it('is not heard after it was answered for', async () => {
    const call = await rescuedByCascade(LATE, { wire });
    const record = await recorded(call);
    // Gemini Live's plugin reports the caller's words when its answer ends: an LLM cannot answer without them.
    const by = wire === 'gemini' ? 'model' : 'cascade';
    expect(record).toMatchObject({ outcome: 'answered', rescue: { by, isHeard: true } });
    const playedMs = call.soundMs();
    await afterwards();
    expect(call.said).toHaveLength(1);
    if (by === 'cascade') expect(call.said).toEqual([CASCADE_ANSWER]);
    expect(call.soundMs()).toBe(playedMs);
    expect(call.records).toHaveLength(1);
  });
});
