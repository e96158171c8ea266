import { expect, it } from 'vitest';
import { answered, openCall, settled, speakAhead, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import { gateSpeculations } from './speculation-gate.js';

it('lets a gate decide when LiveKit starts a speculation, at a preflight and at a final', async () => {
  const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
  const call = await openCall(model);
  await speakAhead(call, 'book a table', 'Alpha.');
  const starts: (() => void)[] = [];
  gateSpeculations(call.session, (words, start) => {
    expect(words).toBe('Book a table for two.');
    starts.push(start);
  });
  // LiveKit speculates on a final with other words than the preflight's.
  call.final('Book a table for two.');
  await until(() => expect(starts).toHaveLength(1));
  await settled();
  expect(model.asked).toHaveLength(1);
  starts[0]!();
  await until(() => expect(model.asked).toHaveLength(2));
  call.stop();
  await answered(call);
  expect(call.said('assistant')).toEqual(['Beta.']);
});

it('answers a turn whose speculation a gate has never started', async () => {
  const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
  const call = await openCall(model);
  await speakAhead(call, 'book a table', 'Alpha.');
  gateSpeculations(call.session, () => {});
  call.final('Book a table for two.');
  call.stop();
  await answered(call);
  expect(call.said('assistant')).toEqual(['Beta.']);
  expect(model.asked).toHaveLength(2);
});
