import { transcriptRecognizer } from '@firstword/emulator/realtime';
import { type llm, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { describe, expect, it, vi } from 'vitest';
import { realtimeSessionOf } from '../internals/answer-llm.js';
import { FirstwordLLM } from '../llm/llm.js';
import { AgentSession } from '../session/agent-session.js';
import { checkRealtimeParts } from '../session/realtime-parts.js';
import { openRealtimeCall } from '../testing/realtime-rig.js';
import { ScriptedModel, ToneTTS, text } from '../testing/scripted.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { LocalTTS } from '../tts/local-tts.js';

const WAIT = { timeout: 8000, interval: 5 };
const ANSWER = 'Yes, until eleven.';

/** An agent with logic of its own. */
class Receptionist extends voice.Agent {
  readonly seen: string[] = [];
  constructor() {
    super({ instructions: 'Be brief.' });
  }
  override async onUserTurnCompleted(chatCtx: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
    this.seen.push(message.textContent ?? '');
    chatCtx.addMessage({ role: 'system', content: 'Open until eleven.' });
  }
}

/** A call in which a realtime model hears and an LLM answers. */
async function heardTurn(create_response: boolean) {
  const model = new ScriptedModel([text(ANSWER)]);
  const agent = new Receptionist();
  const call = await openRealtimeCall({
    agent,
    emulator: { recognizer: transcriptRecognizer([{ text: 'Are you open today?', ms: 600 }]) },
    model: { turnDetection: { type: 'server_vad', silence_duration_ms: 500, create_response } },
    session: (realtime) =>
      new AgentSession({
        llm: realtime,
        tts: new LocalTTS(new ToneTTS({ silenceMs: 20, toneMs: 40 })),
        vad: null,
        aecWarmupDuration: null,
        turnHandling: { turnDetection: 'realtime_llm' },
        firstword: { answerWith: new FirstwordLLM(model) },
      }),
  });
  call.say();
  await vi.waitFor(() => expect(call.records).toHaveLength(1), WAIT);
  return { ...call, model, agent, record: call.records[0]! };
}

const answersOf = (items: readonly llm.ChatItem[]) =>
  items.flatMap((item) => (item.type === 'message' && item.role === 'assistant' ? [item.textContent] : []));

describe('an LLM that answers what a realtime model hears', () => {
  it('has the words, the instructions and what the agent’s own logic has added', async () => {
    const { model, agent, record, session } = await heardTurn(false);
    expect(agent.seen).toEqual(['Are you open today?']);
    expect(model.asked[0]!.messages.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'Be brief.'],
      ['system', 'Open until eleven.'],
      ['user', 'Are you open today?'],
    ]);
    expect(record).toMatchObject({ outcome: 'answered', llm: { model: 'scripted-1' } });
    expect(record.segments.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['provider turn detection', 'final transcript']),
    );
    expect(record.segments.filter(({ owner }) => owner.kind === 'unaccounted')).toEqual([]);
    expect(answersOf(session.history.items)).toEqual([ANSWER]);
    await vi.waitFor(
      () => expect(answersOf(realtimeSessionOf(session)!.chatCtx.items)).toEqual([ANSWER]),
      WAIT,
    );
  });

  it('is the only one that is heard where the model answers all the same', async () => {
    const { session, record, emulator } = await heardTurn(true);
    expect(record).toMatchObject({ outcome: 'answered', llm: { model: 'scripted-1' } });
    expect(answersOf(session.history.items)).toEqual([ANSWER]);
    expect(emulator.realtimeStats().responses).toBe(1);
  });

  it('needs a TTS, and says so at the start', async () => {
    const session = new AgentSession({
      llm: new openai.realtime.RealtimeModel({ apiKey: 'test-key', baseURL: 'http://127.0.0.1:1' }),
      firstword: { answerWith: new FirstwordLLM(new ScriptedModel([])) },
    });
    session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
    const started = session.start({ agent: new voice.Agent({ instructions: 'x' }) });
    await expect(started).rejects.toThrow(/only hears, and there is no TTS.*Set tts/);
  });
});

it('warns of text mode without a TTS, which nobody would hear', () => {
  const model = new openai.realtime.RealtimeModel({
    apiKey: 'test-key',
    baseURL: 'http://127.0.0.1:1',
    modalities: ['text'],
  });
  const warning = checkRealtimeParts({ llm: model, tts: undefined }, {});
  expect(warning).toMatch(/in text mode, and there is no TTS.*Set tts/);
});
