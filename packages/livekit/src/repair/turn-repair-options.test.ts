import { llm, VADEventType, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import type { AgentSession } from '../session/agent-session.js';
import { answered, type CallScript, gate, pass, settled, until } from '../testing/call-rig.js';
import {
  bookingModel,
  cutOff,
  finish,
  GO_ON_MS,
  goOn,
  goOnOverAnswer,
  HALF,
  openRepaired,
  REST,
  speaking,
  WHOLE,
} from '../testing/cut-off-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';
import { readOnly } from '../tools/read-only.js';

describe('tools', () => {
  const toolCall: AnswerStep = {
    type: 'toolCall',
    call: { id: 'call-1', name: 'book', arguments: '{}' },
  };

  function agentWith(execute: () => Promise<string>): voice.Agent {
    const book = llm.tool({ description: 'x', parameters: { type: 'object', properties: {} }, execute });
    return new voice.Agent({ instructions: 'x', tools: { book } });
  }

  it('that have run are not run again: call and output stay, after the whole turn', async () => {
    let runs = 0;
    const agent = agentWith(async () => `table ${++runs}`);
    const model = new ScriptedModel([toolCall], [text('Booked.')], [text('Booked for four.')]);
    const call = await cutOff(model, { agent });
    await goOnOverAnswer(call);
    await pass(100);
    await finish(call);
    expect(runs).toBe(1);
    expect(model.asked.at(-1)!.messages.filter(({ role }) => role !== 'system')).toMatchObject([
      { role: 'user', content: WHOLE },
      { role: 'assistant', toolCalls: [{ name: 'book' }] },
      { role: 'tool', content: '"table 1"' },
    ]);
    const types = call.session.history.items.filter(
      ({ type }) => type !== 'agent_handoff' && type !== 'agent_config_update',
    );
    expect(types.map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
    expect(call.said('assistant')).toEqual(['Booked for four.']);
  });

  it.each<[string, boolean]>([
    ['alone', false],
    ['while the agent speaks', true],
  ])('that still run %s are waited for, and their output is kept', async (_, speaks) => {
    let runs = 0;
    const done = gate();
    const agent = agentWith(async () => {
      runs += 1;
      await done.opened;
      return 'table 1';
    });
    const first = speaks ? [text('One moment, I will see to that.'), toolCall] : [toolCall];
    const model = new ScriptedModel(first, [text('Booked for four.')]);
    const call = await cutOff(model, { agent });
    await until(() => expect(runs).toBe(1));
    if (speaks) await speaking(call);
    goOn(call);
    await pass(100);
    call.final(REST);
    call.stop();
    await pass(500);
    expect([call.said('user'), call.said('assistant')]).toEqual([[], []]);
    done.open();
    await answered(call);
    expect(call.said('assistant')).toEqual(['Booked for four.']);
    expect(runs).toBe(1);
    expect(model.asked.at(-1)!.messages.filter(({ role }) => role !== 'system')).toMatchObject([
      { role: 'user', content: WHOLE },
      { role: 'assistant', toolCalls: [{ name: 'book' }] },
      { role: 'tool', content: '"table 1"' },
    ]);
  });
});

it('a read-only tool of the half is not waited for: the whole turn runs it again', async () => {
  let runs = 0;
  const first = gate();
  const look = readOnly(
    llm.tool({
      description: 'x',
      parameters: { type: 'object', properties: {} },
      execute: () => {
        runs += 1;
        return (runs === 1 ? first.opened : Promise.resolve()).then(() => 'open');
      },
    }),
  );
  const agent = new voice.Agent({ instructions: 'x', tools: { look } });
  const call = (id: string): AnswerStep => ({
    type: 'toolCall',
    call: { id, name: 'look', arguments: '{}' },
  });
  const model = new ScriptedModel([call('call-1')], [call('call-2')], [text('We are open.')]);
  const cut = await cutOff(model, { agent });
  await until(() => expect(runs).toBe(1));
  goOn(cut);
  await pass(100);
  await finish(cut);
  expect(runs).toBe(2);
  expect([cut.said('user'), cut.said('assistant')]).toEqual([[WHOLE], ['We are open.']]);
  first.open();
});

describe('the user’s own', () => {
  class Hooked extends voice.Agent {
    readonly turns: (string | undefined)[] = [];
    wait: Promise<void> | undefined;

    override async onUserTurnCompleted(_: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
      this.turns.push(message.textContent);
      await this.wait;
    }
  }

  it('onUserTurnCompleted is called again, with the whole turn', async () => {
    const agent = new Hooked({ instructions: 'x' });
    const call = await cutOff(bookingModel(), { agent });
    await goOnOverAnswer(call);
    await pass(100);
    await finish(call);
    expect(agent.turns).toEqual([HALF, WHOLE]);
  });

  it('onUserTurnCompleted may still run when the caller goes on: the half gets no answer', async () => {
    const hook = gate();
    const agent = new Hooked({ instructions: 'x' });
    agent.wait = hook.opened;
    const call = await openRepaired(bookingModel(), { agent });
    call.speak();
    call.final(HALF);
    call.stop();
    await until(() => expect(agent.turns).toEqual([HALF]));
    await pass(GO_ON_MS);
    goOn(call);
    call.final(REST);
    hook.open();
    call.stop();
    await answered(call);
    expect(agent.turns).toEqual([HALF, WHOLE]);
    expect([call.said('user'), call.ttsEngine.said.at(-1)]).toEqual([[WHOLE], 'Booked.']);
    expect(call.said('assistant')).toEqual(['Booked.']);
  });

  it.each<[string, CallScript]>([
    ['the lever is off', { levers: { repair: false } }],
    ['minDuration is set', { interruption: { minDuration: 700 } }],
    ['answers may not be interrupted', { interruption: { enabled: false } }],
  ])('options stay: the sound does not stop the agent if %s', async (_, script) => {
    const call = await cutOff(bookingModel(), script);
    await goOnOverAnswer(call);
    await pass(300);
    expect(call.session.agentState).toBe('speaking');
  });

  it('minDuration is kept, and the halves are joined once it has passed', async () => {
    const call = await cutOff(bookingModel(), { interruption: { minDuration: 700 } });
    await goOnOverAnswer(call);
    await pass(300);
    await finish(call);
    expect([call.said('user'), call.said('assistant')]).toEqual([[WHOLE], ['Booked.']]);
  });

  it('minWords are kept: fewer of them do not end the answer', async () => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await cutOff(model, { interruption: { minWords: 3 } });
    await goOnOverAnswer(call);
    call.interim('for four');
    await pass(200);
    expect(call.session.agentState).toBe('speaking');
    expect(call.said('user')).toEqual([HALF]);
    await settled();
  });
});

it.each<[string, CallScript]>([
  ['turnDetection is manual', { own: { turnHandling: { turnDetection: 'manual' } } }],
  ['the STT decides when the turn is over', { own: { turnHandling: { turnDetection: 'stt' } } }],
  ['interruptions are off', { interruption: { enabled: false } }],
])('is idle, and says so: %s', async (reason, script) => {
  const call = await openRepaired(new ScriptedModel([]), { dropIn: 'session', ...script });
  const levers = (call.session as AgentSession).levers.filter(({ lever }) => lever === 'repair');
  expect(levers).toEqual([{ lever: 'repair', state: 'idle', reason }]);
});

describe('while LiveKit lets the caller’s echo canceller adapt', () => {
  const window = (level: number) => ({
    frames: [new AudioFrame(new Int16Array(512).fill(level), 16_000, 1, 512)],
    probability: 0.9,
  });

  it.each<[string, CallScript, number, string]>([
    ['a sound as loud as the caller stops the agent', { echoWarmup: true }, 7000, 'listening'],
    ['an echo does not', { echoWarmup: true }, 2000, 'speaking'],
    ['no sound does if the user has set that time', { own: { aecWarmupDuration: 3000 } }, 7000, 'speaking'],
  ])('%s', async (_, script, level, state) => {
    const model = new ScriptedModel([text('For how many?')]);
    const call = await openRepaired(model, { dropIn: 'session', ...script });
    call.vad.say(VADEventType.INFERENCE_DONE, window(8000));
    call.speak();
    call.final(HALF);
    call.stop();
    await speaking(call);
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    call.vad.say(VADEventType.INFERENCE_DONE, window(level));
    goOn(call);
    await pass(100);
    expect(call.session.agentState).toBe(state);
  });
});
