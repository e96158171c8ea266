import type { ChatRequest } from '@firstword/llm';
import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { answered, gate, openCall, recorded, settled, until } from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';

/** Calls the booking tool with whatever is asked. */
class BookingModel extends ScriptedModel {
  protected override answerTo({ messages }: ChatRequest): AnswerStep[] {
    if (messages.at(-1)?.role === 'tool') return [text('Booked.')];
    return [{ type: 'toolCall', call: { id: '1', name: 'book', arguments: '{}' } }];
  }
}

/** A turn that was committed on an early final. */
async function committedEarly(model: ScriptedModel, agent = new voice.Agent({ instructions: 'x' })) {
  const call = await openCall(model, { agent, finalSilenceMs: 200 });
  call.speak();
  call.interim('book a table for two');
  await until(() => expect(model.asked).toHaveLength(1));
  call.silence(450);
  call.stop();
  await until(() => expect(call.said('user')).toEqual(['book a table for two']));
  return call;
}

describe('a different engine final after the commit', () => {
  it('regenerates the answer if none of it was played', async () => {
    const slow = gate();
    const model = new ScriptedModel([slow.opened, text('Alpha.')], [text('Beta.')]);
    const call = await committedEarly(model);
    call.final('Book a table for ten.');
    await until(() => expect(model.asked).toHaveLength(2));
    slow.open();
    await answered(call);
    await recorded(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.said('user')).toEqual(['Book a table for ten.']);
    expect(model.asked[1]?.messages.map(({ content }) => content)).toEqual(['x', 'Book a table for ten.']);
    expect(call.records).toHaveLength(1);
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 0, cancelled: 1 });
    expect(call.records[0]?.marks.firstAudible).toBeDefined();
  });

  it('only corrects history if the answer is playing', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await committedEarly(model);
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.final('Book a table for ten.');
    await answered(call);
    await settled();
    expect(call.said('assistant')).toEqual(['Alpha.']);
    expect(call.said('user')).toEqual(['Book a table for ten.']);
    expect(model.asked).toHaveLength(1);
  });

  it('never runs a tool twice', async () => {
    const slow = gate();
    let runs = 0;
    const book = llm.tool({
      description: 'books',
      parameters: { type: 'object', properties: {} },
      execute: async () => {
        runs++;
        await slow.opened;
        return 'done';
      },
    });
    const model = new BookingModel();
    const call = await committedEarly(model, new voice.Agent({ instructions: 'x', tools: { book } }));
    await until(() => expect(runs).toBe(1));
    call.final('Book a table for ten.');
    await settled();
    slow.open();
    await answered(call);
    expect(runs).toBe(1);
    expect(call.said('assistant')).toEqual(['Booked.']);
    expect(model.asked).toHaveLength(2);
  });
});

describe('an early final before another agent takes over', () => {
  async function handedOver(model: ScriptedModel) {
    const call = await openCall(model, { finalSilenceMs: 200 });
    call.speak();
    call.interim('book a table');
    await until(() => expect(model.asked).toHaveLength(1));
    call.silence(450);
    await settled();
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    await until(() => expect(call.session.currentAgent).toBe(next));
    return call;
  }

  it('does not suppress the engine’s own final, which the next agent has not received', async () => {
    const call = await handedOver(new ScriptedModel([text('Sure.')]));
    call.final('Book a table.');
    call.stop();
    await answered(call);
    expect(call.said('user')).toEqual(['Book a table.']);
  });

  it('does not suppress the caller’s next words', async () => {
    const call = await handedOver(new ScriptedModel([text('Sure.')]));
    call.speak();
    call.interim('are you there');
    call.final('Are you there?');
    call.stop();
    await answered(call);
    expect(call.said('user')).toEqual(['Are you there?']);
  });
});
