import { isAgent, type voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import agentFile, { prepareFrom, receptionist, search, Tables } from '../../../../examples/booking-agent.js';
import { commit, openCall, recorded, settled, speakAhead, until } from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';

// The example is a worker's file: it starts LiveKit's command line when it is loaded.
vi.mock('@livekit/agents', async (importOriginal) => ({
  ...(await importOriginal<typeof import('@livekit/agents')>()),
  cli: { runApp: () => {} },
}));

const booking = (id: string, order: object): AnswerStep => ({
  type: 'toolCall',
  call: { id, name: 'book', arguments: JSON.stringify(order) },
});

/** A call with the example's agent and prepare hook; STT, LLM and TTS are scripted. */
async function openExample(...answers: AnswerStep[][]) {
  const tables = new Tables();
  const model = new ScriptedModel(...answers);
  const agent: voice.Agent = receptionist(tables);
  const levers = { clause: true, trimSilence: true };
  const call = await openCall(model, { agent, prepare: prepareFrom(tables), levers });
  const promptText = (request: number) =>
    model.asked[request]?.messages.map(({ content }) => content).join('\n');
  return { call, model, tables, promptText };
}

describe('examples/booking-agent.ts', () => {
  it('exports an agent that `firstword agent` can run', () => {
    expect(isAgent(agentFile)).toBe(true);
  });

  it('looks up its facts during speculation, and keeps the answer', async () => {
    const { call, model, promptText } = await openExample([text('Yes, on the terrace.')]);
    await speakAhead(call, 'are dogs welcome', 'Yes, on the terrace.');
    expect(call.played()).toBe(0);
    await commit(call, 'Are dogs welcome?');
    await recorded(call);
    expect(model.asked).toHaveLength(1);
    expect(promptText(0)).toContain('Dogs are welcome on the terrace.');
    expect(promptText(0)).toContain("19 o'clock 12 seats");
    expect(promptText(0)).not.toContain('Mill Street');
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
    expect(call.records[0]?.marks.logicEnded).toBeLessThan(call.records[0]!.marks.turnCommitted!);
  });

  it('books once, after the commit, and knows the booking in the next turn', async () => {
    const { call, model, tables, promptText } = await openExample(
      [booking('1', { hour: 19, guests: 4 })],
      [text('Booked for four at seven.')],
      [text('You have one already.')],
    );
    call.speak();
    call.interim('a table for four at seven');
    await until(() => expect(model.asked).toHaveLength(1));
    await settled();
    expect(tables.bookings).toEqual([]);
    await commit(call, 'A table for four at seven.');
    expect(tables.bookings).toEqual([{ hour: 19, guests: 4 }]);
    await recorded(call);
    expect(call.records[0]?.toolCalls).toBe(1);
    call.speak();
    await commit(call, 'Do I have a table?', 2);
    expect(promptText(2)).toContain("19 o'clock 8 seats");
    expect(promptText(2)).toContain('Booked in this call: 4 at 19.');
  });

  it.each([
    [{ hour: 19, guests: 9 }, 'for the manager'],
    [{ hour: 3, guests: 2 }, 'Tables begin at 18'],
  ])('rejects %j by its own rules, and gives the LLM the reason', async (order, why) => {
    const { call, tables, promptText } = await openExample([booking('1', order)], [text('I am sorry.')]);
    call.speak();
    await commit(call, 'Book it.');
    expect(tables.bookings).toEqual([]);
    expect(promptText(1)).toContain(why);
  });

  it('finds nothing if no fact matches', () => {
    expect(search('How is the weather?')).toEqual([]);
  });
});
