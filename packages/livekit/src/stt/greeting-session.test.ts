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

/** A call whose greeting is playing. */
async function openGreeting(greeting: string, how: { allowInterruptions?: boolean } = {}) {
  const model = new ScriptedModel([text('Certainly.')]);
  const call = await openCall(model);
  const speech = call.session.say(greeting, how);
  await until(() => expect(call.session.agentState).toBe('speaking'));
  const started = () => until(() => expect(model.asked).toHaveLength(1));
  return { call, speech, started };
}

/** Commits the turn and checks that the speculation was kept. */
async function expectKept(call: ScriptedCall): Promise<void> {
  await commit(call, 'Book a table.', 2);
  await recorded(call);
  expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1 });
  expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
}

describe('the first turn of a call that begins with a greeting', () => {
  it('keeps a speculation on words spoken after it', async () => {
    const { call, speech, started } = await openGreeting('Hello.');
    await during(speech.waitForPlayout());
    call.speak();
    call.silence(32);
    call.interim('book a table');
    await started();
    await expectKept(call);
  });

  it('speculates after the greeting on words spoken over its end', async () => {
    const { call, speech, started } = await openGreeting('Hello.', { allowInterruptions: false });
    call.interim('book a table');
    await until(() => expect(speech.done()).toBe(true));
    await started();
    call.speak();
    await expectKept(call);
  });

  it('keeps a speculation on words that interrupt the greeting', async () => {
    const { call, started } = await openGreeting(LONG);
    call.speak();
    call.silence(32);
    await until(() => expect(call.session.agentState).toBe('listening'));
    call.interim('book a table');
    await started();
    await expectKept(call);
  });

  it('speculates on words that arrive before the VAD detects the caller', async () => {
    const { call, started } = await openGreeting(LONG);
    call.interim('book a table');
    await settled();
    expect(call.eagerStt.counters.started).toBe(0);
    call.speak();
    call.silence(32);
    await started();
    await expectKept(call);
  });
});
