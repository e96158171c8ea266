import { router } from '@firstword/llm';
import { expect, it, vi } from 'vitest';
import { ScriptedModel } from '../testing/scripted.js';
import { FirstwordLLM } from './llm.js';

it('closing the LLM closes the models of its router', async () => {
  const models = [new ScriptedModel(), new ScriptedModel()];
  const closings = models.map((model) => vi.spyOn(model, 'close'));
  await new FirstwordLLM(router({ models })).aclose();
  for (const closing of closings) expect(closing).toHaveBeenCalledOnce();
});

it('a model that belongs to somebody else stays open', async () => {
  const model = new ScriptedModel();
  const closing = vi.spyOn(model, 'close');
  await new FirstwordLLM(model, { ownsModel: false }).aclose();
  expect(closing).not.toHaveBeenCalled();
});
