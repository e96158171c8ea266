import type { ChatEvent } from '@firstword/llm';
import { describe, expect, it } from 'vitest';
import { answered, during, openCall, recorded, settled, until } from '../testing/call-rig.js';
import { ScriptedModel } from '../testing/scripted.js';

const text = (words: string): ChatEvent => ({ type: 'text', text: words });

describe('the first turn of a call that begins with a greeting', () => {
  it('keeps a speculation on words said after it', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    await during(call.session.say('Hello.').waitForPlayout());
    call.speak();
    call.interim('book a table');
    await until(() => expect(model.asked).toHaveLength(1));
    call.final('Book a table.');
    call.stop();
    await answered(call, 2);
    expect(call.ears.counters).toMatchObject({ started: 1, kept: 1 });
  });

  it('starts when the greeting is over on words said over its end', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    const greeting = call.session.say('Hello.', { allowInterruptions: false });
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.interim('book a table');
    await until(() => expect(greeting.done()).toBe(true));
    await until(() => expect(model.asked).toHaveLength(1));
    call.speak();
    call.final('Book a table.');
    call.stop();
    await answered(call, 2);
    await recorded(call);
    expect(call.ears.counters).toMatchObject({ started: 1, kept: 1 });
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
  });

  it('keeps one on words that talk the greeting into silence', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    call.session.say('Hello, this is the Olive Tree, and it is good to hear from you. How can I help?');
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.speak();
    await until(() => expect(call.session.agentState).toBe('listening'));
    call.interim('book a table');
    await until(() => expect(model.asked).toHaveLength(1));
    call.final('Book a table.');
    call.stop();
    await answered(call, 2);
    await recorded(call);
    expect(call.ears.counters).toMatchObject({ started: 1, kept: 1 });
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
  });

  it('starts on words said over the greeting before the caller was noticed', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    call.session.say('Hello, this is the Olive Tree, and it is good to hear from you. How can I help?');
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.interim('book a table');
    await settled();
    expect(call.ears.counters.started).toBe(0);
    call.speak();
    await until(() => expect(model.asked).toHaveLength(1));
    call.final('Book a table.');
    call.stop();
    await answered(call, 2);
    expect(call.ears.counters).toMatchObject({ started: 1, kept: 1 });
  });
});
