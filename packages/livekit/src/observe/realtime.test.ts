import { llm, voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import { openRealtimeCall, type RealtimeCallScript } from '../testing/realtime-rig.js';

const recorded = async (script: RealtimeCallScript = {}) => {
  const call = await openRealtimeCall(script);
  call.say();
  await vi.waitFor(() => expect(call.records).toHaveLength(1), { timeout: 8000, interval: 5 });
  return call.records[0]!;
};
const withFault = (kind: 'silent-generation' | 'silent-audio' | 'rate-limited') =>
  recorded({ emulator: { faults: { rules: [{ fault: { kind } }] } } });

describe('the record of a turn that a realtime model answers', () => {
  it('divides the whole gap, names the setting and the model, and counts tokens', async () => {
    const record = await recorded();
    expect(record.outcome).toBe('answered');
    expect(record.segments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['provider turn detection', 'model first audio']),
    );
    expect(record.segments[0]!.owner).toEqual({ kind: 'setting', name: 'turnDetection.silence_duration_ms' });
    expect(record.settings).toMatchObject({ 'turnDetection.silence_duration_ms': 500 });
    const sum = record.segments.reduce((total, { durationMs }) => total + durationMs, 0);
    expect(sum).toBeCloseTo(record.feltGapMs!, 3);
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    expect(record.llm).toMatchObject({
      model: 'gpt-realtime',
      emulated: true,
      profile: 'instant',
      requests: 1,
    });
    expect(record.realtime).toMatchObject({ responses: 1, silentResponses: 0, turnDetection: 'server_vad' });
    expect(record.realtime!.tokens!.audioInputTokens).toBeGreaterThan(5);
  });

  it.each([
    ['silent-generation', 'empty_answer', 1],
    ['silent-audio', 'no_audio', 1],
    ['rate-limited', 'rate_limited', 0],
  ] as const)('of %s has failed, and has no gap', async (kind, code, silentResponses) => {
    const record = await withFault(kind);
    expect(record).toMatchObject({ outcome: 'failed', failure: { part: 'llm', code } });
    expect(record.realtime).toMatchObject({ responses: 1, silentResponses });
    expect(record).not.toHaveProperty('feltGapMs');
  });

  it('has the tools on its path', async () => {
    const execute = async () => 'Today is the soup.';
    const tools = [llm.tool({ name: 'special', description: 'The special of the day.', execute })];
    const record = await recorded({
      agent: new voice.Agent({ instructions: 'x', tools }),
      emulator: {
        answers: ({ messages }) =>
          messages.at(-1)?.role === 'tool'
            ? 'It is the soup.'
            : { text: '', toolCalls: [{ id: 'call_1', name: 'special', arguments: '{}' }] },
      },
    });
    expect(record).toMatchObject({ outcome: 'answered', toolCalls: 1, realtime: { responses: 2 } });
    expect(record.segments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tools', 'model after tools']),
    );
  });

  it('has the words of both sides if they are wanted', async () => {
    const record = await recorded({ transcripts: true });
    expect(record.transcript?.agent).toContain('we are open');
  });
});

it('has the model’s own time in the time to hello of a greeting that it speaks', async () => {
  const call = await openRealtimeCall();
  call.session.generateReply({ instructions: 'Greet the caller.' });
  await vi.waitFor(() => expect(call.calls).toHaveLength(1), { timeout: 8000, interval: 5 });
  const [record] = call.calls;
  expect(record).toMatchObject({ greeting: 'generated', llm: { model: 'gpt-realtime' } });
  const generation = record!.segments.find(({ name }) => name === 'LLM first content');
  expect(generation!.owner).toEqual({ kind: 'provider', name: record!.llm!.provider });
  expect(record!.segments.map(({ name }) => name)).not.toContain('audio hand-off');
  expect(record!.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(
    record!.helloMs!,
    3,
  );
});
