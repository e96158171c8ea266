import type { ChatRequest } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { llm, stt, voice } from '@livekit/agents';
import { expect } from 'vitest';
import { type CallScript, gate, openCall, type ScriptedCall, settled, until } from './call-rig.js';
import { type AnswerStep, ScriptedModel, ToneTTS } from './scripted.js';

/** The moments at which the first turn can be held, in order. */
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
/** The answer after the tool has run. */
export const BOOKED = 'It is booked.';

/** Answers "book a table" in two parts, each when the test releases it; echoes every other request at once. */
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

type SendTranscript = ScriptedCall['hear'];

/** How a faulty engine sends its transcripts. */
export interface Engine {
  send(transcript: Parameters<SendTranscript>, send: SendTranscript): void;
  /** Its finals come before their interims. */
  finalsFirst?: boolean;
}

const FAIR: Engine = { send: (transcript, send) => send(...transcript) };

/** A first turn that can be held at every moment. */
export interface HeldTurn {
  call: ScriptedCall;
  model: HeldModel;
  engine: Engine;
  /** Each run of the tool: whether it came after the commit. */
  runs: boolean[];
  /** Lets the tool return, if it was set up to wait. */
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
  const ttsEngine = new ToneTTS({ silenceMs: 20, toneMs: 200 });
  const fair = await openCall(model, { agent, ttsEngine, ...script });
  const hear: SendTranscript = (...transcript) => engine.send(transcript, fair.hear);
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
  // LiveKit releases a sentence when the next one has begun; the answer itself has not ended.
  model.begin.open();
  await until(() => expect(model.asked.length).toBeGreaterThan(0));
  if (moment === 'first clause') return settled();
  model.end.open();
  await until(() => expect(call.session.agentState).toBe('speaking'));
}

/** Continues the first turn to its end from the moment at which it was held. */
export function finish(moment: Moment, { call, model, engine }: HeldTurn, words = 'Book a table.'): void {
  model.letAll();
  if (!isBefore(moment, 'commit')) return;
  const isTold = engine.finalsFirst && moment !== 'interim shown';
  if (!isTold) call.final(words);
  call.stop();
}

/** The answers to the first turn, and to the words added to it. */
export const answersTo = ({ call }: Pick<HeldTurn, 'call'>) =>
  call.said('assistant').filter((said) => !/are you there/i.test(said ?? ''));

/** Words without case and punctuation. */
export const plain = (text: string | undefined) => text?.toLowerCase().replaceAll(/[^a-z ]/g, '');

/** Plays one more turn and checks that it is answered once, so nothing is stuck. */
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

/** Checks that the first turn's answer was not repeated or replaced by other words. */
export function expectNoMoreThanWhole(turn: HeldTurn): void {
  for (const said of answersTo(turn)) expect(WHOLE.startsWith(said?.trim() ?? '')).toBe(true);
  expect(answersTo(turn).length).toBeLessThanOrEqual(1);
}

/** The caller keeps speaking, and all their words are answered. */
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
  // If any of the interrupted answer was played, history holds a prefix of it.
  const [cut, ...others] = answersTo(turn).reverse().slice(1);
  expect(others).toEqual([]);
  expect(WHOLE.startsWith((cut ?? '').trim())).toBe(true);
}

/** Hands over to another agent, and waits until it is active. */
export async function anotherTakesOver({ call, model }: HeldTurn): Promise<void> {
  const next = new voice.Agent({ instructions: 'y' });
  call.session.updateAgent(next);
  model.letAll();
  await until(() => expect(call.session.currentAgent).toBe(next));
}
