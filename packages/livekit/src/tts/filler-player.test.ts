import { EventEmitter } from 'node:events';
import { ReadableStream } from 'node:stream/web';
import { ManualClock } from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it } from 'vitest';
import { trackSpeeches } from '../llm/speech-context.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { ClauseTTS } from './clause-tts.js';
import type { FillerOptions } from './filler.js';
import { attachFiller } from './filler-player.js';

const { AgentSessionEventTypes: Event } = voice;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const OVER_MS = 1000;
/** How long the caller has been silent at the commit, ms. */
const SILENT_MS = 400;

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** A fake session with real events and a pending answer; `commit` commits its turn. */
async function rig(filler: FillerOptions = { phrases: ['Let me see.'], overMs: OVER_MS }) {
  const clock = new ManualClock({ nowMs: 5000, wallMs: 5000 });
  const ttsEngine = new ClauseTTS(new ScriptedTTS(true), { filler, clock });
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
  const output: string[] = [];
  const reading = (async () => {
    for (let next = await stream.read(); !next.done; next = await stream.read()) output.push(next.value);
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
    output,
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

describe('attachFiller', () => {
  it('waits for the limit, counted from the caller’s last sound', async () => {
    const { commit, pass, output } = await rig();
    await commit();
    await pass(OVER_MS - SILENT_MS);
    expect(output).toEqual([]);
    await pass(1);
    expect(output).toEqual(['Let me see.\n']);
  });

  it('emits no filler, and leaves no timer, once the answer has begun', async () => {
    const { commit, pass, output, write, clock } = await rig();
    await commit();
    await pass(OVER_MS - SILENT_MS - 1);
    write('We');
    await settle();
    await pass(10_000);
    write(' are open.');
    await settle();
    expect(output).toEqual(['We', ' are open.']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes the complete answer on after the phrase', async () => {
    const { commit, pass, output, write, end, reading } = await rig();
    await commit();
    await pass(OVER_MS);
    write('We are open.');
    end();
    await reading;
    expect(output).toEqual(['Let me see.\n', 'We are open.']);
  });

  it('emits no filler before the commit, nor for another turn’s commit', async () => {
    const { commit, pass, output } = await rig();
    await pass(60_000);
    await commit('another');
    await pass(60_000);
    expect(output).toEqual([]);
  });

  it.each([
    ['the caller speaks', { userState: 'speaking' }],
    ['the agent speaks', { agentState: 'speaking' }],
  ])('emits no filler while %s', async (_name, state) => {
    const { commit, pass, output, session } = await rig();
    await commit();
    Object.assign(session, state);
    await pass(OVER_MS);
    expect(output).toEqual([]);
  });

  it('releases a cancelled answer', async () => {
    const { commit, stop, wasCancelled, clock, output, pass } = await rig();
    await commit();
    await stop();
    await pass(OVER_MS);
    expect(wasCancelled()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    expect(output).toEqual([]);
  });

  it('emits no filler once it is detached, and passes the answer on', async () => {
    const { commit, pass, detach, output, write } = await rig();
    await commit();
    detach();
    await pass(OVER_MS);
    write('We are open.');
    await settle();
    expect(output).toEqual(['We are open.']);
  });

  it.each<FillerOptions>([
    { phrases: [], overMs: 1 },
    { phrases: ['Hm.'], overMs: 0 },
  ])('refuses %j', async (filler) => {
    await expect(rig(filler)).rejects.toThrow(/filler needs/);
  });
});
