import { describe, expect, it } from 'vitest';
import {
  commit,
  during,
  openCall,
  recorded,
  type ScriptedCall,
  settled,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

const LONG = 'Hello, this is the Olive Tree, and it is good to hear from you. How can I help?';

/** A call whose greeting is being heard. */
async function greeted(greeting: string, how: { allowInterruptions?: boolean } = {}) {
  const model = new ScriptedModel([text('Certainly.')]);
  const call = await openCall(model);
  const speech = call.session.say(greeting, how);
  await until(() => expect(call.session.agentState).toBe('speaking'));
  const started = () => until(() => expect(model.asked).toHaveLength(1));
  return { call, speech, started };
}

/** What was started on is what answers. */
async function keepsIt(call: ScriptedCall): Promise<void> {
  await commit(call, 'Book a table.', 2);
  await recorded(call);
  expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1 });
  expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
}

describe('the first turn of a call that begins with a greeting', () => {
  it('keeps a speculation on words said after it', async () => {
    const { call, speech, started } = await greeted('Hello.');
    await during(speech.waitForPlayout());
    call.speak();
    call.interim('book a table');
    await started();
    await keepsIt(call);
  });

  it('starts when the greeting is over on words said over its end', async () => {
    const { call, speech, started } = await greeted('Hello.', { allowInterruptions: false });
    call.interim('book a table');
    await until(() => expect(speech.done()).toBe(true));
    await started();
    call.speak();
    await keepsIt(call);
  });

  it('keeps one on words that talk the greeting into silence', async () => {
    const { call, started } = await greeted(LONG);
    call.speak();
    await until(() => expect(call.session.agentState).toBe('listening'));
    call.interim('book a table');
    await started();
    await keepsIt(call);
  });

  it('starts on words said over the greeting before the caller was noticed', async () => {
    const { call, started } = await greeted(LONG);
    call.interim('book a table');
    await settled();
    expect(call.eagerStt.counters.started).toBe(0);
    call.speak();
    await started();
    await keepsIt(call);
  });
});
