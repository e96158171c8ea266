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
import { ScriptedModel, ToneVoice, text } from '../testing/scripted.js';
import { TRANSCRIPT_WAIT_MS } from './endpointing.js';

const { AgentSessionEventTypes: Event } = voice;

/** A call whose first reply was stopped by a sound that is over by now. */
async function stopped(script: CallScript = {}) {
  const model = new ScriptedModel([text('We are open until ten.')], [text('Certainly.')]);
  const call = await openCall(model, { ttsEngine: new ToneVoice({ toneMs: 5_000 }), ...script });
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

describe('a reply that was stopped by a sound', () => {
  it('goes on where no words come of it, as soon as none are to be expected', async () => {
    const { call, resumed } = await stopped();
    const played = call.played();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    expect([call.session.agentState, call.played()]).toEqual(['listening', played]);
    await pass(100);
    expect(resumed).toEqual([true]);
    expect(call.session.agentState).toBe('speaking');
    await answered(call);
    expect(call.said('assistant')).toEqual(['We are open until ten.']);
  });

  it('never goes on into words that come as late as a hosted engine’s', async () => {
    const { call, resumed } = await stopped();
    const played = call.played();
    await pass(TRANSCRIPT_WAIT_MS - 50);
    call.final('For two, please.');
    await until(() => expect(call.said('user')).toHaveLength(2));
    expect([resumed, call.played()]).toEqual([[], played]);
    await synthesized(call, 'Certainly.');
  });

  it('ends at words that come later still', async () => {
    const { call, resumed } = await stopped();
    await pass(TRANSCRIPT_WAIT_MS + 200);
    expect(resumed).toEqual([true]);
    call.final('For two, please.');
    await synthesized(call, 'Certainly.');
    expect(call.session.history.items).toContainEqual(
      expect.objectContaining({ role: 'assistant', interrupted: true }),
    );
  });

  it('is not hurried while the caller makes more sounds', async () => {
    const { call, resumed } = await stopped();
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
    const { resumed } = await stopped(script);
    await pass(waitMs - 50);
    expect(resumed).toEqual([]);
    await pass(100);
    expect(resumed).toEqual([true]);
  });
});
