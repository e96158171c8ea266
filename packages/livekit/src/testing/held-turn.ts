import type { ChatRequest } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { llm, stt, voice } from '@livekit/agents';
import { expect } from 'vitest';
import { type CallScript, gate, openCall, type ScriptedCall, settled, until } from './call-rig.js';
import { type AnswerStep, ScriptedModel, ToneVoice } from './scripted.js';

/** How far the first turn has come. */
export const MOMENTS = [
  'interim shown',
  'speculation in flight',
  'reply held',
  'commit',
  'first clause',
  'speaking',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** Whether one moment comes before another. */
export const isBefore = (moment: Moment, other: Moment) => MOMENTS.indexOf(moment) < MOMENTS.indexOf(other);

export const FIRST = 'Alpha is the first sentence here. ';
export const REST = 'Beta ends it.';
/** The answer to the first turn. */
export const WHOLE = FIRST + REST;
/** What is said once the tool has run. */
export const BOOKED = 'It is booked.';

/** Answers "book a table" in two parts, each when it is let; everything else at once, saying what it was asked. */
export class HeldModel extends ScriptedModel {
  readonly begin = gate();
  readonly end = gate();
  /** Calls a tool instead of speaking, once. */
  callsTool = false;
  failing: { at: 'begin' | 'end'; retryable?: boolean } | undefined;

  protected override answerTo({ messages }: ChatRequest): AnswerStep[] {
    const last = messages.at(-1);
    if (last?.role === 'tool') return [{ type: 'text', text: BOOKED }];
    const asked = String(last?.content);
    if (!/^book a table\.?$/i.test(asked)) return [{ type: 'text', text: `You said: ${asked}` }];
    const { at, retryable = false } = this.failing ?? {};
    this.failing = undefined;
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.', {
      retryable,
    });
    const tool: AnswerStep = { type: 'toolCall', call: { id: 't', name: 'book', arguments: '{}' } };
    if (this.callsTool) return [this.begin.opened, tool];
    return [
      this.begin.opened,
      ...(at === 'begin' ? [failure] : []),
      { type: 'text', text: FIRST },
      this.end.opened,
      ...(at === 'end' ? [failure] : []),
      { type: 'text', text: REST },
    ];
  }

  letAll(): void {
    this.begin.open();
    this.end.open();
  }
}

type Tell = ScriptedCall['hear'];

/** How a faulty engine tells what it hears. */
export interface Engine {
  tell(told: Parameters<Tell>, tell: Tell): void;
  /** Its finals come before their interims. */
  finalsFirst?: boolean;
}

const FAIR: Engine = { tell: (told, tell) => tell(...told) };

/** A first turn that can be stopped at every moment. */
export interface HeldTurn {
  call: ScriptedCall;
  model: HeldModel;
  engine: Engine;
  /** Each run of the tool: whether it came after the commit. */
  runs: boolean[];
  /** Lets the tool return, which waits where it was told to. */
  tool: ReturnType<typeof gate>;
}

export async function openTurn(
  options: { engine?: Engine; toolWaits?: boolean; script?: CallScript } = {},
): Promise<HeldTurn> {
  const { engine = FAIR, toolWaits = false, script = {} } = options;
  const model = new HeldModel();
  const runs: boolean[] = [];
  const tool = gate();
  const book = llm.tool({
    description: 'books',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      runs.push(fair.said('user').length > 0);
      if (toolWaits) await tool.opened;
      return 'done';
    },
  });
  const agent = new voice.Agent({ instructions: 'x', tools: { book } });
  const ttsEngine = new ToneVoice({ silenceMs: 20, toneMs: 200 });
  const fair = await openCall(model, { agent, ttsEngine, ...script });
  const hear: Tell = (...told) => engine.tell(told, fair.hear);
  const { INTERIM_TRANSCRIPT, FINAL_TRANSCRIPT } = stt.SpeechEventType;
  const call = {
    ...fair,
    hear,
    interim: (words: string) => hear(INTERIM_TRANSCRIPT, words),
    final: (words: string) => hear(FINAL_TRANSCRIPT, words),
  };
  return { call, model, engine, runs, tool };
}

/** Brings the first turn to a moment. */
export async function reach(moment: Moment, { call, model, engine }: HeldTurn): Promise<void> {
  call.speak();
  const confidence = moment === 'interim shown' ? 0.5 : 0.9;
  call.hear(stt.SpeechEventType.INTERIM_TRANSCRIPT, 'book a table', { confidence });
  await settled();
  if (moment === 'interim shown') return;
  if (engine.finalsFirst) call.final('Book a table.');
  await until(() => expect(model.asked).toHaveLength(1));
  if (moment === 'speculation in flight') return;
  if (moment === 'reply held') {
    model.letAll();
    await until(() => expect(model.callsTool ? 1 : call.ttsEngine.said.length).toBeGreaterThan(0));
    await until(() => expect(model.open).toBe(0));
    await settled();
    return;
  }
  if (!engine.finalsFirst) call.final('Book a table.');
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
export function finish(moment: Moment, { call, model, engine }: HeldTurn, words = 'Book a table.'): void {
  model.letAll();
  if (!isBefore(moment, 'commit')) return;
  const isTold = engine.finalsFirst && moment !== 'interim shown';
  if (!isTold) call.final(words);
  call.stop();
}

/** What was answered to the first turn, and to what was added to it. */
export const answersTo = ({ call }: Pick<HeldTurn, 'call'>) =>
  call.said('assistant').filter((said) => !/are you there/i.test(said ?? ''));

/** Words without their case and marks. */
export const plain = (text: string | undefined) => text?.toLowerCase().replaceAll(/[^a-z ]/g, '');

/** One more turn is answered, once: nothing is stuck. */
export async function answersOneMore({ call }: Pick<HeldTurn, 'call'>): Promise<void> {
  await until(() => expect(call.session.agentState).toBe('listening'));
  call.speak();
  call.interim('are you there');
  call.final('Are you there?');
  call.stop();
  const replies = () => call.said('assistant').filter((said) => plain(said) === 'you said are you there');
  await until(() => expect(replies()).toHaveLength(1));
  await until(() => expect(call.session.agentState).toBe('listening'));
  expect(replies()).toHaveLength(1);
}

export async function closesClean({ call, model }: Pick<HeldTurn, 'call' | 'model'>): Promise<void> {
  await call.close();
  await until(() => expect(model.open).toBe(0));
  await until(() => expect(call.eagerStt.speculator.running).toBe(false));
  const { started, kept, cancelled } = call.eagerStt.counters;
  expect(started).toBe(kept + cancelled);
}

/** Nothing of the first turn was said twice, nor anything else in its place. */
export function expectNoMoreThanWhole(turn: HeldTurn): void {
  for (const said of answersTo(turn)) expect(WHOLE.startsWith(said?.trim() ?? '')).toBe(true);
  expect(answersTo(turn).length).toBeLessThanOrEqual(1);
}

/** The caller goes on, and is answered to all that they said. */
export async function callerGoesOn(moment: Moment, turn: HeldTurn): Promise<void> {
  const { call, model, engine } = turn;
  if (isBefore(moment, 'commit')) {
    const isTold = engine.finalsFirst && moment !== 'interim shown';
    const words = isTold ? 'And a taxi.' : 'Book a table and a taxi.';
    call.interim(words.toLowerCase().replace('.', ''));
    model.letAll();
    call.final(words);
    await settled();
    call.stop();
    await until(() => expect(answersTo(turn).map(plain)).toEqual(['you said book a table and a taxi']));
    return;
  }
  call.speak();
  await until(() => expect(call.session.userState).toBe('speaking'));
  call.interim('and a taxi');
  model.letAll();
  call.final('And a taxi.');
  call.stop();
  await until(() => expect(plain(answersTo(turn).at(-1))).toBe('you said and a taxi'));
  // What was cut is a beginning of its answer, if anything of it was heard.
  const [cut, ...others] = answersTo(turn).reverse().slice(1);
  expect(others).toEqual([]);
  expect(WHOLE.startsWith((cut ?? '').trim())).toBe(true);
}

/** Another agent takes over, and has taken over. */
export async function anotherTakesOver({ call, model }: HeldTurn): Promise<void> {
  const next = new voice.Agent({ instructions: 'y' });
  call.session.updateAgent(next);
  model.letAll();
  await until(() => expect(call.session.currentAgent).toBe(next));
}
