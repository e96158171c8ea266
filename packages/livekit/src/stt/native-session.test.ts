import { stt } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { commit, gate, openCall, pass, recorded, settled, synthesized, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

const { SpeechEventType: Type } = stt;

/** Deepgram Flux and AssemblyAI send preflights (eager end of turn) before the final. */
describe('an engine that emits its own preflights', () => {
  it.each([true, false])('gets its speculation kept and recorded (wrapped: %s)', async (speculation) => {
    const written = gate();
    const model = new ScriptedModel([written.opened, text('Certainly.')]);
    const call = await openCall(model, { levers: { speculation } });
    call.speak();
    call.hear(Type.INTERIM_TRANSCRIPT, 'book', { confidence: 0 });
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book a table');
    await pass(20);
    written.open();
    await synthesized(call, 'Certainly.');
    expect(call.played()).toBe(0);
    await commit(call, 'book a table');
    await recorded(call);
    expect(model.asked).toHaveLength(1);
    expect(call.records[0]?.speculation).toMatchObject({
      started: 1,
      kept: 1,
      cancelled: 0,
      wastedTokens: 0,
    });
    expect(call.records[0]?.speculation?.hiddenMs).toBeGreaterThan(0);
    if (speculation) expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1 });
  });

  it('keeps the speculation if the final differs only in spelling and the engine is wrapped', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model);
    call.speak();
    call.silence(32);
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'at seven thirty');
    await synthesized(call, 'Certainly.');
    await commit(call, 'At 7:30.');
    expect(model.asked).toHaveLength(1);
    expect(call.said('user')).toEqual(['At 7:30.']);
  });

  it('sends a new request, and records both, if the engine is not wrapped', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model, { levers: { speculation: false } });
    call.speak();
    call.silence(32);
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book a table');
    await synthesized(call, 'Alpha.');
    await commit(call, 'Book a table.');
    await recorded(call);
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(model.asked).toHaveLength(2);
    expect(call.records[0]?.speculation).toMatchObject({ cancelled: 1 });
    expect(call.records[0]?.speculation?.wastedTokens).toBeGreaterThan(0);
  });

  it('restarts on a newer preflight, and counts the wasted tokens', async () => {
    const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
    const call = await openCall(model);
    call.speak();
    call.silence(32);
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book a table');
    await synthesized(call, 'Alpha.');
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book a table for two');
    await synthesized(call, 'Beta.');
    await commit(call, 'Book a table for two.');
    expect(call.said('assistant')).toEqual(['Beta.']);
    expect(call.eagerStt.counters).toMatchObject({ started: 2, kept: 1, cancelled: 1 });
    expect(call.eagerStt.counters.wastedTokens).toBeGreaterThan(0);
  });

  it('is subject to the budgets: beyond them its preflights become interims', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { speculation: { maxPerTurn: 1 } });
    call.speak();
    call.silence(32);
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book');
    await until(() => expect(model.asked).toHaveLength(1));
    call.hear(Type.PREFLIGHT_TRANSCRIPT, 'book a table');
    await settled();
    expect(model.asked).toHaveLength(1);
    expect(call.eagerStt.counters).toMatchObject({ started: 1, refused: 1 });
  });
});
