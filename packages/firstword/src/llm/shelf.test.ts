import { afterEach, describe, expect, it, vi } from 'vitest';
import { LlmShelf } from './shelf.js';

const REAL = ['OPENAI_API_KEY', 'GROQ_API_KEY', 'CEREBRAS_API_KEY', 'FIRSTWORD_LLM_BASE_URL'];
const shelves: LlmShelf[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const shelf of shelves.splice(0)) await shelf.close();
});

function shelfWith(env: Record<string, string> = {}): LlmShelf {
  for (const name of REAL) vi.stubEnv(name, env[name]);
  const shelf = new LlmShelf({ seed: 1 });
  shelves.push(shelf);
  return shelf;
}

describe('the backup of an LLM', () => {
  it('is the emulated default for the emulated ones, and another for that one', () => {
    const shelf = shelfWith();
    expect(shelf.backupOf('gpt-4o-mini')?.name).toBe('groq-gpt-oss-120b');
    expect(shelf.backupOf('groq-gpt-oss-120b')).toMatchObject({ emulated: true });
    expect(shelf.backupOf('groq-gpt-oss-120b')?.name).not.toBe('groq-gpt-oss-120b');
  });

  it('is a real one for a real one: an emulated one would have answered a real question', () => {
    const both = shelfWith({ OPENAI_API_KEY: 'sk-x', GROQ_API_KEY: 'gsk-x' });
    const [first, second] = both.choices.filter((choice) => !choice.emulated);
    expect(both.backupOf(first!.name)).toEqual(second);
    const alone = shelfWith({ GROQ_API_KEY: 'gsk-x' });
    expect(alone.backupOf(alone.defaultName)).toBeUndefined();
  });

  it('stays beside it, with what was learned of both, and answers as the first does', async () => {
    const shelf = shelfWith();
    const backed = await shelf.getWithBackup('gpt-4o-mini');
    const again = await shelf.getWithBackup('gpt-4o-mini');
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
