import { expect, it } from 'vitest';
import { openCall, pass, synthesized, until } from '../testing/call-rig.js';
import { ScriptedModel, ToneTTS, text } from '../testing/scripted.js';
import { heardPart } from './heard-words.js';

it.each([
  [0, 'We'],
  [400, 'We are'],
  [900, 'We are open'],
  [60_000, 'We are open until ten.'],
])('after %d ms "%s" was heard', (heardMs, heard) => {
  expect(heardPart('We are open until ten.', heardMs, 60)).toBe(heard);
});

it('the LLM is sent what was heard of an interrupted answer', async () => {
  const model = new ScriptedModel([text('We are open until ten, every day.')], [text('Certainly.')]);
  const call = await openCall(model, { ttsEngine: new ToneTTS({ silenceMs: 0, toneMs: 5_000 }) });
  call.speak();
  call.final('When do you close?');
  call.stop();
  await until(() => expect(call.session.agentState).toBe('speaking'));
  await pass(900);
  call.speak();
  call.final('For two, please.');
  // LiveKit writes an interrupted answer into the history once its audio has ended.
  await pass(200);
  call.stop();
  await synthesized(call, 'Certainly.');
  const said = model.asked.at(-1)!.messages.filter(({ role }) => role === 'assistant');
  expect(said).toMatchObject([{ content: expect.stringMatching(/^We are open( until)?$/) }]);
});
