import type { ChatOptions, ChatRequest, ChatStream } from '@firstword/llm';
import { describe, expect, it } from 'vitest';
import { answered, commit, openCall, settled, speakAhead } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

/** Tells which of its requests somebody waits for. */
class AwaitedModel extends ScriptedModel {
  readonly awaited: boolean[] = [];

  override chat(request: ChatRequest, options: ChatOptions = {}): ChatStream {
    const nth = this.awaited.push(options.awaited === undefined) - 1;
    void options.awaited?.then(() => {
      this.awaited[nth] = true;
    });
    return super.chat(request, options);
  }
}

describe('a request for a speculation', () => {
  it('is waited for from the commit on', async () => {
    const model = new AwaitedModel([text('Certainly.')]);
    const call = await openCall(model, { levers: { clause: true } });
    await speakAhead(call, 'book a table', 'Certainly.');
    await settled();
    expect(model.awaited).toEqual([false]);
    await commit(call, 'Book a table.');
    expect(model.awaited).toEqual([true]);
  });

  it('is never waited for where the caller goes on', async () => {
    const model = new AwaitedModel([text('Certainly.')], [text('For two.')]);
    const call = await openCall(model, { levers: { clause: true } });
    await speakAhead(call, 'book a table', 'Certainly.');
    await speakAhead(call, 'book a table for two', 'For two.');
    await commit(call, 'Book a table for two.');
    expect(model.awaited).toEqual([false, true]);
  });

  it('is waited for at once where the caller has finished', async () => {
    const model = new AwaitedModel([text('Certainly.')]);
    const call = await openCall(model);
    call.session.generateReply({ userInput: 'Book a table.' });
    await answered(call);
    expect(model.awaited).toEqual([true]);
  });
});
