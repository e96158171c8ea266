import { describe, expect, it } from 'vitest';
import { settled, until } from '../testing/call-rig.js';
import {
  anotherTakesOver,
  answersOneMore,
  answersTo,
  BOOKED,
  callerGoesOn,
  closesClean,
  expectNoMoreThanWhole,
  finish,
  isBefore,
  MOMENTS,
  openTurn,
  reach,
  WHOLE,
} from '../testing/held-turn.js';

describe.each(MOMENTS)('at the moment "%s"', (moment) => {
  it('the engine says everything twice: one answer', async () => {
    const { call, model } = await rig();
    await reach(moment, call, model);
    const spoken = isBefore(moment, 'commit') ? ['Book a table.', 'Book a table.'] : ['Book a table.'];
    model.letAll();
    for (const words of spoken) call.final(words);
    if (isBefore(moment, 'commit')) call.stop();
    await until(() => expect(answersTo(call)).toHaveLength(1));
    await answersOneMore(call);
    expect(answersTo(call)).toEqual([WHOLE]);
    expect(call.said('user')).toEqual(['Book a table.', 'Are you there?']);
    await closesClean(call, model);
  });

  it('the caller goes on: the answer is to all that was said', async () => {
    const { call, model } = await rig();
    await reach(moment, call, model);
    if (isBefore(moment, 'commit')) {
      call.interim('book a table and a taxi');
      finish(moment, call, model, 'Book a table and a taxi.');
      await until(() => expect(answersTo(call)).toEqual(['You said: Book a table and a taxi.']));
    } else {
      call.speak();
      await until(() => expect(call.session.userState).toBe('speaking'));
      call.interim('and a taxi');
      model.letAll();
      call.final('And a taxi.');
      call.stop();
      await until(() => expect(answersTo(call).at(-1)).toMatch(/^You said: and a taxi\.?$/i));
      // What was cut is a beginning of its answer, if anything of it was heard.
      const [cut, ...others] = answersTo(call).reverse().slice(1);
      expect(others).toEqual([]);
      expect(WHOLE.startsWith((cut ?? '').trim())).toBe(true);
    }
    await answersOneMore(call);
    await closesClean(call, model);
  });

  it('the session closes: nothing more is said, nothing is left open', async () => {
    const { call, model, runs } = await rig();
    await reach(moment, call, model);
    const before = call.played();
    await closesClean(call, model);
    model.letAll();
    await settled();
    if (isBefore(moment, 'first clause')) expect(call.played()).toBe(before);
    for (const said of answersTo(call)) expect(WHOLE.startsWith(said?.trim() ?? '')).toBe(true);
    expect(answersTo(call).length).toBeLessThanOrEqual(1);
    expect(runs).toEqual([]);
  });

  it('another agent takes over: one answer at most, and the next turn is answered', async () => {
    const { call, model } = await rig();
    await reach(moment, call, model);
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    model.letAll();
    await until(() => expect(call.session.currentAgent).toBe(next));
    const promised = isBefore(moment, 'commit') ? [] : [WHOLE];
    await until(() => expect(answersTo(call)).toEqual(promised));
    await answersOneMore(call);
    expect(answersTo(call)).toEqual(promised);
    await closesClean(call, model);
  });

  // What has been written to its end cannot fail any more.
  const canFail = moment !== 'reply held' && moment !== 'speaking';
  it.runIf(canFail)('the LLM fails: asked again before the commit, told after it', async () => {
    const { call, model } = await rig();
    model.failing = { at: isBefore(moment, 'first clause') ? 'begin' : 'end' };
    await reach(moment, call, model);
    model.letAll();
    if (moment === 'speculation in flight') await until(() => expect(call.errors).toHaveLength(1));
    finish(moment, call, model);
    if (moment === 'speculation in flight') await until(() => expect(answersTo(call)).toEqual([WHOLE]));
    else await until(() => expect(call.errors).toHaveLength(1));
    await answersOneMore(call);
    expect(answersTo(call).length).toBeLessThanOrEqual(1);
    for (const said of answersTo(call)) expect(WHOLE.startsWith(said?.trim() ?? '')).toBe(true);
    await closesClean(call, model);
  });
});

describe.each(['speculation in flight', 'reply held'] as const)(
  'a tool call at the moment "%s"',
  (moment) => {
    async function heldTool() {
      const model = new HeldModel();
      model.callsTool = true;
      const parts = await rig(model);
      await reach(moment, parts.call, model);
      expect(parts.runs).toEqual([]);
      return parts;
    }

    it('runs once, after the commit', async () => {
      const { call, model, runs } = await heldTool();
      finish(moment, call, model);
      await until(() => expect(answersTo(call)).toEqual([BOOKED]));
      expect(runs).toEqual([true]);
      await closesClean(call, model);
    });

    it('never runs where the words change', async () => {
      const { call, model, runs } = await heldTool();
      finish(moment, call, model, 'Book a taxi.');
      await until(() => expect(answersTo(call)).toEqual(['You said: Book a taxi.']));
      expect(runs).toEqual([]);
      await closesClean(call, model);
    });

    it('never runs where the session closes or another agent takes over', async () => {
      const closing = await heldTool();
      await closesClean(closing.call, closing.model);
      closing.model.letAll();
      const handing = await heldTool();
      handing.call.session.updateAgent(new voice.Agent({ instructions: 'y' }));
      handing.model.letAll();
      await until(() => expect(handing.call.session.currentAgent.instructions).toBe('y'));
      await answersOneMore(handing.call);
      expect([...closing.runs, ...handing.runs]).toEqual([]);
    });
  },
);
