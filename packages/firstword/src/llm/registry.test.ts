import { afterEach, describe, expect, it, vi } from 'vitest';
import { LlmRegistry } from './registry.js';

const REAL = ['OPENAI_API_KEY', 'GROQ_API_KEY', 'CEREBRAS_API_KEY', 'FIRSTWORD_LLM_BASE_URL'];
const registries: LlmRegistry[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const registry of registries.splice(0)) await registry.close();
});

function registryWith(env: Record<string, string> = {}): LlmRegistry {
  for (const name of REAL) vi.stubEnv(name, env[name]);
  const registry = new LlmRegistry({ seed: 1 });
  registries.push(registry);
  return registry;
}

describe('the backup of an LLM', () => {
  it('is the default profile for emulated LLMs, and another profile for the default itself', () => {
    const registry = registryWith();
    expect(registry.backupOf('gpt-4o-mini')?.name).toBe('groq-gpt-oss-120b');
    expect(registry.backupOf('groq-gpt-oss-120b')).toMatchObject({ emulated: true });
    expect(registry.backupOf('groq-gpt-oss-120b')?.name).not.toBe('groq-gpt-oss-120b');
  });

  it('is a real provider for a real provider, never an emulated one', () => {
    const both = registryWith({ OPENAI_API_KEY: 'sk-x', GROQ_API_KEY: 'gsk-x' });
    const [first, second] = both.choices.filter((choice) => !choice.emulated);
    expect(both.backupOf(first!.name)).toEqual(second);
    const alone = registryWith({ GROQ_API_KEY: 'gsk-x' });
    expect(alone.backupOf(alone.defaultName)).toBeUndefined();
  });

  it('reuses one router per primary, and the router answers like the primary', async () => {
    const registry = registryWith();
    const backed = await registry.getWithBackup('gpt-4o-mini');
    const again = await registry.getWithBackup('gpt-4o-mini');
    expect(again).toBe(backed);
    const texts: string[] = [];
    for await (const event of backed.chat({
      messages: [{ role: 'user', content: 'Are you open on Sunday?' }],
    })) {
      if (event.type === 'text') texts.push(event.text);
    }
    expect(texts.join('')).not.toBe('');
  });
});
