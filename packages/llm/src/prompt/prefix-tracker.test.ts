import { expect, test } from 'vitest';
import type { ChatMessage, ChatRequest, Usage } from '../chat.js';
import { newTrace } from '../trace.js';
import { PrefixTracker } from './prefix-tracker.js';

const BOOK = 'Guests may order until ten. '.repeat(400);
const system = (text = BOOK): ChatMessage => ({ role: 'system', content: text });
const user = (content: string): ChatMessage => ({ role: 'user', content });
const agent = (content: string): ChatMessage => ({ role: 'assistant', content });

interface Read {
  messages: ChatMessage[];
  usage?: Usage;
  prefillMs?: number;
  extra?: ChatRequest['extra'];
}

/** The prefix breaks that a tracker reports for these requests, in order. */
function watched(reads: Read[]) {
  const tracker = new PrefixTracker();
  return reads.map(({ messages, usage, prefillMs, extra }) => {
    const trace = newTrace({ provider: 'p', model: 'm' });
    if (usage) trace.usage = usage;
    if (prefillMs !== undefined) trace.providerTime = { prefillMs };
    tracker.recordRead({ messages, ...(extra ? { extra } : {}) }, trace);
    return trace.prefixBreak;
  });
}

const tokens = (promptTokens: number, cachedTokens: number) => ({ promptTokens, cachedTokens });
const hi = [system(), user('Hi')];
const later = [...hi, agent('Hello'), user('A table, please')];

test('a growing conversation does not break the prefix', () => {
  expect(watched([{ messages: hi }, { messages: later }])).toEqual([undefined, undefined]);
});

test('reports the cost from the provider’s own tokens and times', () => {
  const dated = [system(`It is 10:31. ${BOOK}`), ...later.slice(1)];
  const [, , broken] = watched([
    { messages: hi, usage: tokens(2_800, 0), prefillMs: 280 },
    { messages: later, usage: tokens(2_840, 2_800), prefillMs: 4 },
    { messages: dated, usage: tokens(2_850, 0), prefillMs: 285 },
  ]);
  expect(broken).toMatchObject({ at: { message: 0, role: 'system' }, what: 'changed' });
  expect(broken!.lostTokens).toBeGreaterThan(2_800);
  expect(broken!.lostTokens).toBeLessThanOrEqual(2_840);
  expect(broken!.costMs).toBeCloseTo(broken!.lostTokens! * 0.1, 6);
});

test('tokens that are still cached are not lost', () => {
  const changed = [system(), user('Hi'), agent('Hello there'), user('A table, please')];
  const grown = [...changed, agent('When?'), user('Today')];
  const [, , broken] = watched([
    { messages: later, usage: tokens(2_840, 0), prefillMs: 280 },
    { messages: [...later, agent('When?')], usage: tokens(2_850, 2_840), prefillMs: 5 },
    { messages: grown, usage: tokens(2_860, 2_816), prefillMs: 6 },
  ]);
  expect(broken).toMatchObject({ at: { message: 2, role: 'assistant' } });
  expect(broken!.lostTokens).toBeLessThan(40);
});

test('leaves out values that were not reported', () => {
  const dated = [system('It is 10:31.'), ...later.slice(1)];
  const [, untold] = watched([{ messages: later }, { messages: dated }]);
  expect(untold).toMatchObject({ what: 'changed' });
  expect(untold).not.toHaveProperty('lostTokens');
  const [, untimed] = watched([
    { messages: later, usage: tokens(2_840, 0) },
    { messages: dated, usage: tokens(50, 0) },
  ]);
  expect(untimed!.lostTokens).toBeGreaterThan(2_000);
  expect(untimed).not.toHaveProperty('costMs');
});

test('reports the cost even after a cancelled speculation without usage', () => {
  const [, , broken] = watched([
    { messages: hi, usage: tokens(2_800, 0), prefillMs: 280 },
    { messages: later },
    { messages: [system('Other'), ...later.slice(1)], usage: tokens(40, 0), prefillMs: 4 },
  ]);
  expect(broken!.lostTokens).toBeGreaterThan(2_000);
  expect(broken!.costMs).toBeCloseTo(broken!.lostTokens! * 0.1, 6);
});

test('a prompt too short to be cached costs nothing', () => {
  const grown = [...later, agent('When?'), user('Today')];
  const [, , , broken] = watched([
    { messages: hi, usage: tokens(300, 0) },
    { messages: later, usage: tokens(340, 0) },
    { messages: grown, usage: tokens(350, 0) },
    { messages: [system('Other'), ...grown.slice(1)], usage: tokens(350, 0) },
  ]);
  expect(broken).toMatchObject({ what: 'changed', lostTokens: 0, costMs: 0 });
});

test('a caller who continues to speak does not break the prefix', () => {
  const reads = ['I want', 'I want a', 'I want a table'].map((text) => ({
    messages: [...hi, agent('Hello'), user(text)],
  }));
  expect(watched([{ messages: hi }, ...reads])).toEqual([undefined, undefined, undefined, undefined]);
});

test('another caller with the same instructions is another conversation', () => {
  const other = [system(), user('Good evening'), agent('Hello!'), user('Are dogs allowed?')];
  const grown = [...later, agent('When?'), user('Today')];
  expect(watched([{ messages: later }, { messages: other }, { messages: grown }])).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('another cache key is another conversation, even with the same words', () => {
  const broken = [system('Changed'), ...later.slice(1)];
  const call = (name: string) => ({ prompt_cache_key: name });
  expect(
    watched([
      { messages: later, extra: call('one') },
      { messages: broken, extra: call('two') },
    ]),
  ).toEqual([undefined, undefined]);
});
