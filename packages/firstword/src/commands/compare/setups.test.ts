import { afterEach, expect, it } from 'vitest';
import { LlmRegistry } from '../../llm/registry.js';
import { openSetup, setupOf, setups } from './setups.js';

const registry = new LlmRegistry({ seed: 1 });
afterEach(() => registry.close());

it('gives LiveKit’s defaults the primary alone and the other arms a router', async () => {
  const setup = setupOf('mini-backup');
  const alone = await openSetup({ setup, registry, routed: false });
  const routed = await openSetup({ setup, registry, routed: true });
  expect(alone.model).toMatch(/^gpt-4o-mini/);
  expect('stats' in alone).toBe(false);
  expect('stats' in routed).toBe(true);
  await routed.close();
});

it('hedges a single model with itself, but not for LiveKit’s defaults', async () => {
  const setup = setupOf('mini');
  expect('stats' in (await openSetup({ setup, registry, routed: false }))).toBe(false);
  const routed = await openSetup({ setup, registry, routed: true });
  expect('stats' in routed).toBe(true);
  await routed.close();
});

it('lists every setup for an unknown name', () => {
  for (const { name } of setups()) {
    expect(() => setupOf('turbo')).toThrow(
      expect.objectContaining({ message: expect.stringContaining(name) }),
    );
  }
});
