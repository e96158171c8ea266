import { expect, it } from 'vitest';
import { openRoutes, toRoutes } from './open-routes.js';
import { parseConfig } from './read-config.js';

const ENV = { OPENAI_API_KEY: 'k', GROQ_API_KEY: 'k' };
const plan = (text: string) => parseConfig(text, { file: 'f' }).routes;

it('opens a router for each route, and one that answers every other name', async () => {
  const opened = openRoutes(
    plan('defaultRoute: b\nroutes: { a: [openai:x], b: { models: [groq:y, emulated:z], voice: true } }'),
    { env: ENV, emulatorUrl: () => 'http://127.0.0.1:1/z/v1' },
  );
  const routes = toRoutes(opened);
  expect(routes.map(({ name }) => name)).toEqual(['a', 'b', '*']);
  expect(routes.map(({ router }) => router.model)).toEqual([
    'openai/x',
    'groq/y, emulated/z',
    'groq/y, emulated/z',
  ]);
  expect(routes[2]!.router).toBe(routes[1]!.router);
  await Promise.all(opened.map(({ router }) => router.close()));
});

it('keeps the routes whose settings have not changed, whatever their name, and no others', async () => {
  const before = openRoutes(plan('routes: { a: [openai:x], b: [groq:y], c: [groq:z] }'), { env: ENV });
  const after = openRoutes(
    plan('routes: { a: [openai:x], d: [groq:y], c: { models: [groq:z], giveUpAfterMs: 9000 } }'),
    { env: ENV, current: before },
  );
  expect(after.map(({ isKept }) => isKept)).toEqual([true, true, false]);
  expect(after[0]!.router).toBe(before[0]!.router);
  expect(after[1]!.router).toBe(before[1]!.router);
  await Promise.all([...before, ...after].map(({ router }) => router.close()));
});

it('opens two routers for two equal routes: each has its own hedge budget', async () => {
  const opened = openRoutes(plan('routes: { a: [openai:x], b: [openai:x] }'), { env: ENV });
  expect(opened[0]!.router).not.toBe(opened[1]!.router);
  await Promise.all(opened.map(({ router }) => router.close()));
});

it('refuses what the provider refuses', () => {
  const text = 'routes: { a: [openai:x, { model: groq:y, serviceTier: golden }] }';
  expect(() => openRoutes(plan(text), { env: ENV })).toThrow(/no service tier "golden"/);
});
