import { toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { FIRSTWORD_LEVERS, LIVEKIT_LEVERS } from './lever-set.js';
import { summaryOf } from './page-session.js';
import { TurnGroups } from './turn-groups.js';

function record(
  gapMs: number | undefined,
  llm: { provider: string; primary?: string } = { provider: 'groq' },
) {
  const attempt = (provider: string, reason: 'primary' | 'hedge') =>
    ({ provider, model: 'm', reason, outcome: 'cancelled', startedMs: 0 }) as const;
  return toTurnRecord({
    callId: 'call-1',
    turn: 1,
    at: '2026-11-22T10:00:00.000Z',
    marks: { speechEnded: 0, ...(gapMs === undefined ? {} : { firstAudible: gapMs }) },
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    llm: {
      provider: llm.provider,
      model: 'm',
      emulated: true,
      requests: 1,
      ...(llm.primary ? { attempts: [attempt(llm.primary, 'primary'), attempt(llm.provider, 'hedge')] } : {}),
    },
  });
}

describe('TurnGroups', () => {
  it('measures up to the answer, not up to the filler phrase before it', () => {
    const groups = new TurnGroups();
    groups.add({ ...record(400), bridge: { durationMs: 800, answerGapMs: 1300 } }, FIRSTWORD_LEVERS);
    groups.add({ ...record(400), bridge: { durationMs: 800 } }, FIRSTWORD_LEVERS);
    expect(groups.summary).toMatchObject([{ turns: 1, p50Ms: 1300 }]);
  });

  it('counts failed turns, and none of their apologies as an answer', () => {
    const groups = new TurnGroups();
    const apology = toTurnRecord({ ...record(400), outcome: 'apology' });
    groups.add(apology, FIRSTWORD_LEVERS);
    expect(summaryOf(groups, apology, FIRSTWORD_LEVERS)).toEqual({
      type: 'summary',
      levers: FIRSTWORD_LEVERS,
      turns: 0,
      failed: 1,
    });
    groups.add(record(900), FIRSTWORD_LEVERS);
    expect(groups.summary).toMatchObject([{ turns: 1, failed: 1, p50Ms: 900 }]);
  });

  it('separates turns by levers', () => {
    const groups = new TurnGroups();
    for (const ms of [1000, 1200, 1100]) groups.add(record(ms), LIVEKIT_LEVERS);
    groups.add(record(600), FIRSTWORD_LEVERS);
    expect(groups.summary).toEqual([
      {
        levers: LIVEKIT_LEVERS,
        llm: 'groq / m',
        emulated: true,
        turns: 3,
        failed: 0,
        p50Ms: 1100,
        p95Ms: 1190,
      },
      {
        levers: FIRSTWORD_LEVERS,
        llm: 'groq / m',
        emulated: true,
        turns: 1,
        failed: 0,
        p50Ms: 600,
        p95Ms: 600,
      },
    ]);
  });

  it('separates turns by LLM, so that its speed is not credited to the levers', () => {
    const groups = new TurnGroups();
    groups.add(record(600), FIRSTWORD_LEVERS);
    groups.add(record(900, { provider: 'openai' }), FIRSTWORD_LEVERS);
    expect(groups.summary.map((g) => g.llm)).toEqual(['groq / m', 'openai / m']);
  });

  it('counts a turn that the backup won for the LLM that was asked first', () => {
    const groups = new TurnGroups();
    const levers = { ...FIRSTWORD_LEVERS, backup: true };
    groups.add(record(900, { provider: 'openai' }), levers);
    groups.add(record(600, { provider: 'groq', primary: 'openai' }), levers);
    expect(groups.summary).toMatchObject([{ llm: 'openai / m', turns: 2 }]);
  });

  it('ignores turns without a felt gap', () => {
    const groups = new TurnGroups();
    groups.add(record(undefined), LIVEKIT_LEVERS);
    expect(groups.summary).toEqual([]);
  });

  it('gives the headline figures of one setting alone, however often the levers are switched', () => {
    const groups = new TurnGroups();
    const said: [number, typeof LIVEKIT_LEVERS][] = [
      [1000, LIVEKIT_LEVERS],
      [300, FIRSTWORD_LEVERS],
      [1200, LIVEKIT_LEVERS],
      [500, FIRSTWORD_LEVERS],
    ];
    const headlines = said.map(([gapMs, levers]) => {
      groups.add(record(gapMs), levers);
      return summaryOf(groups, record(gapMs), levers);
    });
    expect(headlines.map(({ levers, turns, p50Ms }) => [levers, turns, p50Ms])).toEqual([
      [LIVEKIT_LEVERS, 1, 1000],
      [FIRSTWORD_LEVERS, 1, 300],
      [LIVEKIT_LEVERS, 2, 1100],
      [FIRSTWORD_LEVERS, 2, 400],
    ]);
    const other = summaryOf(groups, record(900, { provider: 'openai' }), LIVEKIT_LEVERS);
    expect(other).toEqual({ type: 'summary', levers: LIVEKIT_LEVERS, turns: 0, failed: 0 });
  });
});
