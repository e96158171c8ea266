import type { ChatEvent } from '@firstword/llm';
import { FirstwordError, type SpeculationOptions } from '@firstword/turn';
import { initializeLogger, llm, stt, VADEventType, voice } from '@livekit/agents';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { attachLowLatency, lowLatency } from '../session/low-latency.js';
import { LocalTTS } from '../speak/local-tts.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneVoice } from '../testing/scripted.js';
import { FirstwordLLM } from '../think/llm.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { EagerSTT } from './eager-stt.js';

const { SpeechEventType: Type } = stt;
const text = (words: string): ChatEvent => ({ type: 'text', text: words });
const closers: (() => Promise<void>)[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real AgentSession with every lever on, whose ears a test plays by hand. */
async function rig(
  model: ScriptedModel,
  agent = new voice.Agent({ instructions: 'x' }),
  speculation: Partial<SpeculationOptions> = {},
) {
  const vad = new ScriptedVAD();
  const inner = new ScriptedSTT();
  const mouth = new ToneVoice();
  const tts = new LocalTTS(mouth);
  const options = lowLatency({
    vad,
    stt: inner,
    llm: new FirstwordLLM(model),
    tts,
    speculation,
    levers: { clause: false, trimSilence: false },
  });
  const session = new voice.AgentSession({
    ...options,
    turnHandling: {
      ...options.turnHandling,
      turnDetection: 'vad',
      endpointing: { minDelay: 50, maxDelay: 100 },
    },
  });
  let playedSamples = 0;
  session.input.audio = new PushAudioInput();
  session.output.audio = new PacedAudioOutput({
    sink: { play: (samples) => (playedSamples += samples.length), clear: () => {} },
  });
  session.on(voice.AgentSessionEventTypes.Error, () => {});
  const detach = attachLowLatency(session);
  await session.start({ agent });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= session.close().then(detach);
    return closed;
  };
  closers.push(close);
  const ears = session.stt as EagerSTT;
  return {
    session,
    mouth,
    ears,
    close,
    played: () => playedSamples,
    speak: () => {
      vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
    },
    interim: (words: string) => inner.hear(Type.INTERIM_TRANSCRIPT, words),
    final: (words: string) => inner.hear(Type.FINAL_TRANSCRIPT, words),
    stop: () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false }),
    said: (role: 'user' | 'assistant') =>
      session.history.items.flatMap((item) =>
        item.type === 'message' && item.role === role ? [item.textContent] : [],
      ),
  };
}

type Rig = Awaited<ReturnType<typeof rig>>;
const answered = (call: Rig, times = 1) =>
  vi.waitFor(() => expect(call.said('assistant')).toHaveLength(times), { timeout: 5_000, interval: 5 });
const synthesized = (call: Rig, words: string) =>
  vi.waitFor(() => expect(call.mouth.said).toContain(words), { timeout: 5_000, interval: 5 });

describe('a session that speculates', () => {
  it('asks and speaks before the commit, unheard, and answers with that', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await rig(model);
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Certainly.');
    expect(call.played()).toBe(0);
    call.final('Book a table.');
    call.stop();
    await answered(call);
    expect(model.asked).toHaveLength(1);
    expect(call.ears.counters).toMatchObject({ started: 1, kept: 1, cancelled: 0 });
  });

  it('shows the final, well-written words in history', async () => {
    const call = await rig(new ScriptedModel([text('Certainly.')]));
    call.speak();
    call.interim('at seven thirty');
    await synthesized(call, 'Certainly.');
    call.final('At 7:30.');
    call.stop();
    await answered(call);
    expect(call.said('user')).toEqual(['At 7:30.']);
    const agentItems = call.session.currentAgent.chatCtx.items;
    expect(
      agentItems.flatMap((i) => (i.type === 'message' && i.role === 'user' ? [i.textContent] : [])),
    ).toEqual(['At 7:30.']);
  });

  it('never lets a superseded speculation be heard', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await rig(model);
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Alpha.');
    call.interim('book a table for two');
    await synthesized(call, 'Beta.');
    call.final('Book a table for two.');
    call.stop();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    // ToneVoice says any clause in half a second of 24 kHz audio: one was played, not two.
    expect(call.played()).toBe(12_000);
    expect(call.ears.counters).toMatchObject({ started: 2, kept: 1, cancelled: 1 });
    expect(call.ears.counters.wastedTokens).toBeGreaterThanOrEqual(0);
  });

  it('answers words that changed at the last moment, not those it started on', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await rig(model);
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Alpha.');
    call.final('Book a table for two.');
    call.stop();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.ears.counters).toMatchObject({ kept: 0, cancelled: 1 });
  });

  it('keeps one speculation running through more restarts than LiveKit allows by default', async () => {
    const model = new ScriptedModel(
      [text('One.')],
      [text('Two.')],
      [text('Three.')],
      [text('Four.')],
      [text('Five.')],
    );
    const call = await rig(model, undefined, { minAcceptance: 0 });
    const words = ['book', 'book a', 'book a table', 'book a table for', 'book a table for two'];
    call.speak();
    for (const [i, heard] of words.entries()) {
      call.interim(heard);
      await vi.waitFor(() => expect(model.asked).toHaveLength(i + 1), { interval: 5 });
    }
    call.final('Book a table for two.');
    call.stop();
    await answered(call);
    expect(model.asked).toHaveLength(5);
    expect(call.said('assistant')).toEqual(['Five.']);
  });

  it('runs no tool before the commit, and each once', async () => {
    const runs: string[] = [];
    const book = llm.tool({
      description: 'books',
      parameters: { type: 'object', properties: {} },
      execute: async () => {
        runs.push('book');
        return 'done';
      },
    });
    const model = new ScriptedModel(
      [{ type: 'toolCall', call: { id: '1', name: 'book', arguments: '{}' } }],
      [text('Booked.')],
    );
    const call = await rig(model, new voice.Agent({ instructions: 'x', tools: { book } }));
    call.speak();
    call.interim('book a table');
    await vi.waitFor(() => expect(model.asked).toHaveLength(1), { interval: 5 });
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toEqual([]);
    call.final('Book a table.');
    call.stop();
    await answered(call);
    expect(runs).toEqual(['book']);
    expect(call.said('assistant')).toEqual(['Booked.']);
  });

  it('does not speculate while a tool of the last turn still runs, and doubles no reply', async () => {
    let finish: (() => void) | undefined;
    const lookUp = llm.tool({
      description: 'looks up',
      parameters: { type: 'object', properties: {} },
      execute: () => new Promise<string>((resolve) => (finish = () => resolve('found'))),
    });
    const model = new ScriptedModel(
      [{ type: 'toolCall', call: { id: '1', name: 'lookUp', arguments: '{}' } }],
      [text('Found.')],
    );
    const call = await rig(model, new voice.Agent({ instructions: 'x', tools: { lookUp } }));
    call.speak();
    call.interim('look it up');
    call.final('Look it up.');
    call.stop();
    await vi.waitFor(() => expect(finish).toBeDefined(), { timeout: 5_000, interval: 5 });
    const { started } = call.ears.counters;
    call.interim('are you there');
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    finish?.();
    expect(call.ears.counters.started).toBe(started);
    await answered(call);
    expect(call.said('assistant')).toEqual(['Found.']);
  });

  it('counts a speculation as lost when the user’s hook changes the context', async () => {
    class Retrieving extends voice.Agent {
      override async onUserTurnCompleted(chatCtx: llm.ChatContext): Promise<void> {
        chatCtx.addMessage({ role: 'system', content: 'a fact' });
      }
    }
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await rig(model, new Retrieving({ instructions: 'x' }));
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Alpha.');
    call.final('Book a table.');
    call.stop();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.ears.counters).toMatchObject({ kept: 0, cancelled: 1 });
  });

  it('asks a failed speculation again at the commit', async () => {
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
    const model = new ScriptedModel([failure], [text('Beta.')]);
    const call = await rig(model);
    const failed = new Promise((resolve) => call.session.on(voice.AgentSessionEventTypes.Error, resolve));
    call.speak();
    call.interim('book a table');
    await failed;
    call.final('Book a table.');
    call.stop();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.said('user')).toEqual(['Book a table.']);
    expect(model.asked.map(({ messages }) => messages)).toHaveLength(2);
    expect(call.ears.counters).toMatchObject({ kept: 0, cancelled: 1 });
  });

  it('keeps a speculation on words spoken over the agent', async () => {
    const long = 'We open at noon. We close at ten. Except on Fridays. Then we close at eleven.';
    const model = new ScriptedModel([text(long)], [text('Beta.')]);
    const call = await rig(model);
    call.speak();
    call.final('When do you open?');
    call.stop();
    await vi.waitFor(() => expect(call.session.agentState).toBe('speaking'), { timeout: 5_000, interval: 5 });
    call.speak();
    await vi.waitFor(() => expect(call.session.agentState).toBe('listening'), {
      timeout: 5_000,
      interval: 5,
    });
    call.interim('no wait');
    await vi.waitFor(() => expect(model.asked).toHaveLength(2), { timeout: 5_000, interval: 5 });
    call.final('No, wait.');
    call.stop();
    await answered(call, 2);
    expect(call.said('assistant')).toEqual([expect.any(String), 'Beta.']);
    expect(model.asked).toHaveLength(2);
    expect(call.ears.counters).toMatchObject({ kept: 1, cancelled: 0 });
  });

  it('gives the agent its own hook back', async () => {
    const agent = new voice.Agent({ instructions: 'x' });
    const call = await rig(new ScriptedModel([text('Certainly.')]), agent);
    call.speak();
    call.final('Book a table.');
    expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(false);
    await vi.waitFor(() => expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(true), { interval: 5 });
    await call.close();
    expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(false);
  });

  it('closes while a speculation waits for a commit that never comes', async () => {
    const call = await rig(new ScriptedModel([text('Alpha.')]));
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Alpha.');
    await call.close();
    expect(call.played()).toBe(0);
  });

  it('hands over to another agent while a speculation waits', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await rig(model);
    call.speak();
    call.interim('book a table');
    await synthesized(call, 'Alpha.');
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    await vi.waitFor(() => expect(call.session.currentAgent).toBe(next), { timeout: 5_000, interval: 5 });
    expect(call.played()).toBe(0);
    expect(call.said('assistant')).toEqual([]);
  });

  it('answers turn after turn, each once', async () => {
    const model = new ScriptedModel([text('One.')], [text('Two.')], [text('Three.')]);
    const call = await rig(model);
    for (let turn = 1; turn <= 3; turn++) {
      call.speak();
      call.interim(`question ${turn}`);
      call.final(`Question ${turn}.`);
      call.stop();
      await answered(call, turn);
    }
    expect(call.said('assistant')).toEqual(['One.', 'Two.', 'Three.']);
    expect(call.said('user')).toEqual(['Question 1.', 'Question 2.', 'Question 3.']);
    expect(model.asked).toHaveLength(3);
    expect(call.ears.counters).toMatchObject({ started: 3, kept: 3 });
  });
});
