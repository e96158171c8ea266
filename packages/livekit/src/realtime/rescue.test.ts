import { REALTIME_PROFILES } from '@firstword/emulator/realtime';
import { llm, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { describe, expect, it, vi } from 'vitest';
import { realtimeSessionOf } from '../internals/answer-llm.js';
import { FirstwordLLM } from '../llm/llm.js';
import { AgentSession } from '../session/agent-session.js';
import { CASCADE_ANSWER, recorded, rescuedByCascade, turnWith, WAIT } from '../testing/rescue-rig.js';
import { ScriptedModel } from '../testing/scripted.js';
import { PacedAudioOutput } from '../transport/audio-output.js';

/** The realtime model's conversation, as LiveKit's plugin knows it. */
const remembered = ({ session }: { session: voice.AgentSession }) =>
  realtimeSessionOf(session)!.chatCtx.items;
const answersIn = (items: readonly llm.ChatItem[]) =>
  items.flatMap((item) => (item.type === 'message' && item.role === 'assistant' ? [item.textContent] : []));

describe('a realtime model that says nothing', () => {
  it.each([
    ['silent-generation', 1],
    ['silent-audio', 1],
    ['no-audio', 1],
    ['never-created', 0],
    ['rate-limited', 0],
    ['server-error', 0],
  ] as const)('is asked again after %s, and the answer is the turn’s', async (kind, silentResponses) => {
    const call = await turnWith({ kind });
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', interrupted: false, rescue: { isHeard: true } });
    expect(record.realtime).toMatchObject({ silentResponses });
    expect(record.feltGapMs).toBeGreaterThan(0);
    expect(record.segments.map(({ name }) => name)).toContain('wait for the rescue');
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    // LiveKit takes words without audio for said. The model no longer has them.
    expect(call.said).toHaveLength(kind === 'no-audio' ? 2 : 1);
    await vi.waitFor(() => expect(answersIn(remembered(call))).toHaveLength(1), WAIT);
  });

  it('is not heard twice when the late answer comes', async () => {
    const call = await turnWith({ kind: 'late-audio', delayMs: 10_000 });
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

  it('is not asked again if the user wants none of it', async () => {
    const off = await recorded(await turnWith({ kind: 'silent-generation' }, { rescue: false }));
    expect(off).toMatchObject({ outcome: 'failed' });
    expect(off).not.toHaveProperty('rescue');
  });

  it('goes on where its audio has stopped, and the turn counts as cut short', async () => {
    const call = await turnWith({ kind: 'audio-stops', afterMs: 300 });
    const record = await recorded(call);
    expect(record).toMatchObject({
      outcome: 'cut_short',
      failure: { code: 'bad_stream' },
      interrupted: false,
      rescue: { reason: 'stopped', by: 'model', isHeard: true },
    });
    expect(record.marks.firstAudible).toBeGreaterThan(0);
    expect(call.said).toHaveLength(1);
  });

  it('asks the caller to repeat what was lost with a connection', async () => {
    // The words come later than the loss.
    const profile = { ...REALTIME_PROFILES.find(({ name }) => name === 'instant')!, transcriptMs: 60_000 };
    const call = await turnWith({ kind: 'reset' }, { profile });
    const record = await recorded(call);
    expect(record).toMatchObject({
      outcome: 'asked_again',
      failure: { part: 'llm', code: 'connect_failed' },
      rescue: { reason: 'connection_lost', by: 'repeat', isHeard: true },
    });
    expect(call.emulator.realtimeStats()).toMatchObject({ connections: 2 });
    expect(call.said).toHaveLength(1);
  });

  it('is asked again where it is silent after the results of tools', async () => {
    const execute = async () => 'Until eleven.';
    const tools = [llm.tool({ name: 'hours', description: 'The opening hours.', execute })];
    const call = await turnWith(
      { kind: 'silent-generation' },
      {
        nth: [2],
        agent: new voice.Agent({ instructions: 'x', tools }),
        answers: ({ messages }) =>
          messages.at(-1)?.role === 'tool'
            ? 'Until eleven.'
            : { text: '', toolCalls: [{ id: 'call_1', name: 'hours', arguments: '{}' }] },
      },
    );
    const record = await recorded(call);
    expect(record).toMatchObject({ outcome: 'answered', toolCalls: 1, rescue: { isHeard: true } });
    expect(call.said).toEqual(['Until eleven.']);
  });

  it('has nothing to do with an answer that is heard', async () => {
    const record = await recorded(await turnWith({ kind: 'silent-generation' }, { nth: [9] }));
    expect(record).toMatchObject({ outcome: 'answered' });
    expect(record).not.toHaveProperty('rescue');
  });
});

describe('a realtime model that an LLM and a TTS answer for', () => {
  it.each([
    ['silent-generation', 'empty'],
    ['no-audio', 'empty'],
    ['silent-audio', 'empty'],
    ['never-created', 'not_created'],
    ['rate-limited', 'failed'],
    ['server-error', 'failed'],
  ] as const)('is answered for after %s, from the same conversation', async (kind, reason) => {
    const call = await rescuedByCascade({ kind });
    const record = await recorded(call);
    expect(record).toMatchObject({
      outcome: 'answered',
      interrupted: false,
      rescue: { isHeard: true, reason, by: 'cascade', llm: { model: 'scripted-1' } },
    });
    expect(record.feltGapMs).toBeGreaterThan(0);
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    expect(call.said.at(-1)).toBe(CASCADE_ANSWER);
    const [request] = call.model.asked;
    expect(request!.messages.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'x'],
      ['user', 'Are you open today?'],
    ]);
    // The realtime model is told what was said in its place.
    await vi.waitFor(() => expect(answersIn(remembered(call))).toEqual([CASCADE_ANSWER]), WAIT);
  });

  it('is not heard as well when its late answer comes', async () => {
    const call = await rescuedByCascade({ kind: 'late-audio', delayMs: 10_000 });
    expect(await recorded(call)).toMatchObject({ outcome: 'answered', rescue: { by: 'cascade' } });
    expect(call.emulator.realtimeStats()).toMatchObject({ responses: 1, cancelled: 1 });
    expect(call.said).toEqual([CASCADE_ANSWER]);
  });

  it('needs a TTS, and says so at the start', async () => {
    const session = new AgentSession({
      llm: new openai.realtime.RealtimeModel({ apiKey: 'test-key', baseURL: 'http://127.0.0.1:1' }),
      firstword: { rescue: { llm: new FirstwordLLM(new ScriptedModel([])) } },
    });
    session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
    const started = session.start({ agent: new voice.Agent({ instructions: 'x' }) });
    await expect(started).rejects.toThrow(/rescue\.llm, and there is no TTS.*Set tts/);
  });
});
