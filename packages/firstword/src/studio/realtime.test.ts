import { afterEach, expect, it, vi } from 'vitest';
import { realtimeOf } from './realtime.js';

afterEach(() => vi.unstubAllEnvs());

it('names the arms of a comparison, emulated unless the real provider is asked for', () => {
  expect(realtimeOf('openai')).toMatchObject({
    arm: { model: 'openai', mode: 'audio', answers: 'itself' },
    info: {
      emulated: true,
      usesLlm: false,
      label: expect.stringMatching(/^openai: gpt-realtime.*\(emulated\)/),
    },
  });
  expect(realtimeOf('realtime:gemini').arm.model).toBe('gemini');
  expect(realtimeOf('transcript').info.usesLlm).toBe(true);
  vi.stubEnv('OPENAI_API_KEY', 'any');
  expect(realtimeOf('openai:live').info).toMatchObject({
    emulated: false,
    source: 'key from OPENAI_API_KEY',
  });
});

it('lists the names for one that does not exist, and says which key is missing', () => {
  expect(() => realtimeOf('opnai')).toThrow(/Did you mean openai/);
  vi.stubEnv('XAI_API_KEY', '');
  expect(() => realtimeOf('xai:live')).toThrow('XAI_API_KEY');
});
