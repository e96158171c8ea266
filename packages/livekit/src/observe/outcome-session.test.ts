import { FirstwordError } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { apologise } from '../agent/apologise.js';
import { FirstwordLLM } from '../llm/llm.js';
import { type CallScript, gate, openCall, recorded, type ScriptedCall, until } from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';
import type { ClauseTTS } from '../tts/clause-tts.js';

const down = new FirstwordError('bad_stream', 'The connection closed. Try again.');
const book: AnswerStep = { type: 'toolCall', call: { id: 'c1', name: 'book', arguments: '{}' } };

/** An agent with a tool; what it returns decides whether the model is asked again. */
function bookingAgent(execute: () => unknown): voice.Agent {
  return new voice.Agent({
    instructions: 'x',
    tools: [
      llm.tool({
        name: 'book',
        description: 'Books.',
        parameters: { type: 'object', properties: {} },
        execute: async () => execute(),
      }),
    ],
  });
}

async function openApologising(answers: AnswerStep[][], script: CallScript = {}) {
  const model = new FirstwordLLM(new ScriptedModel(...answers), { retryWithinMs: 0 });
  const call = await openCall(new ScriptedModel(), { levers: { speculation: false }, llm: model, ...script });
  apologise(call.session, model, 'I am sorry.');
  return call;
}

async function ask(call: ScriptedCall) {
  call.speak();
  call.final('Book a table.');
  call.stop();
  await recorded(call);
  return call.records[0]!;
}

describe('the outcome of a turn', () => {
  it('is an apology where the LLM failed and one was said', async () => {
    const call = await openApologising([[down]]);
    const record = await ask(call);
    expect(record).toMatchObject({ outcome: 'apology', failure: { part: 'llm', code: 'bad_stream' } });
    expect(record.feltGapMs).toBeUndefined();
    expect(record.marks).not.toHaveProperty('ttsRequested');
  });

  it('is cut short where the answer broke off after it was heard', async () => {
    const call = await openApologising([[text('Certainly, your table is booked. '), down]]);
    const record = await ask(call);
    expect(record).toMatchObject({ outcome: 'cut_short', failure: { part: 'llm', code: 'bad_stream' } });
    expect(record.feltGapMs).toBeUndefined();
  });

  it('is cut short where a router ended a broken answer early', async () => {
    const end: AnswerStep = { type: 'finish', reason: 'cut_short' };
    const call = await openApologising([[text('Certainly, your table is'), end]]);
    expect(await ask(call)).toMatchObject({ outcome: 'cut_short', failure: { code: 'bad_stream' } });
  });

  it('is failed where the answer is empty', async () => {
    const call = await openApologising([[]]);
    expect(await ask(call)).toMatchObject({
      outcome: 'failed',
      failure: { part: 'llm', code: 'empty_answer' },
    });
  });

  it('is known after the tools have run: a failure after “One moment” cuts the answer short', async () => {
    const agent = bookingAgent(() => 'booked');
    const call = await openApologising([[text('One moment, please. '), book], [down]], { agent });
    expect(await ask(call)).toMatchObject({ outcome: 'cut_short', toolCalls: 1 });
  });

  it('is answered where the model spoke before and after its tool', async () => {
    const agent = bookingAgent(() => 'booked');
    const answers = [[text('One moment, please. '), book], [text('It is booked.')]];
    const record = await ask(await openApologising(answers, { agent }));
    expect(record).toMatchObject({ outcome: 'answered', toolCalls: 1 });
    expect(record.feltGapMs).toBeGreaterThan(0);
  });

  it('is tool_only where the tool leaves nothing to say', async () => {
    const agent = bookingAgent(() => undefined);
    const record = await ask(await openApologising([[book], [text('It is booked.')]], { agent }));
    expect(record.outcome).toBe('tool_only');
    expect(record).not.toHaveProperty('failure');
  });

  it('is interrupted where the call ended before the answer', async () => {
    const call = await openApologising([[new Promise<void>(() => {})]]);
    call.speak();
    call.final('Book a table.');
    call.stop();
    await until(() => expect(call.said('user')).toHaveLength(1));
    await call.close();
    expect(call.records.map(({ outcome }) => outcome)).toEqual(['interrupted']);
  });

  it('is no answer where only a filler phrase was heard before the apology', async () => {
    const fails = gate();
    const call = await openApologising([[fails.opened, down]], {
      filler: { phrases: ['One moment.'], overMs: 1 },
      levers: { speculation: false, clause: true, trimSilence: true },
    });
    const { tts } = call.session;
    await until(() => expect((tts as ClauseTTS).isReady('One moment.')).toBe(true));
    call.speak();
    call.interim('Book a table.');
    call.final('Book a table.');
    call.stop();
    await until(() => expect(call.played()).toBeGreaterThan(0));
    fails.open();
    await recorded(call);
    const [record] = call.records;
    expect(record).toMatchObject({ outcome: 'apology', failure: { part: 'llm' } });
    expect(record).not.toHaveProperty('feltGapMs');
  });
});
