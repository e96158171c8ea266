import { ProviderError } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { answered, openCall, recorded, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import { retryInMs } from './retry.js';

const down = new FirstwordError('provider_unavailable', 'The provider is down.', { retryable: true });
const refused = new FirstwordError('auth', 'The key was refused. Set another.');
const limited = (retryAfterMs: number) =>
  new ProviderError('rate_limited', 'Too many requests.', { provider: 'p', retryable: true, retryAfterMs });

describe('askAgainInMs', () => {
  const failed = { error: down as unknown, begun: false, elapsedMs: 300, withinMs: 2_000 };

  it('retries at once, or after the delay that the provider asks for', () => {
    expect(retryInMs(failed)).toBe(0);
    expect(retryInMs({ ...failed, error: limited(500) })).toBe(500);
  });

  it.each([
    ['it cannot help', { error: refused }],
    ['it is no failure of a provider', { error: new Error('a bug') }],
    ['the answer has begun', { begun: true }],
    ['it is too late', { elapsedMs: 2_000 }],
    ['the provider wants to be left alone for too long', { error: limited(1_700) }],
    ['it is switched off', { withinMs: 0 }],
  ])('does not ask where %s', (_why, more) => {
    expect(retryInMs({ ...failed, ...more })).toBeUndefined();
  });
});

/** A turn without speculation. */
async function ask(model: ScriptedModel) {
  const call = await openCall(model, { speculation: { maxPerTurn: 0 }, levers: { speculation: false } });
  call.session.generateReply({ userInput: 'Book a table.' });
  return call;
}

describe('a single model that fails after the commit', () => {
  it('is retried once without audible effect, and the record holds both attempts', async () => {
    const model = new ScriptedModel([down], [text('Certainly.')]);
    const call = await openCall(model, { speculation: { maxPerTurn: 0 } });
    call.speak();
    call.stop();
    call.final('Book a table.');
    await answered(call);
    await recorded(call);
    expect(call.said('assistant')).toEqual(['Certainly.']);
    expect(call.errors).toEqual([]);
    const { llm, marks } = call.records[0]!;
    expect(llm?.requests).toBe(2);
    expect(llm?.attempts).toMatchObject([
      { reason: 'primary', outcome: 'failed', error: 'provider_unavailable' },
      { reason: 'failover', outcome: 'won' },
    ]);
    expect(marks.llmRequested).toBeDefined();
  });

  it('reports an error if the retry fails too', async () => {
    const model = new ScriptedModel([down], [down], [text('Never.')]);
    const call = await ask(model);
    await until(() => expect(call.errors).toHaveLength(1));
    expect(model.asked).toHaveLength(2);
    expect(call.said('assistant')).toEqual([]);
  });

  it('reports an error at once if the failure is not retryable', async () => {
    const model = new ScriptedModel([refused], [text('Never.')]);
    const call = await ask(model);
    await until(() => expect(call.errors).toHaveLength(1));
    expect(model.asked).toHaveLength(1);
  });

  it('is not retried once its answer has begun, so nothing is spoken twice', async () => {
    const model = new ScriptedModel([text('Certainly. '), down], [text('Never.')]);
    const call = await ask(model);
    await until(() => expect(call.errors).toHaveLength(1));
    expect(model.asked).toHaveLength(1);
    expect(call.ttsEngine.said.join(' ')).not.toContain('Never.');
  });

  it('is retried after the requested delay, but not after the session has closed', async () => {
    const model = new ScriptedModel([limited(1_000)], [text('Never.')]);
    const call = await ask(model);
    await until(() => expect(model.asked).toHaveLength(1));
    await call.close();
    expect(model.asked).toHaveLength(1);
    expect(model.open).toBe(0);
  });
});
