import { describe, expect, it } from 'vitest';
import {
  commit,
  gate,
  openCall,
  recorded,
  settled,
  speakAhead,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

const levers = { clause: true, trimSilence: true };

describe('a session with speculative TTS', () => {
  it('synthesizes the first clause as soon as the LLM has written it', async () => {
    const more = gate();
    const answer = [text('We are open'), text('.'), text(' We'), more.opened, text(' close at ten.')];
    const call = await openCall(new ScriptedModel(answer), { levers });
    await speakAhead(call, 'When do you close?', 'We are open.');
    more.open();
    await commit(call, 'When do you close?');
    expect(call.ttsEngine.said).toEqual(['We are open.', 'We close at ten.']);
  });

  it('synthesizes only the beginning of an answer before the commit, and plays none of it', async () => {
    const call = await openCall(
      new ScriptedModel([text('Sure. We are open until ten tonight. The kitchen closes at nine. Come in.')]),
      { levers },
    );
    await speakAhead(call, 'When do you close?', 'We are open until ten tonight.');
    await settled();
    expect(call.ttsEngine.said).toEqual(['Sure.', 'We are open until ten tonight.']);
    expect(call.played()).toBe(0);
    await commit(call, 'When do you close?');
    expect(call.ttsEngine.said).toHaveLength(4);
    await recorded(call);
    // The first clause was synthesized already: only LiveKit's audio hand-off remains after the commit.
    const { marks, speculation } = call.records[0]!;
    expect(speculation?.kept).toBe(1);
    expect(marks.ttsFirstByte).toBeLessThan(marks.turnCommitted!);
  });

  it('synthesizes the common start of two speculations once, and plays the whole answer', async () => {
    const model = new ScriptedModel(
      [text('Certainly, I can do that. At what time?')],
      [text('Certainly, I can do that. For two, then.')],
    );
    const call = await openCall(model, { levers });
    await speakAhead(call, 'book a table', 'Certainly, I can do that.');
    await settled();
    call.interim('book a table for two');
    await until(() => expect(model.asked).toHaveLength(2));
    await settled();
    await commit(call, 'Book a table for two.');
    expect(call.said('assistant')).toEqual(['Certainly, I can do that. For two, then.']);
    expect(call.ttsEngine.said).toEqual(['Certainly, I can do that.', 'For two, then.']);
    // Two clauses of 300 ms of tone, leading silence trimmed, at most 400 ms apart.
    expect(call.played()).toBeGreaterThan(600 * 24);
  });

  it('synthesizes the same words again in the next turn', async () => {
    const call = await openCall(new ScriptedModel([text('Certainly, I can do that.')]), { levers });
    for (const [turn, words] of ['book a table', 'and a taxi'].entries()) {
      call.speak();
      call.silence(32);
      call.interim(words);
      await until(() => expect(call.ttsEngine.said).toHaveLength(turn + 1));
      await commit(call, words, turn + 1);
    }
    expect(call.ttsEngine.said).toEqual(['Certainly, I can do that.', 'Certainly, I can do that.']);
  });

  it('wastes only the beginning of a superseded answer', async () => {
    const model = new ScriptedModel(
      [text('We are open until ten tonight. The kitchen closes at nine.')],
      [text('For two. At what time?')],
    );
    const call = await openCall(model, { levers });
    await speakAhead(call, 'book a table', 'We are open until ten tonight.');
    call.interim('book a table for two');
    await synthesized(call, 'For two.');
    await commit(call, 'Book a table for two.');
    expect(call.said('assistant')).toEqual(['For two. At what time?']);
    expect(call.ttsEngine.said).not.toContain('The kitchen closes at nine.');
  });
});
