import { llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { openCall, pass, recorded, until } from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';
import type { ClauseTTS } from '../tts/clause-tts.js';
import { readOnly } from './read-only.js';

const PHRASES = ['One moment.', 'I am still looking.', 'It takes a little longer.'];
const LIMIT_MS = 700;

const callOf = (name: string): AnswerStep => ({
  type: 'toolCall',
  call: { id: `call-${name}`, name, arguments: '{}' },
});

/** A call with one tool that takes this long. */
async function open(name: string, toolMs: number, before: AnswerStep[] = []) {
  let runs = 0;
  const tool = llm.tool({
    description: 'Looks something up',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      runs += 1;
      await new Promise<void>((resolve) => setTimeout(resolve, toolMs));
      return 'found';
    },
  });
  const ask: AnswerStep[] = [...before, callOf(name)];
  const model = new ScriptedModel(
    ...Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? ask : [text('Here it is.')])),
  );
  const call = await openCall(model, {
    agent: new voice.Agent({ instructions: 'x', tools: { [name]: tool } }),
    filler: { phrases: PHRASES, overMs: LIMIT_MS },
    levers: { clause: true, trimSilence: true },
  });
  const tts = call.session.tts as ClauseTTS;
  await until(() => expect(PHRASES.every((phrase) => tts.isReady(phrase))).toBe(true));
  const turn = async (at: number) => {
    call.speak();
    call.final(`Look it up, number ${at}.`);
    call.stop();
    await recorded(call, at);
    return call.records[at - 1]!;
  };
  return { ...call, turn, runs: () => runs };
}

describe('a session with tools', () => {
  it('records the tool, the request after it, and when the agent was heard', async () => {
    const call = await open('quick', 300);
    const record = await call.turn(1);
    expect(record.tools).toHaveLength(1);
    const [tool] = record.tools!;
    expect(tool!.name).toBe('quick');
    expect(tool!.endedMs! - tool!.startedMs).toBeGreaterThanOrEqual(300);
    expect(record.afterTools).toHaveLength(1);
    expect(record.speech!.every(({ isFiller }) => !isFiller)).toBe(true);
    const { longestMs, segments } = record.toolSilence!;
    expect(segments.map(({ name }) => name)).toContain('tools');
    expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(longestMs, 6);
    expect(record.outcome).toBe('answered');
    expect(call.runs()).toBe(1);
  });

  it('says nothing over a tool that takes less than 0.8 s', async () => {
    const call = await open('fast', 750);
    for (const at of [1, 2, 3]) {
      const record = await call.turn(at);
      expect(record.speech!.some(({ isFiller }) => isFiller)).toBe(false);
    }
  });

  it('says fillers over a slow tool, none twice in a turn, and then the answer once', async () => {
    const call = await open('slow', 4_000);
    const record = await call.turn(1);
    const fillers = record.speech!.filter(({ isFiller }) => isFiller);
    expect(fillers.length).toBeGreaterThanOrEqual(2);
    expect(fillers[0]!.fromMs - record.tools![0]!.startedMs).toBeGreaterThanOrEqual(800);
    expect(record.speech!.filter(({ isFiller }) => !isFiller)).toHaveLength(1);
    expect(record.outcome).toBe('answered');
    expect(record.bridge!.answerGapMs).toBeGreaterThan(4_000);
    expect(call.said('assistant')).toEqual(['Here it is.']);
    expect(call.runs()).toBe(1);
  });

  it('talks over a tool from its start on once it has always been slow', async () => {
    const call = await open('always_slow', 2_000);
    for (const at of [1, 2, 3]) await call.turn(at);
    const record = await call.turn(4);
    const filler = record.speech!.find(({ isFiller }) => isFiller)!;
    expect(filler.fromMs - record.tools![0]!.startedMs).toBeLessThan(300);
  });

  it('counts the silence from words before the tool', async () => {
    const call = await open('spoken', 2_500, [text('Let me look that up for you.')]);
    const record = await call.turn(1);
    const [words, filler] = record.speech!;
    expect(words).not.toHaveProperty('isFiller');
    expect(filler!.isFiller).toBe(true);
    expect(filler!.fromMs - words!.toMs).toBeGreaterThanOrEqual(LIMIT_MS - 30);
    expect(record.toolSilence!.afterAgentMs).toBeGreaterThan(0);
    expect(record.outcome).toBe('answered');
  });

  it('runs a read-only tool with the speculation, once, and uses its result', async () => {
    let runs = 0;
    const tool = readOnly(
      llm.tool({
        description: 'Looks something up',
        parameters: { type: 'object', properties: {} },
        execute: async () => {
          runs += 1;
          await new Promise<void>((resolve) => setTimeout(resolve, 300));
          return 'found';
        },
      }),
    );
    const model = new ScriptedModel([callOf('look_up')], [text('Here it is.')]);
    const agent = new voice.Agent({ instructions: 'x', tools: { look_up: tool } });
    const call = await openCall(model, { agent, levers: { clause: true } });
    call.speak();
    call.silence(32);
    call.interim('Look it up.');
    await until(() => expect(runs).toBe(1));
    expect(call.records).toEqual([]);
    await pass(400);
    call.final('Look it up.');
    call.stop();
    await recorded(call);
    const [record] = call.records;
    expect(runs).toBe(1);
    expect(record!.tools).toMatchObject([{ name: 'look_up', isSpeculative: true }]);
    expect(record!.tools![0]!.startedMs).toBeLessThan(record!.marks.turnCommitted!);
    expect(call.said('assistant')).toEqual(['Here it is.']);
  });

  it('runs no other tool before the commit', async () => {
    let runs = 0;
    const tool = llm.tool({
      description: 'Books',
      parameters: { type: 'object', properties: {} },
      execute: async () => {
        runs += 1;
        return 'booked';
      },
    });
    const model = new ScriptedModel([callOf('book')], [text('It is booked.')]);
    const agent = new voice.Agent({ instructions: 'x', tools: { book: tool } });
    const call = await openCall(model, { agent, levers: { clause: true } });
    call.speak();
    call.silence(32);
    call.interim('Book it.');
    await until(() => expect(model.asked).toHaveLength(1));
    await pass(500);
    expect(runs).toBe(0);
    call.final('Book it.');
    call.stop();
    await recorded(call);
    expect(runs).toBe(1);
  });

  it('aborts the read-only tool of a speculation that is discarded', async () => {
    const aborted: boolean[] = [];
    const tool = readOnly(
      llm.tool({
        description: 'Looks something up',
        parameters: { type: 'object', properties: {} },
        execute: async (_args, { abortSignal }) => {
          const at = aborted.push(false) - 1;
          abortSignal?.addEventListener('abort', () => {
            aborted[at] = true;
          });
          await new Promise<void>((resolve) => setTimeout(resolve, 300));
          return 'found';
        },
      }),
    );
    const model = new ScriptedModel([callOf('look_up')], [callOf('look_up_again')], [text('Here it is.')]);
    const agent = new voice.Agent({ instructions: 'x', tools: { look_up: tool, look_up_again: tool } });
    const call = await openCall(model, { agent, levers: { clause: true } });
    call.speak();
    call.silence(32);
    call.interim('Look up the first.');
    await until(() => expect(aborted).toEqual([false]));
    call.final('Look up the second one instead, please.');
    call.stop();
    await recorded(call);
    expect(aborted).toEqual([true, false]);
  });

  it('says no filler while the caller speaks', async () => {
    const call = await open('interrupted', 3_000);
    call.speak();
    call.final('Look it up.');
    call.stop();
    await until(() => expect(call.runs()).toBe(1));
    call.speak();
    await pass(2_000);
    expect(call.played()).toBe(0);
  });
});
