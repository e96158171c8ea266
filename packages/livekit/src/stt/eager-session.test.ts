import { FirstwordError } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  answered,
  commit,
  gate,
  openCall,
  pass,
  settled,
  speakAhead,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

describe('a session that speculates', () => {
  it('runs LLM and TTS before the commit without audible output, and plays the result as the answer', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    await speakAhead(call, 'book a table', 'Certainly.');
    expect(call.played()).toBe(0);
    await commit(call, 'Book a table.');
    expect(model.asked).toHaveLength(1);
    expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1, cancelled: 0 });
  });

  it('shows the final transcript with its spelling in history', async () => {
    const call = await openCall(new ScriptedModel([text('Certainly.')]));
    await speakAhead(call, 'at seven thirty', 'Certainly.');
    await commit(call, 'At 7:30.');
    expect(call.said('user')).toEqual(['At 7:30.']);
    const agentItems = call.session.currentAgent.chatCtx.items;
    expect(
      agentItems.flatMap((i) => (i.type === 'message' && i.role === 'user' ? [i.textContent] : [])),
    ).toEqual(['At 7:30.']);
  });

  it('never plays a superseded speculation', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model);
    await speakAhead(call, 'book a table', 'Alpha.');
    call.interim('book a table for two');
    await synthesized(call, 'Beta.');
    await commit(call, 'Book a table for two.');
    expect(call.said('assistant')).toEqual(['Beta.']);
    // ToneTTS makes half a second of 24 kHz audio per clause: one clause was played, not two.
    expect(call.played()).toBe(12_000);
    expect(call.eagerStt.counters).toMatchObject({ started: 2, kept: 1, cancelled: 1 });
    expect(call.eagerStt.counters.wastedTokens).toBeGreaterThanOrEqual(0);
  });

  it('answers the final transcript if it differs from the speculated one', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model);
    await speakAhead(call, 'book a table', 'Alpha.');
    await commit(call, 'Book a table for two.');
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.eagerStt.counters).toMatchObject({ kept: 0, cancelled: 1 });
  });

  it('keeps one speculation running through more restarts than LiveKit allows by default', async () => {
    const model = new ScriptedModel(
      [text('One.')],
      [text('Two.')],
      [text('Three.')],
      [text('Four.')],
      [text('Five.')],
    );
    const call = await openCall(model, { speculation: { minAcceptance: 0 } });
    const words = ['book', 'book us', 'book us tables', 'book us tables too', 'book us tables tomorrow'];
    call.speak();
    call.silence(32);
    for (const [i, completed] of words.entries()) {
      call.interim(completed);
      await until(() => expect(model.asked).toHaveLength(i + 1));
    }
    await commit(call, 'Book us tables tomorrow.');
    expect(model.asked).toHaveLength(5);
    expect(call.said('assistant')).toEqual(['Five.']);
  });

  it('runs tools only after the commit, each once', async () => {
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
    const call = await openCall(model, { agent: new voice.Agent({ instructions: 'x', tools: { book } }) });
    call.speak();
    call.silence(32);
    call.interim('book a table');
    await until(() => expect(model.asked).toHaveLength(1));
    await settled();
    expect(runs).toEqual([]);
    await commit(call, 'Book a table.');
    expect(runs).toEqual(['book']);
    expect(call.said('assistant')).toEqual(['Booked.']);
  });

  it('does not speculate while a tool of the last turn still runs, and gives no duplicate reply', async () => {
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
    const call = await openCall(model, { agent: new voice.Agent({ instructions: 'x', tools: { lookUp } }) });
    call.speak();
    call.silence(32);
    call.interim('look it up');
    call.final('Look it up.');
    call.stop();
    await until(() => expect(finish).toBeDefined());
    const { started } = call.eagerStt.counters;
    call.interim('are you there');
    await settled();
    finish?.();
    expect(call.eagerStt.counters.started).toBe(started);
    await answered(call);
    expect(call.said('assistant')).toEqual(['Found.']);
  });

  it('counts a speculation as cancelled if onUserTurnCompleted changes the context', async () => {
    class Retrieving extends voice.Agent {
      override async onUserTurnCompleted(chatCtx: llm.ChatContext): Promise<void> {
        chatCtx.addMessage({ role: 'system', content: 'a fact' });
      }
    }
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model, { agent: new Retrieving({ instructions: 'x' }) });
    await speakAhead(call, 'book a table', 'Alpha.');
    await commit(call, 'Book a table.');
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.eagerStt.counters).toMatchObject({ kept: 0, cancelled: 1 });
    expect(call.eagerStt.counters.wastedTokens).toBeGreaterThan(0);
  });

  it('runs onUserTurnCompleted once per turn, at the commit, regardless of the number of speculations', async () => {
    const completed: string[] = [];
    class Hooked extends voice.Agent {
      override async onUserTurnCompleted(_chatCtx: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
        completed.push(message.textContent ?? '');
      }
    }
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model, { agent: new Hooked({ instructions: 'x' }) });
    await speakAhead(call, 'book a table', 'Alpha.');
    call.interim('book a table for two');
    await synthesized(call, 'Beta.');
    await pass(1_000);
    expect(completed).toEqual([]);
    await commit(call, 'book a table for two');
    expect(completed).toEqual(['book a table for two']);
  });

  it('has one LLM request in flight at a time, regardless of the number of restarts', async () => {
    const slow = gate();
    const model = new ScriptedModel([slow.opened, text('Sure.')]);
    const call = await openCall(model, { speculation: { minAcceptance: 0 } });
    call.speak();
    call.silence(32);
    for (const [i, words] of ['book', 'book us', 'book us tables', 'book us tables now'].entries()) {
      call.interim(words);
      await until(() => expect(model.asked).toHaveLength(i + 1));
      await settled();
      expect(model.open).toBe(1);
    }
    slow.open();
    await commit(call, 'Book us tables now.');
    expect(call.eagerStt.counters).toMatchObject({ started: 4, kept: 1, cancelled: 3 });
  });

  it('retries a failed speculation at the commit', async () => {
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
    const model = new ScriptedModel([failure], [text('Beta.')]);
    const call = await openCall(model);
    call.speak();
    call.silence(32);
    call.interim('book a table');
    await until(() => expect(model.asked).toHaveLength(1));
    await commit(call, 'Book a table.');
    expect(call.errors).toEqual([]);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.said('user')).toEqual(['Book a table.']);
    expect(model.asked.map(({ messages }) => messages)).toHaveLength(2);
    expect(call.eagerStt.counters).toMatchObject({ kept: 0, cancelled: 1 });
  });

  it('keeps a speculation on words spoken over the agent', async () => {
    const long = 'We open at noon. We close at ten. Except on Fridays. Then we close at eleven.';
    const model = new ScriptedModel([text(long)], [text('Beta.')]);
    const call = await openCall(model);
    call.speak();
    call.silence(32);
    call.final('When do you open?');
    call.stop();
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.speak();
    call.silence(32);
    await until(() => expect(call.session.agentState).toBe('listening'));
    call.interim('not now');
    await until(() => expect(model.asked).toHaveLength(2));
    await commit(call, 'Not now.', 2);
    expect(call.said('assistant')).toEqual([expect.any(String), 'Beta.']);
    expect(model.asked).toHaveLength(2);
    expect(call.eagerStt.counters).toMatchObject({ kept: 1, cancelled: 0 });
  });

  it('restores the agent’s own hook', async () => {
    const agent = new voice.Agent({ instructions: 'x' });
    const call = await openCall(new ScriptedModel([text('Certainly.')]), { agent });
    call.speak();
    call.silence(32);
    call.final('Book a table.');
    expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(false);
    await until(() => expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(true));
    await call.close();
    expect(Object.hasOwn(agent, 'onUserTurnCompleted')).toBe(false);
  });

  it('can close while a speculation waits for a commit that never comes', async () => {
    const call = await openCall(new ScriptedModel([text('Alpha.')]));
    await speakAhead(call, 'book a table', 'Alpha.');
    await call.close();
    expect(call.played()).toBe(0);
  });

  it('can hand over to another agent while a speculation waits', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model);
    await speakAhead(call, 'book a table', 'Alpha.');
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    await until(() => expect(call.session.currentAgent).toBe(next));
    expect(call.played()).toBe(0);
    expect(call.said('assistant')).toEqual([]);
  });

  it('answers each of several turns once', async () => {
    const model = new ScriptedModel([text('One.')], [text('Two.')], [text('Three.')]);
    const call = await openCall(model);
    for (let turn = 1; turn <= 3; turn++) {
      call.speak();
      call.silence(32);
      call.interim(`question ${turn}`);
      await commit(call, `Question ${turn}.`, turn);
    }
    expect(call.said('assistant')).toEqual(['One.', 'Two.', 'Three.']);
    expect(call.said('user')).toEqual(['Question 1.', 'Question 2.', 'Question 3.']);
    expect(model.asked).toHaveLength(3);
    expect(call.eagerStt.counters).toMatchObject({ started: 3, kept: 3 });
  });
});
