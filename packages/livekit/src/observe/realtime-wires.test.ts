import { llm, voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import { openRealtimeCall, type RealtimeCallScript } from '../testing/realtime-rig.js';

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const recorded = async (script: RealtimeCallScript) => {
  const call = await openRealtimeCall(script);
  // GPT-Live hears nothing before its session has started.
  await until(() => expect(call.emulator.realtimeStats().connections).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve, 200));
  call.say();
  await until(() => expect(call.records).toHaveLength(1));
  return call.records[0]!;
};
const namesOf = (record: { segments: readonly { name: string }[] }) =>
  record.segments.map(({ name }) => name);

describe('the record of a turn through xAI', () => {
  it('has one segment up to the end of the turn, which xAI reports without a position', async () => {
    const record = await recorded({ wire: 'xai' });
    expect(record.outcome).toBe('answered');
    expect(record.segments[0]).toMatchObject({
      name: 'provider end of turn',
      owner: { kind: 'setting', name: 'turnDetection.silence_duration_ms' },
    });
    expect(record.llm).toMatchObject({
      model: 'grok-voice-think-fast-1.0',
      emulated: true,
      profile: 'instant',
    });
    expect(record.realtime).toMatchObject({ responses: 1, turnDetection: 'server_vad' });
  });
});

describe.each([
  ['gpt-live', 'gpt-live-1', /^127\.0\.0\.1/],
  ['gemini', 'gemini-2.5-flash-native-audio-preview-12-2025', /^google$/],
] as const)('the record of a turn through %s', (wire, model, provider) => {
  it('says that the end of the turn was not reported, and divides the whole gap', async () => {
    const record = await recorded({ wire });
    expect(record.outcome).toBe('answered');
    expect(record.realtime).toMatchObject({ responses: 1, silentResponses: 0, isTurnEndReported: false });
    expect(record.realtime).not.toHaveProperty('turnDetection');
    expect(namesOf(record)[0]).toBe('provider end of turn and first output');
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    const sum = record.segments.reduce((total, { durationMs }) => total + durationMs, 0);
    expect(sum).toBeCloseTo(record.feltGapMs!, 3);
    expect(record.llm).toMatchObject({ model, emulated: true, profile: 'instant' });
    expect(record.llm!.provider).toMatch(provider);
  });

  it('has the tools on its path, in one turn', async () => {
    const execute = async () => 'Today is the soup.';
    const tools = [llm.tool({ name: 'special', description: 'The special of the day.', execute })];
    const record = await recorded({
      wire,
      agent: new voice.Agent({ instructions: 'x', tools }),
      emulator: {
        answers: ({ messages }) =>
          messages.at(-1)?.role === 'tool'
            ? 'It is the soup.'
            : { text: '', toolCalls: [{ id: 'call_1', name: 'special', arguments: '{}' }] },
      },
    });
    expect(record).toMatchObject({ outcome: 'answered', toolCalls: 1, realtime: { responses: 2 } });
    expect(namesOf(record)).toEqual(expect.arrayContaining(['tools', 'model after tools']));
    // GPT-Live's metrics are of its backend, and have no times.
    expect(record.marks).not.toHaveProperty('llmRequested');
  });
});

describe('the record of a silent response', () => {
  it('of Gemini Live is that of a failed turn', async () => {
    const faults = { rules: [{ fault: { kind: 'silent-generation' as const } }] };
    const record = await recorded({ wire: 'gemini', emulator: { faults } });
    expect(record).toMatchObject({ outcome: 'failed', failure: { part: 'llm', code: 'empty_answer' } });
    expect(record.realtime).toMatchObject({ responses: 1, silentResponses: 1, isTurnEndReported: false });
  });
});
