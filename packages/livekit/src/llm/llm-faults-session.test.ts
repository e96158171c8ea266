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
  type HeldTurn,
  isBefore,
  MOMENTS,
  type Moment,
  openTurn,
  plain,
  reach,
  WHOLE,
} from '../testing/held-turn.js';

// An LLM stream that has ended can no longer fail.
const FAILING = MOMENTS.filter((moment) => moment !== 'reply held' && moment !== 'speaking');

describe.each(FAILING)('an LLM that fails at the moment "%s"', (moment) => {
  async function reached({ retryable = false } = {}): Promise<HeldTurn> {
    const turn = await openTurn();
    turn.model.failing = { at: isBefore(moment, 'first clause') ? 'begin' : 'end', retryable };
    await reach(moment, turn);
    return turn;
  }

  it('is retried without an error before the commit, and reports the error after it', async () => {
    const turn = await reached();
    const { call, model } = turn;
    model.letAll();
    if (moment === 'speculation in flight') await settled();
    finish(moment, turn);
    if (moment === 'speculation in flight') await until(() => expect(answersTo(turn)).toEqual([WHOLE]));
    else await until(() => expect(call.errors).toHaveLength(1));
    await answersOneMore(turn);
    expect(call.errors).toHaveLength(moment === 'speculation in flight' ? 0 : 1);
    expectNoMoreThanWhole(turn);
    await closesClean(turn);
  });

  it('is retried after the commit if the error is retryable and nothing was spoken yet', async () => {
    const turn = await reached({ retryable: true });
    const { call, model } = turn;
    model.letAll();
    finish(moment, turn);
    if (moment === 'first clause') await until(() => expect(call.errors).toHaveLength(1));
    else await until(() => expect(answersTo(turn)).toEqual([WHOLE]));
    await answersOneMore(turn);
    expectNoMoreThanWhole(turn);
    await closesClean(turn);
  });

  it('still answers a caller who keeps speaking', async () => {
    const turn = await reached();
    turn.model.letAll();
    await settled();
    await callerGoesOn(moment, turn);
    await answersOneMore(turn);
    await closesClean(turn);
  });

  it('does not affect the next agent after a handoff', async () => {
    const turn = await reached();
    turn.model.letAll();
    await anotherTakesOver(turn);
    await answersOneMore(turn);
    expectNoMoreThanWhole(turn);
    await closesClean(turn);
  });

  it('does not delay closing the session', async () => {
    const turn = await reached({ retryable: true });
    turn.model.letAll();
    await closesClean(turn);
    const asked = turn.model.asked.length;
    await settled();
    expect(turn.model.asked).toHaveLength(asked);
    expectNoMoreThanWhole(turn);
  });
});

describe.each(['speculation in flight', 'reply held'] as const)(
  'a tool call at the moment "%s"',
  (moment) => {
    async function heldTool(): Promise<HeldTurn> {
      const turn = await openTurn();
      turn.model.callsTool = true;
      await reach(moment, turn);
      expect(turn.runs).toEqual([]);
      return turn;
    }

    it('runs once, after the commit', async () => {
      const turn = await heldTool();
      finish(moment, turn);
      await until(() => expect(answersTo(turn)).toEqual([BOOKED]));
      expect(turn.runs).toEqual([true]);
      await closesClean(turn);
    });

    it('never runs if the transcript changes', async () => {
      const turn = await heldTool();
      finish(moment, turn, 'Book a taxi.');
      await until(() => expect(answersTo(turn)).toEqual(['You said: Book a taxi.']));
      expect(turn.runs).toEqual([]);
      await closesClean(turn);
    });

    it('never runs if the session closes or another agent takes over', async () => {
      const closing = await heldTool();
      await closesClean(closing);
      closing.model.letAll();
      const handing = await heldTool();
      await anotherTakesOver(handing);
      await answersOneMore(handing);
      expect([...closing.runs, ...handing.runs]).toEqual([]);
    });
  },
);

describe('a running tool', () => {
  const moment: Moment = 'commit';

  async function running(): Promise<HeldTurn> {
    const turn = await openTurn({ toolWaits: true });
    turn.model.callsTool = true;
    await reach(moment, turn);
    turn.model.letAll();
    await until(() => expect(turn.runs).toEqual([true]));
    return turn;
  }

  it('runs once even if the caller keeps speaking, and the caller’s words are answered', async () => {
    const turn = await running();
    const { call, tool } = turn;
    call.speak();
    call.interim('and a taxi');
    call.final('And a taxi.');
    call.stop();
    await settled();
    tool.open();
    await until(() => expect(plain(answersTo(turn).at(-1))).toBe('you said and a taxi'));
    await answersOneMore(turn);
    expect(turn.runs).toEqual([true]);
    expect(answersTo(turn).filter((said) => said === BOOKED).length).toBeLessThanOrEqual(1);
    await closesClean(turn);
  });

  it('runs once if another agent takes over', async () => {
    const turn = await running();
    const taking = anotherTakesOver(turn);
    turn.tool.open();
    await taking;
    await answersOneMore(turn);
    expect(turn.runs).toEqual([true]);
    expect(answersTo(turn).length).toBeLessThanOrEqual(1);
    await closesClean(turn);
  });

  it('produces no speech after the session has closed', async () => {
    const turn = await running();
    const closing = turn.call.close();
    await settled();
    turn.tool.open();
    await closing;
    const before = turn.call.played();
    await settled();
    expect([turn.runs, turn.call.played()]).toEqual([[true], before]);
  });
});
