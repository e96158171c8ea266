import { VADEventType, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import type { AgentSession } from '../session/agent-session.js';
import {
  answered,
  type CallScript,
  openCall,
  pass,
  recorded,
  type ScriptedCall,
  settled,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, ToneTTS, text } from '../testing/scripted.js';
import { WORDS_WAIT_MS } from './barge-in-times.js';

const { AgentSessionEventTypes: Event } = voice;
const STORY = 'We are open until ten.';

/** The VAD reports the caller's sound. LiveKit alone would let it interrupt after half a second. */
const sound = (call: ScriptedCall) => call.vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 64 });

/** A call in which the agent has been telling something for two seconds. */
async function openStory(script: CallScript = {}, story = STORY): Promise<ScriptedCall> {
  const model = new ScriptedModel([text(story)], [text('Certainly.')]);
  const ttsEngine = new ToneTTS({ silenceMs: 0, toneMs: 6_000 });
  const call = await openCall(model, {
    ttsEngine,
    ...script,
    levers: { bargeIn: true, speculation: false, ...script.levers },
  });
  call.speak();
  call.final('When do you close?');
  call.stop();
  await until(() => expect(call.session.agentState).toBe('speaking'));
  await pass(2_000);
  return call;
}

describe('a caller who breaks in', () => {
  it('stops the agent at the first sound, and is answered', async () => {
    const call = await openStory();
    const played = call.played();
    sound(call);
    await settled();
    expect(call.session.agentState).toBe('listening');
    await pass(800);
    expect(call.played()).toBe(played);
    call.final('For two, please.');
    call.stop();
    await synthesized(call, 'Certainly.');
    expect(call.said('user')).toEqual(['When do you close?', 'For two, please.']);
  });

  it('keeps the agent silent from the first words on, until they are final', async () => {
    const call = await openStory();
    sound(call);
    await pass(200);
    call.interim('For');
    call.stop();
    await pass(900);
    expect(call.session.agentState).toBe('listening');
    call.final('For two.');
    await synthesized(call, 'Certainly.');
  });

  it('is in the record of the answer, with the stop', async () => {
    const call = await openStory();
    sound(call);
    await pass(300);
    call.final('For two.');
    call.stop();
    await recorded(call, 1);
    const [record] = call.records;
    const [interruption, ...others] = record!.interruptions!;
    expect(others).toEqual([]);
    expect(interruption!.isFalse).toBe(false);
    const stopMs = interruption!.stoppedMs! - interruption!.callerFromMs;
    expect(stopMs).toBeGreaterThanOrEqual(0);
    expect(stopMs).toBeLessThan(150);
    expect(record!.outcome).toBe('interrupted');
  });
});

describe('a sound that is no interruption', () => {
  it('only pauses the agent: it goes on soon after a short sound without words', async () => {
    const call = await openStory();
    const resumed: boolean[] = [];
    call.session.on(Event.AgentFalseInterruption, (event) => resumed.push(event.resumed));
    sound(call);
    await pass(200);
    call.stop();
    await pass(WORDS_WAIT_MS + 50);
    expect(resumed).toEqual([true]);
    expect(call.session.agentState).toBe('speaking');
    await answered(call);
    expect(call.said('assistant')).toEqual([STORY]);
    await recorded(call);
    const [interruption] = call.records[0]!.interruptions!;
    expect(interruption!.isFalse).toBe(true);
    expect(interruption!.resumedMs! - interruption!.stoppedMs!).toBeLessThan(500);
    expect(call.records[0]!.outcome).toBe('answered');
  });

  it('waits for LiveKit’s time if the sound lasts', async () => {
    const call = await openStory();
    sound(call);
    await pass(500);
    call.vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 600, speechDuration: 600 });
    call.stop();
    await pass(WORDS_WAIT_MS + 200);
    expect(call.session.agentState).toBe('listening');
  });

  it('stops the agent no more after two in a row, until there are words', async () => {
    const call = await openStory();
    for (const state of ['listening', 'listening', 'speaking']) {
      sound(call);
      await settled();
      expect(call.session.agentState).toBe(state);
      await pass(100);
      call.stop();
      await pass(WORDS_WAIT_MS + 100);
    }
  });

  it('is not heard by LiveKit if it is “mhm”: the agent goes on at once', async () => {
    const call = await openStory();
    sound(call);
    await pass(300);
    call.interim('Mhm');
    await pass(60);
    expect(call.session.agentState).toBe('speaking');
    // In the silence after it, LiveKit counts it as longer than `minDuration`.
    call.silence(100);
    call.final('Mhm.');
    call.silence(200);
    await pass(60);
    expect(call.session.agentState).toBe('speaking');
    call.stop();
    await answered(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([['When do you close?'], [STORY]]);
  });

  it('is an answer if the agent has asked something', async () => {
    const call = await openStory({}, 'Shall I book it?');
    sound(call);
    await pass(300);
    call.final('Yeah.');
    call.stop();
    await synthesized(call, 'Certainly.');
    expect(call.said('user')).toEqual(['When do you close?', 'Yeah.']);
  });
});

describe('the user’s own', () => {
  it.each<[string, CallScript]>([
    ['the lever is off', { levers: { bargeIn: false } }],
    ['minDuration is set', { interruption: { minDuration: 700 } }],
    ['minWords is set', { interruption: { minWords: 2 } }],
    ['resumeFalseInterruption is off', { interruption: { resumeFalseInterruption: false } }],
    ['answers may not be interrupted', { interruption: { enabled: false } }],
  ])('options stay: the sound does not stop the agent if %s', async (_, script) => {
    const call = await openStory(script);
    sound(call);
    await pass(300);
    expect(call.session.agentState).toBe('speaking');
  });

  it('falseInterruptionTimeout is kept', async () => {
    const call = await openStory({ dropIn: 'session', interruption: { falseInterruptionTimeout: 900 } });
    sound(call);
    await pass(100);
    call.stop();
    await pass(WORDS_WAIT_MS + 300);
    expect(call.session.agentState).toBe('listening');
    await pass(600);
    expect(call.session.agentState).toBe('speaking');
  });

  it.each<[string, CallScript]>([
    ['minDuration is set', { interruption: { minDuration: 300 } }],
    ['LiveKit’s adaptive interruption decides', { interruption: { mode: 'adaptive' } }],
    ['turnDetection is manual', { own: { turnHandling: { turnDetection: 'manual' } } }],
  ])('options make it idle, and it says so: %s', async (reason, script) => {
    const call = await openCall(new ScriptedModel([]), {
      dropIn: 'session',
      ...script,
      levers: { bargeIn: true },
    });
    const levers = (call.session as AgentSession).levers.filter(({ lever }) => lever === 'bargeIn');
    expect(levers).toEqual([{ lever: 'bargeIn', state: 'idle', reason }]);
  });
});
