import type { ChatRequest } from '@firstword/llm';
import { FirstwordError, isFirstwordError } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  answered,
  commit,
  gate,
  openCall,
  pass,
  recorded,
  settled,
  speakAhead,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import type { Prepare } from './preparation.js';

/** An LLM that is not a `FirstwordLLM`. */
class PlainLLM extends llm.LLM {
  readonly asked: llm.ChatContext[] = [];

  override label(): string {
    return 'plain';
  }

  override chat({ chatCtx }: { chatCtx: llm.ChatContext }): llm.LLMStream {
    this.asked.push(chatCtx);
    return new PlainStream(this, {
      chatCtx,
      connOptions: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 1_000 },
    });
  }
}

class PlainStream extends llm.LLMStream {
  protected override async run(): Promise<void> {
    this.queue.put({ id: 'plain-1', delta: { role: 'assistant', content: 'Certainly.' } });
  }
}

/** Looks up facts for the transcript; `before` can delay the lookup or make it fail. */
function retrieval(before: (nth: number, signal: AbortSignal) => Promise<void> | void = () => {}) {
  const runs: { words: string; speculative: boolean; signal: AbortSignal }[] = [];
  const prepare: Prepare = async (chatCtx, message, { signal, speculative }) => {
    const words = message.textContent ?? '';
    runs.push({ words, speculative, signal });
    await before(runs.length, signal);
    chatCtx.addMessage({ role: 'system', content: `facts on ${words}` });
  };
  return { runs, prepare };
}

const contents = (request: ChatRequest | undefined) => request?.messages.map(({ content }) => content);

describe('a session with a prepare hook', () => {
  it('runs it once, with the speculation, and keeps both', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const { runs, prepare } = retrieval();
    const call = await openCall(model, { prepare });
    await speakAhead(call, 'book a table', 'Certainly.');
    expect(call.played()).toBe(0);
    await commit(call, 'Book a table.');
    await recorded(call);
    expect(runs).toMatchObject([{ words: 'book a table', speculative: true }]);
    expect(contents(model.asked[0])).toEqual(['x', 'facts on book a table', 'book a table']);
    expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1 });
    const [record] = call.records;
    expect(record?.speculation).toMatchObject({ started: 1, kept: 1, cancelled: 0 });
    const { logicStarted, logicEnded, llmRequested, turnCommitted, speculationStarted } = record!.marks;
    expect(speculationStarted!).toBeLessThanOrEqual(logicStarted!);
    expect(logicEnded!).toBeLessThanOrEqual(llmRequested!);
    expect(llmRequested!).toBeLessThan(turnCommitted!);
    // The facts go into the LLM request only, not into history.
    expect(call.session.history.items.filter((i) => i.type === 'message' && i.role === 'system')).toEqual([]);
  });

  it('keeps work that is still running at the commit, and counts it as kept', async () => {
    const slow = gate();
    const { runs, prepare } = retrieval(() => slow.opened);
    const call = await openCall(new ScriptedModel([text('Certainly.')]), { prepare });
    call.speak();
    call.interim('book a table');
    await until(() => expect(runs).toHaveLength(1));
    call.final('Book a table.');
    call.stop();
    await until(() => expect(call.said('user')).toEqual(['Book a table.']));
    await pass(20);
    slow.open();
    await answered(call);
    await recorded(call);
    expect(runs).toHaveLength(1);
    const [record] = call.records;
    expect(record?.speculation).toMatchObject({ started: 1, kept: 1 });
    expect(record?.marks.llmRequested).toBeGreaterThan(record!.marks.turnCommitted!);
    expect(record?.segments.map(({ name }) => name)).toContain('your logic');
  });

  it('aborts it when the words change, and runs it again for the new words', async () => {
    const held = gate();
    const { runs, prepare } = retrieval((nth) => (nth === 1 ? held.opened : undefined));
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { prepare });
    call.speak();
    call.silence(32);
    call.interim('book');
    await until(() => expect(runs).toHaveLength(1));
    call.interim('book a table');
    await synthesized(call, 'Certainly.');
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await commit(call, 'Book a table.');
    await recorded(call);
    expect(model.asked).toHaveLength(1);
    // The first speculation never reached the LLM: it counts as started, with no tokens.
    expect(call.records[0]?.speculation).toMatchObject({
      started: 2,
      kept: 1,
      cancelled: 1,
      wastedTokens: 0,
    });
    expect(call.eagerStt.counters.wastedTokens).toBe(0);
    held.open();
  });

  it('runs it at the commit without speculation', async () => {
    const { runs, prepare } = retrieval();
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { prepare, speculation: { maxPerTurn: 0 } });
    call.session.generateReply({ userInput: 'Book a table.' });
    await answered(call);
    expect(runs).toMatchObject([{ words: 'Book a table.', speculative: false }]);
    expect(contents(model.asked[0])).toContain('facts on Book a table.');
  });

  it('retries it at the commit if it failed before', async () => {
    const { runs, prepare } = retrieval((nth) => {
      if (nth === 1) throw new Error('index is down');
    });
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { prepare });
    call.speak();
    call.interim('book a table');
    await until(() => expect(runs).toHaveLength(1));
    await settled();
    expect(model.asked).toHaveLength(0);
    expect(call.errors).toEqual([]);
    await commit(call, 'Book a table.');
    expect(runs.map(({ speculative }) => speculative)).toEqual([true, false]);
    expect(contents(model.asked[0])).toContain('facts on book a table');
    expect(call.errors[0]).toSatisfy((e) => isFirstwordError(e, 'prepare_failed'));
    expect(call.errors[0]?.cause).toEqual(new Error('index is down'));
  });

  it('answers without it if it also fails at the commit', async () => {
    const { runs, prepare } = retrieval(() => {
      throw new FirstwordError('connect_failed', 'The index cannot be reached. Start it.');
    });
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { prepare });
    call.speak();
    call.interim('book a table');
    await until(() => expect(runs).toHaveLength(1));
    await commit(call, 'Book a table.');
    expect(call.said('assistant')).toEqual(['Certainly.']);
    expect(contents(model.asked[0])).toEqual(['x', expect.stringMatching(/^book a table\.?$/i)]);
    expect(call.errors.map((e) => isFirstwordError(e, 'connect_failed'))).toEqual([true, true]);
  });

  it('does not run it again after a tool', async () => {
    const { runs, prepare } = retrieval();
    const look = llm.tool({
      description: 'looks',
      parameters: { type: 'object', properties: {} },
      execute: async () => 'free at eight',
    });
    const model = new ScriptedModel(
      [text('One moment. '), { type: 'toolCall', call: { id: '1', name: 'look', arguments: '{}' } }],
      [text('At eight.')],
    );
    const call = await openCall(model, {
      prepare,
      agent: new voice.Agent({ instructions: 'x', tools: { look } }),
    });
    call.speak();
    call.interim('book a table');
    await until(() => expect(runs).toHaveLength(1));
    call.final('Book a table.');
    call.stop();
    await until(() => expect(call.said('assistant').at(-1)).toBe('At eight.'));
    expect(runs).toHaveLength(1);
    expect(model.asked).toHaveLength(2);
    expect(contents(model.asked[1])).toContain('facts on book a table');
  });

  it('does not run it for speech that answers no caller turn', async () => {
    const { runs, prepare } = retrieval();
    const call = await openCall(new ScriptedModel([text('Are you still there?')]), { prepare });
    call.session.generateReply({ instructions: 'Ask whether they are still there.' });
    await answered(call);
    expect(runs).toEqual([]);
  });

  it('works with another LLM class, and emits its metrics once', async () => {
    const { runs, prepare } = retrieval();
    const plain = new PlainLLM();
    const call = await openCall(new ScriptedModel(), { prepare, llm: plain });
    const metricTypes: string[] = [];
    call.session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics }) =>
      metricTypes.push(metrics.type),
    );
    await speakAhead(call, 'book a table', 'Certainly.');
    await commit(call, 'Book a table.');
    await recorded(call);
    expect(runs).toHaveLength(1);
    expect(plain.asked).toHaveLength(1);
    const shown = plain.asked[0]?.items.map((item) => (item.type === 'message' ? item.textContent : ''));
    expect(shown).toContain('facts on book a table');
    expect(metricTypes.filter((type) => type === 'llm_metrics')).toHaveLength(1);
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
    expect(call.records[0]?.marks.logicEnded).toBeLessThanOrEqual(call.records[0]!.marks.turnCommitted!);
  });

  it('aborts it when the session closes', async () => {
    const { runs, prepare } = retrieval(() => new Promise(() => {}));
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { prepare });
    call.speak();
    call.interim('book a table');
    await until(() => expect(runs).toHaveLength(1));
    await call.close();
    await until(() => expect(runs[0]?.signal.aborted).toBe(true));
    expect(model.asked).toHaveLength(0);
  });
});
