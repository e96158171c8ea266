import { EventEmitter } from 'node:events';
import { ReadableStream } from 'node:stream/web';
import { ManualClock } from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it } from 'vitest';
import { trackSpeeches } from '../llm/speech-context.js';
import { ScriptedVoice } from '../testing/scripted-voice.js';
import { ClauseTTS } from './clause-tts.js';
import type { FillerOptions } from './filler.js';
import { attachFiller } from './filler-player.js';

const { AgentSessionEventTypes: Event } = voice;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const OVER_MS = 1000;
/** How long a turn's caller has been silent at its commit. */
const SILENT_MS = 400;

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** A session of which only the events are real, one turn of which has been committed. */
async function rig(filler: FillerOptions = { phrases: ['Let me see.'], overMs: OVER_MS }) {
  const clock = new ManualClock({ nowMs: 5000, wallMs: 5000 });
  const ttsEngine = new ClauseTTS(new ScriptedVoice(true), { filler, clock });
  await ttsEngine.warm();
  let answer!: ReadableStreamDefaultController<string>;
  let cancelled = false;
  const agent = {
    llmNode: async () =>
      new ReadableStream<string>({
        start: (controller) => {
          answer = controller as unknown as ReadableStreamDefaultController<string>;
        },
        cancel: () => {
          cancelled = true;
        },
      }),
  };
  const session = Object.assign(new EventEmitter(), {
    tts: ttsEngine,
    currentAgent: agent,
    userState: 'listening',
    agentState: 'thinking',
  });
  const real = session as unknown as voice.AgentSession;
  const stops = [trackSpeeches(real), attachFiller(real, { clock })];
  session.emit(Event.UserInputTranscribed, {});
  const speechHandle = { id: 's1', scheduled: false, done: () => false, addDoneCallback: () => {} };
  session.emit(Event.SpeechCreated, { speechHandle });
  const stream = (await (agent.llmNode as () => Promise<ReadableStream<string>>)()).getReader();
  const heard: string[] = [];
  const reading = (async () => {
    for (let next = await stream.read(); !next.done; next = await stream.read()) heard.push(next.value);
  })();
  const commit = async (speechId = 's1') => {
    speechHandle.scheduled = true;
    const metrics = { type: 'eou_metrics', speechId, lastSpeakingTimeMs: clock.wallMs() - SILENT_MS };
    session.emit(Event.MetricsCollected, { metrics });
    await settle();
  };
  const pass = async (byMs: number) => {
    clock.advance(byMs);
    await settle();
  };
  return {
    clock,
    session,
    heard,
    commit,
    pass,
    reading,
    write: (text: string) => answer.enqueue(text),
    end: () => answer.close(),
    stop: () => stream.cancel(),
    wasCancelled: () => cancelled,
    detach: () => {
      for (const stop of stops) stop();
    },
  };
}

describe('Bridging', () => {
  it('waits for the limit, counted from the caller’s last sound', async () => {
    const { commit, pass, heard } = await rig();
    await commit();
    await pass(OVER_MS - SILENT_MS);
    expect(heard).toEqual([]);
    await pass(1);
    expect(heard).toEqual(['Let me see.\n']);
  });

  it('says nothing, and keeps no timer, once the answer has begun', async () => {
    const { commit, pass, heard, write, clock } = await rig();
    await commit();
    await pass(OVER_MS - SILENT_MS - 1);
    write('We');
    await settle();
    await pass(10_000);
    write(' are open.');
    await settle();
    expect(heard).toEqual(['We', ' are open.']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes the answer on after the phrase, to its end', async () => {
    const { commit, pass, heard, write, end, reading } = await rig();
    await commit();
    await pass(OVER_MS);
    write('We are open.');
    end();
    await reading;
    expect(heard).toEqual(['Let me see.\n', 'We are open.']);
  });

  it('says nothing before the commit, nor for another turn’s commit', async () => {
    const { commit, pass, heard } = await rig();
    await pass(60_000);
    await commit('another');
    await pass(60_000);
    expect(heard).toEqual([]);
  });

  it.each([
    ['the caller speaks', { userState: 'speaking' }],
    ['the agent speaks', { agentState: 'speaking' }],
  ])('says nothing while %s', async (_name, state) => {
    const { commit, pass, heard, session } = await rig();
    await commit();
    Object.assign(session, state);
    await pass(OVER_MS);
    expect(heard).toEqual([]);
  });

  it('lets go of an answer that is no longer wanted', async () => {
    const { commit, stop, wasCancelled, clock, heard, pass } = await rig();
    await commit();
    await stop();
    await pass(OVER_MS);
    expect(wasCancelled()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    expect(heard).toEqual([]);
  });

  it('says nothing once it is detached, and the answer goes on', async () => {
    const { commit, pass, detach, heard, write } = await rig();
    await commit();
    detach();
    await pass(OVER_MS);
    write('We are open.');
    await settle();
    expect(heard).toEqual(['We are open.']);
  });

  it.each<FillerOptions>([
    { phrases: [], overMs: 1 },
    { phrases: ['Hm.'], overMs: 0 },
  ])('refuses %j', async (filler) => {
    await expect(rig(filler)).rejects.toThrow(/filler needs/);
  });
});
