import { VADEventType } from '@livekit/agents';
import { expect } from 'vitest';
import { answered, type CallScript, openCall, type ScriptedCall, until } from './call-rig.js';
import { ScriptedModel, ToneTTS, text } from './scripted.js';

/** The words before the cut-off. */
export const HALF = 'I would like a table.';
/** The words after it. */
export const REST = 'For four, at eight.';
/** The whole turn. */
export const WHOLE = `${HALF} ${REST}`;
/** When the caller goes on after the commit, ms. */
export const GO_ON_MS = 300;

/** The caller's sound begins, and the VAD reports it. LiveKit alone would let it interrupt after half a second. */
export const goOn = (call: ScriptedCall) =>
  call.vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 64 });

/** A model that answers the half, and then the whole turn. */
export const bookingModel = () => new ScriptedModel([text('For how many?')], [text('Booked.')]);

/** A call with the lever on, and long answers. */
export const openRepaired = (model: ScriptedModel, script: CallScript = {}) =>
  openCall(model, {
    ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 3_000 }),
    ...script,
    levers: { repair: true, ...script.levers },
  });

/** A call in which the agent commits the turn after its first half. */
export async function cutOff(model: ScriptedModel, script: CallScript = {}): Promise<ScriptedCall> {
  const call = await openRepaired(model, script);
  call.speak();
  call.final(HALF);
  call.stop();
  await until(() => expect(call.session.history.items.length + model.asked.length).toBeGreaterThan(0));
  return call;
}

/** The caller goes on and ends the turn; waits for its answer. */
export async function finish(call: ScriptedCall, words = REST): Promise<void> {
  call.final(words);
  call.stop();
  await until(() => expect(call.said('user')).toHaveLength(1));
  await answered(call);
}

/** The words of the LLM requests, without instructions. */
export const asked = (model: ScriptedModel) =>
  model.asked.map(({ messages }) =>
    messages.filter(({ role }) => role !== 'system').map(({ role, content }) => `${role}: ${content}`),
  );

/** Waits until the agent is heard. */
export const speaking = (call: ScriptedCall) => until(() => expect(call.session.agentState).toBe('speaking'));

/** The caller goes on as soon as the agent is heard. */
export async function goOnOverAnswer(call: ScriptedCall): Promise<void> {
  await speaking(call);
  goOn(call);
}
