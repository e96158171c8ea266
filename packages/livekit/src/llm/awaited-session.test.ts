import type { ChatOptions, ChatRequest, ChatStream } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { answered, commit, openCall, settled, speakAhead } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

/** Records which of its requests a caller is waiting for. */
class AwaitedModel extends ScriptedModel {
  readonly awaited: boolean[] = [];
  /** How long the caller had been waiting when each request became awaited, ms. */
  readonly waitedMs: (number | undefined)[] = [];

  override chat(request: ChatRequest, options: ChatOptions = {}): ChatStream {
    const nth = this.awaited.push(options.awaited === undefined) - 1;
    const record = () => {
      this.awaited[nth] = true;
      const sinceMs = options.waitingSinceMs?.();
      this.waitedMs[nth] = sinceMs === undefined ? undefined : systemClock.nowMs() - sinceMs;
    };
    if (options.awaited) void options.awaited.then(record);
    else record();
    return super.chat(request, options);
  }
}

describe('a speculative LLM request', () => {
  it('is awaited once the turn is committed', async () => {
    const model = new AwaitedModel([text('Certainly.')]);
    const call = await openCall(model, { levers: { clause: true } });
    await speakAhead(call, 'book a table', 'Certainly.');
    await settled();
    expect(model.awaited).toEqual([false]);
    await commit(call, 'Book a table.');
    expect(model.awaited).toEqual([true]);
  });

  it('is never awaited if the caller keeps speaking', async () => {
    const model = new AwaitedModel([text('Certainly.')], [text('For two.')]);
    const call = await openCall(model, { levers: { clause: true } });
    await speakAhead(call, 'book a table', 'Certainly.');
    await speakAhead(call, 'book a table for two', 'For two.');
    await commit(call, 'Book a table for two.');
    expect(model.awaited).toEqual([false, true]);
  });

  it('reports at the commit how long the caller has been waiting', async () => {
    const model = new AwaitedModel([text('Certainly.')]);
    const call = await openCall(model, { levers: { clause: true } });
    await speakAhead(call, 'book a table', 'Certainly.');
    call.silence(200);
    await commit(call, 'Book a table.');
    // From the last VAD event, plus LiveKit's endpointing delay of 50 ms.
    expect(model.waitedMs).toHaveLength(1);
    expect(model.waitedMs[0]).toBeGreaterThanOrEqual(50);
    expect(model.waitedMs[0]).toBeLessThan(400);
  });

  it('reports no waiting time after a tool call, because the tool caused the wait', async () => {
    const tools = { book: llm.tool({ description: 'Books', execute: async () => 'booked' }) };
    const model = new AwaitedModel(
      [{ type: 'toolCall', call: { id: '1', name: 'book', arguments: '{}' } }],
      [text('Booked.')],
    );
    const agent = new voice.Agent({ instructions: 'x', tools });
    const call = await openCall(model, { agent });
    call.speak();
    await commit(call, 'Book a table.');
    expect(model.awaited).toEqual([true, true]);
    expect(model.waitedMs).toEqual([expect.any(Number), undefined]);
  });

  it('is awaited at once if the caller has already finished', async () => {
    const model = new AwaitedModel([text('Certainly.')]);
    const call = await openCall(model);
    call.session.generateReply({ userInput: 'Book a table.' });
    await answered(call);
    expect(model.awaited).toEqual([true]);
  });
});
