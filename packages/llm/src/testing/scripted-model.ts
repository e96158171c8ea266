import type { Clock, ManualClock } from '@firstword/turn';
import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ChatStream, LanguageModel } from '../model.js';
import { EventQueue } from '../stream/event-queue.js';
import { newTrace, type RequestTrace } from '../trace.js';

/** One step of a scripted model, at a time after the request, ms. */
export type ScriptStep = { atMs: number } & ({ event: ChatEvent } | { fail: unknown } | { end: true });

export const say = (atMs: number, text: string): ScriptStep => ({ atMs, event: { type: 'text', text } });
/** A fragment of a tool call. */
export const fragment = (atMs: number): ScriptStep => ({ atMs, event: { type: 'toolCallDelta' } });
export const think = (atMs: number): ScriptStep => ({ atMs, event: { type: 'reasoning', text: 'hm' } });
export const stop = (atMs: number): ScriptStep[] => [
  { atMs, event: { type: 'finish', reason: 'stop' } },
  { atMs, end: true },
];
/** One clause at `atMs`, then the end. */
export const answer = (atMs: number, text = 'Yes, certainly. '): ScriptStep[] => [
  say(atMs, text),
  ...stop(atMs + 50),
];
export const fail = (atMs: number, error: unknown): ScriptStep[] => [{ atMs, fail: error }];

export interface ScriptedModel extends LanguageModel {
  readonly requests: ChatRequest[];
  /** Requests cancelled before their end. */
  cancelled: number;
  warmed: number;
  closed: boolean;
}

/** A model that follows a script on a manual clock, without sockets or waiting. */
export function scriptedModel(options: {
  name: string;
  clock: Clock;
  script: (request: number) => ScriptStep[];
  limits?: RequestTrace['limits'];
}): ScriptedModel {
  const { name, clock, script } = options;
  const model: ScriptedModel = {
    provider: name,
    model: 'm',
    requests: [],
    cancelled: 0,
    warmed: 0,
    closed: false,
    chat(request) {
      model.requests.push(request);
      return play(model, clock, script(model.requests.length), options.limits);
    },
    async warm() {
      model.warmed += 1;
    },
    async close() {
      model.closed = true;
    },
  };
  return model;
}

function play(
  model: ScriptedModel,
  clock: Clock,
  steps: ScriptStep[],
  limits: RequestTrace['limits'],
): ChatStream {
  const trace = newTrace({ provider: model.provider, model: model.model });
  trace.requests = 1;
  trace.marks = { llmRequested: clock.nowMs(), connectionReady: clock.nowMs() };
  if (limits) trace.limits = limits;
  const timers: (() => void)[] = [];
  const cancel = () => {
    if (queue.ended) return;
    model.cancelled += 1;
    trace.outcome = 'cancelled';
    for (const stopTimer of timers) stopTimer();
    queue.drop();
  };
  const queue: EventQueue<ChatEvent> = new EventQueue({ onLeave: cancel });
  const act = (step: ScriptStep) => {
    if ('fail' in step) queue.fail(step.fail);
    else if ('end' in step) {
      trace.outcome = 'finished';
      queue.end();
    } else {
      const { type } = step.event;
      const content = type === 'text' || type === 'toolCall' || type === 'toolCallDelta';
      if (content) trace.marks.firstContent ??= clock.nowMs();
      queue.push(step.event);
    }
  };
  for (const step of steps) timers.push(clock.schedule(step.atMs, () => act(step)));
  return { trace, cancel, [Symbol.asyncIterator]: () => queue };
}

/** Advances the clock in small steps and lets pending promises run after each step. */
export async function run(clock: ManualClock, forMs: number, stepMs = 10): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += stepMs) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(stepMs);
  }
  await new Promise((resolve) => setImmediate(resolve));
}
