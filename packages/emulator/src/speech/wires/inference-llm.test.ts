import { inference, llm } from '@livekit/agents';
import { expect, it } from 'vitest';
import { startSpeechEmulator } from '../speech-emulator.js';
import '../testing/caller.js';

it('answers LiveKit Inference’s chat completions with the emulated LLM', async () => {
  const emulator = await startSpeechEmulator({ llm: { profile: 'instant' } });
  const model = new inference.LLM({
    model: 'openai/gpt-4o-mini',
    baseURL: emulator.urlFor('instant'),
    apiKey: 'key',
    apiSecret: 'secret',
  });
  const chatCtx = new llm.ChatContext();
  chatCtx.addMessage({ role: 'user', content: 'Are you open today?' });
  let text = '';
  for await (const chunk of model.chat({ chatCtx })) text += chunk.delta?.content ?? '';
  expect(text).toMatch(/open/i);
  await emulator.close();
});
