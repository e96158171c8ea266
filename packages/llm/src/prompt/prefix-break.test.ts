import { startEmulator } from '@firstword/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { groq } from '../providers/index.js';
import { router } from '../router.js';
import { readAll } from '../testing/read.js';

const HOUSE_BOOK = 'Guests may order from the kitchen until ten. '.repeat(200);

/** The prefix break in the trace of each turn, with the emulated Groq behind a router. */
async function breaksOf(systems: string[]) {
  const emulator = await startEmulator({ seed: 3, profile: 'groq-gpt-oss-120b' });
  const model = groq({ model: 'openai/gpt-oss-120b', baseUrl: emulator.url, apiKey: 'k' });
  const route = router({ models: [model] });
  onTestFinished(async () => {
    await route.close();
    await emulator.close();
  });
  const said: { role: 'user' | 'assistant'; content: string }[] = [];
  const breaks = [];
  for (const [turn, content] of systems.entries()) {
    said.push({ role: 'user', content: `Question ${turn}` });
    const chat = route.chat({ messages: [{ role: 'system', content }, ...said] });
    await readAll(chat);
    said.push({ role: 'assistant', content: `Answer ${turn}` });
    breaks.push(chat.trace.prefixBreak);
  }
  return breaks;
}

test('a router’s trace contains what broke the prefix and what it cost', async () => {
  const [first, second, third] = await breaksOf([HOUSE_BOOK, HOUSE_BOOK, `It is 10:31. ${HOUSE_BOOK}`]);
  expect([first, second]).toEqual([undefined, undefined]);
  expect(third).toMatchObject({ at: { message: 0, role: 'system' }, what: 'changed' });
  expect(third!.lostTokens).toBeGreaterThan(1_000);
  expect(third!.costMs).toBeGreaterThan(0);
  expect(JSON.stringify(third)).not.toContain('kitchen');
});
