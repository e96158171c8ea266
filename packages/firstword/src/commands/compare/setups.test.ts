import { afterEach, expect, it } from 'vitest';
import { LlmShelf } from '../../llm/shelf.js';
import { openSetup, setupOf, setups } from './setups.js';

const shelf = new LlmShelf({ seed: 1 });
afterEach(() => shelf.close());

it('gives LiveKit’s defaults the primary alone, and the others the router', async () => {
  const setup = setupOf('mini-backup');
  const alone = await openSetup({ setup, shelf, routed: false });
  const routed = await openSetup({ setup, shelf, routed: true });
  expect(alone.model).toMatch(/^gpt-4o-mini/);
  expect('stats' in alone).toBe(false);
  expect('stats' in routed).toBe(true);
  await routed.close();
});

it('hedges a model that stands alone with itself, for the others only', async () => {
  const setup = setupOf('mini');
  expect('stats' in (await openSetup({ setup, shelf, routed: false }))).toBe(false);
  const routed = await openSetup({ setup, shelf, routed: true });
  expect('stats' in routed).toBe(true);
  await routed.close();
});

it('lists every set-up when it does not know one', () => {
  for (const { name } of setups()) {
    expect(() => setupOf('turbo')).toThrow(
      expect.objectContaining({ message: expect.stringContaining(name) }),
    );
  }
});
