import { describe, expect, it } from 'vitest';
import { commit, gate, openCall, recorded, settled, synthesized, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import type { PacedAudioOutput } from '../transport/audio-output.js';

describe('an answer that the caller interrupted before its first audible sample', () => {
  it.each([true, false])('has no firstAudible mark in its record (speculation %s)', async (speculation) => {
    const slow = gate();
    const model = new ScriptedModel([slow.opened, text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model, { levers: { speculation } });
    call.speak();
    call.final('Book a table.');
    call.stop();
    await until(() => expect(call.said('user')).toHaveLength(1));
    call.speak();
    slow.open();
    await synthesized(call, 'Alpha.');
    await settled();
    expect(call.played()).toBe(0);
    await commit(call, 'For two.');
    await recorded(call, 2);
    expect(call.said('assistant')).toEqual(['Beta.']);
    const [cut, played] = call.records;
    expect(cut?.interrupted).toBe(true);
    expect(cut?.marks).not.toHaveProperty('firstAudible');
    expect(cut?.feltGapMs).toBeUndefined();
    expect(played?.marks.firstAudible).toBeGreaterThan(played!.marks.turnCommitted!);
  });

  it('has no firstAudible mark if it is cut off just before that sample is sent', async () => {
    const call = await openCall(new ScriptedModel([text('Alpha.')]));
    const output = call.session.output.audio as PacedAudioOutput;
    let audibleAtMs = 0;
    output.watch({
      onAudible: (_answer, atMs) => {
        audibleAtMs = atMs;
        call.session.interrupt();
      },
    });
    call.speak();
    call.final('Book a table.');
    call.stop();
    await recorded(call);
    const [cut] = call.records;
    expect(audibleAtMs).toBeGreaterThan(0);
    expect(cut?.interrupted).toBe(true);
    expect(cut?.marks.framePublished).toBeDefined();
    expect(cut?.marks).not.toHaveProperty('firstAudible');
    expect(cut?.problem).toMatch(/no audible answer/);
  });
});
