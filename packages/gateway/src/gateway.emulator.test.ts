import { type Fault, startEmulator } from '@firstword/emulator';
import { type LanguageModel, openAiCompatible } from '@firstword/llm';
import { expect, onTestFinished, test } from 'vitest';
import { anthropicModel, CHAT, dataOf, gatewayTo, MESSAGES, post, routeTo } from './testing/gateway.js';

const DEADLINE_MS = 150;

/** The emulator's faults that leave no words, or a few. */
const FAULTS: Fault[] = [
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

async function emulated(fault?: Fault): Promise<string> {
  const faults = fault ? { faults: { rules: [{ fault }] } } : {};
  const emulator = await startEmulator({ profile: 'instant', ...faults });
  onTestFinished(() => emulator.close());
  return emulator.url;
}

const QUESTION = { model: 'm', messages: [{ role: 'user', content: 'At what time do you open?' }] };

function textOf(dialect: string, events: string[]): string {
  const parsed = events.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data));
  if (dialect === 'anthropic') return parsed.map(({ delta }) => delta?.text ?? '').join('');
  return parsed.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}

test.each(
  FAULTS.flatMap((fault) =>
    ['openai', 'anthropic'].map(
      (dialect) => [`${fault.kind}${'status' in fault ? ` ${fault.status}` : ''}`, dialect, fault] as const,
    ),
  ),
)('%s, client of %s: the backup answers where the clause is held', async (_name, dialect, fault) => {
  const urls = [await emulated(fault), await emulated()];
  const models: LanguageModel[] = urls.map((baseUrl, index) =>
    dialect === 'anthropic'
      ? anthropicModel(baseUrl)
      : openAiCompatible({ provider: index === 0 ? 'primary' : 'backup', model: 'instant', baseUrl }),
  );
  const route = routeTo(models, {
    firstContentDeadlineMs: DEADLINE_MS,
    stall: { beforeClauseMs: DEADLINE_MS },
  });
  const { gateway, answered } = await gatewayTo([{ ...route, holdUntilClause: true }]);
  const path = dialect === 'anthropic' ? MESSAGES : CHAT;
  const response = await post(gateway, path, { ...QUESTION, max_tokens: 200, stream: true });
  expect(response.status).toBe(200);
  expect(textOf(dialect, dataOf(await response.text()))).toMatch(/^We open at noon .*Saturdays\.$/);
  expect(answered).toMatchObject([{ status: 200, outcome: 'finished', trace: { emulated: true } }]);
});

test.each(['stall', 'reset', 'cut-off'] as const)(
  'a %s after words were passed on is told as cut short',
  async (kind) => {
    const model = openAiCompatible({ model: 'instant', baseUrl: await emulated({ kind, afterPieces: 3 }) });
    const { gateway } = await gatewayTo([routeTo([model], { stall: { afterClauseMs: 200 } })]);
    const streamed = dataOf(await (await post(gateway, CHAT, { ...QUESTION, stream: true })).text());
    expect(JSON.parse(streamed.at(-2)!)).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      firstword: { finish_reason: 'cut_short' },
    });
    const whole = await (await post(gateway, CHAT, QUESTION)).json();
    expect(whole).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      firstword: { finish_reason: 'cut_short' },
    });
  },
);
