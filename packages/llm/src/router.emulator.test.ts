import { type Fault, startEmulator } from '@firstword/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { anthropic } from './providers/anthropic/index.js';
import { openAiCompatible } from './providers/compatible/index.js';
import { gemini } from './providers/gemini/index.js';
import { type HttpModelOptions, httpModel } from './providers/http-model.js';
import type { Provider } from './providers/provider.js';
import { router } from './router.js';
import { readAll, textOf } from './testing/read.js';

const DEADLINE_MS = 150;

/** The emulator's faults that prevent any answer. */
const SILENT: Fault[] = [
  { kind: 'straggler', delayMs: 30_000 },
  { kind: 'no-headers' },
  { kind: 'hang-up' },
  { kind: 'headers-then-comments', everyMs: 20 },
  { kind: 'role-then-nothing' },
  { kind: 'empty-stream' },
  { kind: 'empty-answer' },
  { kind: 'error-frame' },
  { kind: 'http-error', status: 400 },
  { kind: 'http-error', status: 500 },
  { kind: 'rate-limited' },
  { kind: 'rate-limited', retryAfterSeconds: 30 },
  { kind: 'stall', afterPieces: 1 },
  { kind: 'reset', afterPieces: 1 },
  { kind: 'cut-off', afterPieces: 1 },
  { kind: 'garbage', afterPieces: 1 },
  { kind: 'long-line', bytes: 11 * 1024 * 1024 },
  { kind: 'html-page' },
];

function openFor(provider: Provider, options: HttpModelOptions) {
  const model = httpModel(provider, options);
  onTestFinished(() => model.close());
  return model;
}

async function emulated(fault?: Fault) {
  const emulator = await startEmulator({
    profile: 'instant',
    ...(fault ? { faults: { rules: [{ fault }] } } : {}),
  });
  onTestFinished(() => emulator.close());
  return emulator.url;
}

test.each(
  SILENT.map((fault) => [`${fault.kind}${'status' in fault ? ` ${fault.status}` : ''}`, fault] as const),
)('the emulator’s %s does not decide how long a caller waits', async (_name, fault) => {
  const route = router({
    models: [
      openAiCompatible({ provider: 'primary', model: 'instant', baseUrl: await emulated(fault) }),
      openAiCompatible({ provider: 'backup', model: 'instant', baseUrl: await emulated() }),
    ],
    firstContentDeadlineMs: DEADLINE_MS,
    stall: { beforeClauseMs: DEADLINE_MS },
  });
  onTestFinished(() => route.close());
  const chat = route.chat({ messages: [{ role: 'user', content: 'At what time do you open?' }] });
  expect(textOf(await readAll(chat)).length).toBeGreaterThan(10);
  expect(chat.trace).toMatchObject({ provider: 'backup', outcome: 'finished', emulated: true });
});

test.each([
  ['anthropic', anthropic, '/v1', 'claude-haiku-4-5@anthropic'],
  ['gemini', gemini, '/v1beta', 'gemini-2.5-flash'],
] as const)('speaks %s’s own language with the emulator', async (_name, provider, path, model) => {
  const { origin } = new URL(await emulated());
  const chat = openFor(provider, { model, baseUrl: `${origin}${path}`, apiKey: 'any' }).chat({
    messages: [
      { role: 'system', content: 'You are a receptionist.' },
      { role: 'user', content: 'At what time do you open?' },
    ],
  });
  const events = await readAll(chat);
  expect(textOf(events).length).toBeGreaterThan(10);
  expect(events).toContainEqual({ type: 'finish', reason: 'stop' });
  expect(chat.trace).toMatchObject({ emulated: true, status: 200 });
  expect(chat.trace.usage?.completionTokens).toBeGreaterThan(0);
});

test('a real conversation with the emulator names its profile', async () => {
  const model = openAiCompatible({ model: 'instant', baseUrl: await emulated() });
  onTestFinished(() => model.close());
  const chat = model.chat({ messages: [{ role: 'user', content: 'At what time do you open?' }] });
  const events = await readAll(chat);
  expect(events.some(({ type }) => type === 'finish')).toBe(true);
  expect(chat.trace).toMatchObject({ emulated: true, profile: 'instant', outcome: 'finished' });
  expect(chat.trace.usage?.promptTokens).toBeGreaterThan(0);
});
