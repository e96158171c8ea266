import type { ChatRequest } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { llm, stt, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { gate, openCall, type ScriptedCall, settled, until } from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, ToneVoice } from '../testing/scripted.js';

/** How far the first turn has come. */
const MOMENTS = [
  'interim shown',
  'speculation in flight',
  'reply held',
  'commit',
  'first clause',
  'speaking',
] as const;
type Moment = (typeof MOMENTS)[number];

const FIRST = 'Alpha is the first sentence here. ';
const REST = 'Beta ends it.';
const BOOKED = 'It is booked.';
const isBefore = (moment: Moment, other: Moment) => MOMENTS.indexOf(moment) < MOMENTS.indexOf(other);

/** Answers "book a table" in two parts, each when it is let; everything else at once, saying what it was asked. */
class HeldModel extends ScriptedModel {
  readonly begin = gate();
  readonly end = gate();
  /** Calls a tool instead of speaking, once. */
  callsTool = false;
  failing: { at: 'begin' | 'end' } | undefined;

  protected override answerTo({ messages }: ChatRequest): AnswerStep[] {
    const last = messages.at(-1);
    if (last?.role === 'tool') return [{ type: 'text', text: BOOKED }];
    const asked = String(last?.content);
    if (!/^book a table\.?$/i.test(asked)) return [{ type: 'text', text: `You said: ${asked}` }];
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
    const fails = this.failing;
    this.failing = undefined;
    const tool: AnswerStep = { type: 'toolCall', call: { id: 't', name: 'book', arguments: '{}' } };
    if (this.callsTool) return [this.begin.opened, tool];
    return [
      this.begin.opened,
      ...(fails?.at === 'begin' ? [failure] : []),
      { type: 'text', text: FIRST },
      this.end.opened,
      ...(fails?.at === 'end' ? [failure] : []),
      { type: 'text', text: REST },
    ];
  }

  letAll(): void {
    this.begin.open();
    this.end.open();
  }
}

async function rig(model = new HeldModel()) {
  const runs: boolean[] = [];
  const book = llm.tool({
    description: 'books',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      runs.push(call.said('user').length > 0);
      return 'done';
    },
  });
  const agent = new voice.Agent({ instructions: 'x', tools: { book } });
  const mouth = new ToneVoice({ silenceMs: 20, toneMs: 200 });
  const call = await openCall(model, { agent, mouth });
  return { call, model, runs };
}

/** Brings the first turn to a moment. */
async function reach(moment: Moment, call: ScriptedCall, model: HeldModel): Promise<void> {
  const { INTERIM_TRANSCRIPT } = stt.SpeechEventType;
  call.speak();
  call.hear(INTERIM_TRANSCRIPT, 'book a table', { confidence: moment === 'interim shown' ? 0.5 : 0.9 });
  await settled();
  if (moment === 'interim shown') return;
  await until(() => expect(model.asked).toHaveLength(1));
  if (moment === 'speculation in flight') return;
  if (moment === 'reply held') {
    model.begin.open();
    model.end.open();
    await until(() =>
      model.callsTool ? expect(model.open).toBe(0) : expect(call.mouth.said.join(' ')).toContain('Beta'),
    );
    await settled();
    return;
  }
  call.final('Book a table.');
  call.stop();
  await until(() => expect(call.said('user')).toEqual(['Book a table.']));
  if (moment === 'commit') return;
  // LiveKit gives a sentence away when the next has begun; the end of the answer stays open.
  model.begin.open();
  await until(() => expect(model.asked.length).toBeGreaterThan(0));
  if (moment === 'first clause') return settled();
  model.end.open();
  await until(() => expect(call.session.agentState).toBe('speaking'));
}

/** The first turn goes on as it would have, wherever it was. */
function finish(moment: Moment, call: ScriptedCall, model: HeldModel, words = 'Book a table.'): void {
  model.letAll();
  if (!isBefore(moment, 'commit')) return;
  call.final(words);
  call.stop();
}

/** One more turn is answered, once: nothing is stuck. */
async function answersOneMore(call: ScriptedCall): Promise<void> {
  await until(() => expect(call.session.agentState).toBe('listening'));
  call.speak();
  call.interim('are you there');
  call.final('Are you there?');
  call.stop();
  const replies = () => call.said('assistant').filter((said) => /are you there/i.test(said ?? ''));
  await until(() => expect(replies()).toHaveLength(1));
  await until(() => expect(call.session.agentState).toBe('listening'));
  expect(replies()).toHaveLength(1);
}

async function closesClean(call: ScriptedCall, model: HeldModel): Promise<void> {
  await call.close();
  await until(() => expect(model.open).toBe(0));
  await until(() => expect(call.ears.account.running).toBe(false));
  const { started, kept, cancelled } = call.ears.counters;
  expect(started).toBe(kept + cancelled);
}

const WHOLE = FIRST + REST;
const answersTo = (call: ScriptedCall) =>
  call.said('assistant').filter((said) => !/are you there/i.test(said ?? ''));

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
