import { isFirstwordError, ManualClock } from '@firstword/turn';
import { llm } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { Preparations, type Prepare, type PrepareInput } from './preparation.js';

const userMessage = (content: string) => llm.ChatMessage.create({ role: 'user', content });
const greeting = llm.ChatMessage.create({ role: 'assistant', content: 'Hello.' });
const asked = (words: string, before: llm.ChatItem[] = [greeting]): PrepareInput => ({
  before,
  message: userMessage(words),
});
const textOf = (item: llm.ChatItem | undefined) => (item?.type === 'message' ? item.textContent : undefined);

/** Work that stays pending until the test resolves or rejects it. */
function rig(timeoutMs = 2_000) {
  const clock = new ManualClock();
  const runs: { words: string; signal: AbortSignal; end: (error?: Error) => void; speculative: boolean }[] =
    [];
  const prepare: Prepare = (chatCtx, message, { signal, speculative }) =>
    new Promise((resolve, reject) => {
      const words = message.textContent ?? '';
      const end = (error?: Error) => {
        if (error) return reject(error);
        chatCtx.addMessage({ role: 'system', content: `facts on ${words}` });
        resolve();
      };
      runs.push({ words, signal, end, speculative });
    });
  const preparations = new Preparations({ prepare, timeoutMs, clock });
  return { clock, runs, preparations };
}

describe('Preparations', () => {
  it('runs once for the same words, regardless of spelling', async () => {
    const { runs, preparations } = rig();
    const first = preparations.acquire(asked('book a table'), true);
    const second = preparations.acquire(asked('Book a table.'), false);
    runs[0]?.end();
    const [a, b] = await Promise.all([first.result, second.result]);
    expect(textOf(a.before.at(-1))).toBe('facts on book a table');
    expect(b).toBe(a);
    first.release();
    second.release();
    preparations.acquire(asked('book a table'), false);
    expect(runs).toHaveLength(1);
  });

  it('runs again for other words, or for the same words in another context', () => {
    const { runs, preparations } = rig();
    preparations.acquire(asked('yes'), true);
    preparations.acquire(asked('no'), true);
    preparations.acquire(asked('no', []), true);
    expect(runs.map(({ words }) => words)).toEqual(['yes', 'no', 'no']);
  });

  it('ignores chat items that are not sent to the LLM', () => {
    const { runs, preparations } = rig();
    preparations.acquire(asked('yes'), true);
    preparations.acquire(asked('yes', [greeting, llm.AgentConfigUpdate.create({})]), false);
    expect(runs).toHaveLength(1);
  });

  it('aborts the work at once when the words change, unless another request still waits for it', () => {
    const { runs, preparations } = rig();
    const first = preparations.acquire(asked('book'), true);
    first.release();
    preparations.acquire(asked('book a table'), true);
    expect(runs[0]?.signal.aborted).toBe(true);
    const third = preparations.acquire(asked('book a table for two'), true);
    expect(runs[1]?.signal.aborted).toBe(false);
    third.release();
  });

  it('aborts work that is released after newer work was requested', () => {
    const { runs, preparations } = rig();
    const first = preparations.acquire(asked('book'), true);
    preparations.acquire(asked('book a table'), true);
    first.release();
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it('lets the next request reuse released work, and otherwise aborts it', async () => {
    const { clock, runs, preparations } = rig();
    preparations.acquire(asked('book'), true).release();
    clock.advance(19);
    const second = preparations.acquire(asked('Book!'), true);
    clock.advance(100);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.signal.aborted).toBe(false);
    second.release();
    clock.advance(20);
    expect(runs[0]?.signal.aborted).toBe(true);
    await expect(second.result).rejects.toSatisfy((e) => isFirstwordError(e, 'aborted'));
  });

  it('retries failed work', async () => {
    const { runs, preparations } = rig();
    const first = preparations.acquire(asked('book'), true);
    runs[0]?.end(new Error('index is down'));
    await expect(first.result).rejects.toThrow('index is down');
    first.release();
    preparations.acquire(asked('book'), false);
    expect(runs.map(({ speculative }) => speculative)).toEqual([true, false]);
  });

  it('aborts work that takes too long, with an error that says what to do', async () => {
    const { clock, runs, preparations } = rig(500);
    const { result } = preparations.acquire(asked('book'), false);
    clock.advance(500);
    await expect(result).rejects.toSatisfy((e) => isFirstwordError(e, 'timeout'));
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it('leaves no pending timer', async () => {
    const { clock, runs, preparations } = rig();
    const first = preparations.acquire(asked('book'), true);
    runs[0]?.end();
    await first.result;
    first.release();
    const second = preparations.acquire(asked('order'), true);
    second.release();
    preparations.close();
    await second.result.catch(() => {});
    expect(clock.pendingTimers).toBe(0);
  });

  it('hands out copies, so the history stays unchanged', async () => {
    const message = userMessage('book');
    const before: llm.ChatItem[] = [greeting];
    const preparations = new Preparations({
      prepare: (chatCtx, newMessage) => {
        newMessage.content.push('context: …');
        const first = chatCtx.items[0];
        if (first?.type === 'message') first.content = ['Changed.'];
        chatCtx.addMessage({ role: 'system', content: 'fact' });
      },
      timeoutMs: 1_000,
      clock: new ManualClock(),
    });
    const made = await preparations.acquire({ before, message }, false).result;
    expect(made.message.content).toEqual(['book', 'context: …']);
    expect(made.before).toHaveLength(2);
    expect([message.content, before.length, greeting.textContent]).toEqual([['book'], 1, 'Hello.']);
  });
});
