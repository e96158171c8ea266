import type { ChatEvent, RequestTrace } from '@firstword/llm';
import type { AnswerCollector } from '../answer/dialect.js';
import { isFields, type JsonFields } from '../answer/fields.js';
import { OpenAiChunks, openAiUsage } from './chunks.js';

/** JsonFields of a delta that are not pieces of a longer text. */
const WHOLE = new Set(['role', 'id', 'type', 'name', 'format', 'encrypted_content', 'signature']);

/** Adds a delta to what it continues: text is appended, lists are extended, objects merged. */
function addDelta(target: JsonFields, delta: JsonFields): void {
  for (const [key, value] of Object.entries(delta)) {
    const before = target[key];
    if (key === 'tool_calls' && Array.isArray(value)) addToolCalls(target, value);
    else if (value === null || value === undefined) target[key] ??= null;
    else if (typeof value === 'string' && typeof before === 'string' && !WHOLE.has(key))
      target[key] = before + value;
    else if (Array.isArray(value) && Array.isArray(before)) before.push(...value);
    else if (isFields(value) && isFields(before)) addDelta(before, value);
    else if (value !== '' || before === undefined || before === null) target[key] = copyOf(value);
  }
}

const copyOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return [...value];
  return isFields(value) ? { ...value } : value;
};

/** A fragment with another id, at an index that is taken, begins another call: some servers give each call the index 0. */
function continues(call: JsonFields, { id, index }: JsonFields): boolean {
  return call.index === index && (!id || !call.id || id === call.id);
}

function addToolCalls(target: JsonFields, fragments: unknown[]): void {
  if (!Array.isArray(target.tool_calls)) target.tool_calls = [];
  const calls = target.tool_calls as JsonFields[];
  for (const fragment of fragments) {
    if (!isFields(fragment)) continue;
    const call = calls.findLast((each) => continues(each, fragment));
    if (call) addDelta(call, fragment);
    else {
      const begun: JsonFields = {};
      addDelta(begun, fragment);
      calls.push(begun);
    }
  }
}

const withoutIndex = ({ index: _index, ...call }: JsonFields): JsonFields => call;

/** Collects the chunks of a stream into a whole chat completion. JsonFields that it does not know are kept. */
export class OpenAiCollector implements AnswerCollector {
  readonly #chunks: OpenAiChunks;
  readonly #trace: RequestTrace;
  readonly #completion: JsonFields = {};
  readonly #message: JsonFields = {};
  readonly #choice: JsonFields = { index: 0 };

  constructor(trace: RequestTrace) {
    this.#trace = trace;
    this.#chunks = new OpenAiChunks(trace);
  }

  add(event: ChatEvent): void {
    if (event.type !== 'frame') {
      for (const chunk of this.#chunks.of(event)) this.#addChunk(chunk);
    } else if (event.sse) {
      this.#chunks.notePassed(event.sse.data);
      this.#addChunk(JSON.parse(event.sse.data) as JsonFields);
    }
  }

  body(): object {
    const { tool_calls: calls, ...message } = this.#message;
    const usage = this.#trace.usage && { usage: openAiUsage(this.#trace.usage) };
    return {
      ...this.#common(),
      ...usage,
      ...this.#completion,
      object: 'chat.completion',
      choices: [
        {
          logprobs: null,
          finish_reason: 'stop',
          ...this.#choice,
          message: {
            role: 'assistant',
            refusal: null,
            ...message,
            content: message.content === '' && calls ? null : (message.content ?? null),
            ...(Array.isArray(calls) ? { tool_calls: calls.map(withoutIndex) } : {}),
          },
        },
      ],
    };
  }

  /** For an answer without a single chunk. */
  #common(): JsonFields {
    const { choices: _choices, usage: _usage, ...common } = this.#chunks.usage({});
    return common;
  }

  #addChunk({ choices, ...fields }: JsonFields): void {
    for (const [key, value] of Object.entries(fields))
      if (value !== null && value !== undefined) this.#completion[key] = value;
    const [choice] = Array.isArray(choices) ? choices : [];
    if (!isFields(choice)) return;
    const { delta, logprobs, ...rest } = choice;
    if (isFields(delta)) addDelta(this.#message, delta);
    if (isFields(logprobs)) addDelta(this.#choice, { logprobs });
    for (const [key, value] of Object.entries(rest))
      if (value !== null && value !== undefined) this.#choice[key] = value;
  }
}
