import { voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  answered,
  type CallScript,
  openCall,
  pass,
  settled,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, ToneTTS, text } from '../testing/scripted.js';
import { TRANSCRIPT_WAIT_MS } from './endpointing.js';

const { AgentSessionEventTypes: Event } = voice;

/** A call whose first reply was interrupted by a sound that has ended. */
async function openInterruptedCall(script: CallScript = {}) {
  const model = new ScriptedModel([text('We are open until ten.')], [text('Certainly.')]);
  const call = await openCall(model, { ttsEngine: new ToneTTS({ toneMs: 5_000 }), ...script });
  const resumed: boolean[] = [];
  call.session.on(Event.AgentFalseInterruption, (event) => resumed.push(event.resumed));
  call.speak();
  call.final('When do you close?');
  call.stop();
  await until(() => expect(call.session.agentState).toBe('speaking'));
  await pass(500);
  call.speak();
  await until(() => expect(call.session.agentState).toBe('listening'));
  call.stop();
  await settled();
  return { call, resumed };
}

describe('a reply that was interrupted by a sound', () => {
  it('resumes after the transcript wait if no transcript arrives', async () => {
    const { call, resumed } = await openInterruptedCall();
    const played = call.played();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    expect([call.session.agentState, call.played()]).toEqual(['listening', played]);
    await pass(100);
    expect(resumed).toEqual([true]);
    expect(call.session.agentState).toBe('speaking');
    await answered(call);
    expect(call.said('assistant')).toEqual(['We are open until ten.']);
  });

  it('does not resume if a transcript arrives within the latency of a hosted STT', async () => {
    const { call, resumed } = await openInterruptedCall();
    const played = call.played();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    call.final('For two, please.');
    await until(() => expect(call.said('user')).toHaveLength(2));
    expect([resumed, call.played()]).toEqual([[], played]);
    await synthesized(call, 'Certainly.');
  });

  it('stops again if a transcript arrives later than that', async () => {
    const { call, resumed } = await openInterruptedCall();
    await pass(TRANSCRIPT_WAIT_MS + 200);
    expect(resumed).toEqual([true]);
    call.final('For two, please.');
    await synthesized(call, 'Certainly.');
    expect(call.session.history.items).toContainEqual(
      expect.objectContaining({ role: 'assistant', interrupted: true }),
    );
  });

  it('restarts the wait when the caller makes more sounds', async () => {
    const { call, resumed } = await openInterruptedCall();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    call.speak();
    await pass(600);
    call.stop();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    expect(resumed).toEqual([]);
    await pass(100);
    expect(resumed).toEqual([true]);
  });

  it.each<[string, CallScript, number]>([
    ['LiveKit’s time with the lever off', { levers: { endpointing: false } }, 2_000],
    ['the session’s own', { interruption: { falseInterruptionTimeout: 1_500 } }, 1_500],
  ])('waits for %s', async (_whose, script, waitMs) => {
    const { resumed } = await openInterruptedCall(script);
    await pass(waitMs - 50);
    expect(resumed).toEqual([]);
    await pass(100);
    expect(resumed).toEqual([true]);
  });
});
