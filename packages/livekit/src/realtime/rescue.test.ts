import type { RealtimeFault } from '@firstword/emulator/realtime';
import { voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import { AgentSession } from '../session/agent-session.js';
import type { FirstwordOptions } from '../session/firstword-options.js';
import { openRealtimeCall } from '../testing/realtime-rig.js';

const WAIT = { timeout: 8000, interval: 5 };

/** A turn whose first responses have this fault, with Firstword's session. */
async function turnWith(
  fault: RealtimeFault,
  script: { nth?: number[]; rescue?: FirstwordOptions['rescue'] } = {},
) {
  const { nth = [1], rescue = { afterMs: 150 } } = script;
  const said: string[] = [];
  const call = await openRealtimeCall({
    emulator: { faults: { rules: [{ fault, nth }] } },
    session: (model) => {
      const session = new AgentSession({
        llm: model,
        vad: null,
        aecWarmupDuration: null,
        turnHandling: { turnDetection: 'realtime_llm' },
        firstword: { rescue },
      });
      session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
        if (item.type === 'message' && item.role === 'assistant' && !item.interrupted) said.push(item.role);
      });
      return session;
    },
  });
  call.say();
  return { ...call, said };
}

const recorded = async (call: Awaited<ReturnType<typeof turnWith>>) => {
  await vi.waitFor(() => expect(call.records).toHaveLength(1), WAIT);
  return call.records[0]!;
};

describe('a realtime model that says nothing', () => {
  it.each([
    ['silent-generation', 1],
    ['silent-audio', 1],
    ['never-created', 0],
  ] as const)('is asked again after %s, and the answer is the turn’s', async (kind, silentResponses) => {
    const call = await turnWith({ kind });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', interrupted: false, rescue: { isHeard: true } });
    expect(record.realtime).toMatchObject({ silentResponses });
    expect(record.feltGapMs).toBeGreaterThan(0);
    expect(record.segments.map(({ name }) => name)).toContain('wait for the rescue');
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    expect(call.said).toHaveLength(1);
  });

  it('is not heard twice when the late answer comes', async () => {
    const call = await turnWith({ kind: 'late-audio', delayMs: 1500 });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', rescue: { isHeard: true } });
    expect(call.emulator.realtimeStats()).toMatchObject({ responses: 2, cancelled: 1 });
    expect(call.said).toHaveLength(1);
  });

  it('is asked again only once', async () => {
    const call = await turnWith({ kind: 'silent-generation' }, { nth: [1, 2] });
    const record = await recorded(call);
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { code: 'empty_answer' },
      rescue: { isHeard: false },
    });
    expect(call.emulator.realtimeStats().responses).toBe(2);
  });

  it('is not asked again if the user wants none of it, or after an error', async () => {
    const off = await recorded(await turnWith({ kind: 'silent-generation' }, { rescue: false }));
    expect(off).toMatchObject({ outcome: 'failed' });
    expect(off).not.toHaveProperty('rescue');
    const limited = await recorded(await turnWith({ kind: 'rate-limited' }));
    expect(limited).toMatchObject({ failure: { code: 'rate_limited' } });
    expect(limited).not.toHaveProperty('rescue');
  });

  it('has nothing to do with an answer that is heard', async () => {
    const record = await recorded(await turnWith({ kind: 'silent-generation' }, { nth: [9] }));
    expect(record).toMatchObject({ outcome: 'answered' });
    expect(record).not.toHaveProperty('rescue');
  });
});
