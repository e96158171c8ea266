import type { ChatEvent, ToolCall, Usage } from '@firstword/llm';
import { isFields, type JsonFields } from '../answer/fields.js';

/** One event of a Responses stream, as it is sent; the other fields depend on the type. */
export interface ResponseEvent {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}

/** One item of an answer. */
type OutputItem = { id: string; type: string; status?: string } & JsonFields;

/** The item that is being written: text or reasoning. */
interface OpenItem {
  kind: 'text' | 'reasoning';
  id: string;
  text: string;
}

/**
 * Reasons for which an answer is not whole. Any other one, such as `stop` or `tool_calls`, completes it. An answer that broke
 * says so as one that reached its maximum length does, because clients know no other reason; `firstword` says `cut_short`.
 */
const INCOMPLETE: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  max_tokens: 'max_output_tokens',
  content_filter: 'content_filter',
  cut_short: 'max_output_tokens',
};

const SERVICE_TIERS = new Set(['auto', 'default', 'flex', 'scale', 'priority']);

const newId = (prefix: string): string => `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`;

/** JsonFields that a client gets back as it sent them, with the API's values for those that it left out. */
function echoed(body: JsonFields): JsonFields {
  const reasoning = isFields(body.reasoning) ? body.reasoning : {};
  const text = isFields(body.text) ? body.text : {};
  return {
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    reasoning: { effort: null, summary: null, ...reasoning },
    store: body.store ?? true,
    temperature: body.temperature ?? null,
    text: { format: { type: 'text' }, ...text },
    tool_choice: body.tool_choice ?? 'auto',
    // Clients that check the answer want these fields of every tool.
    tools: (Array.isArray(body.tools) ? body.tools : []).map((tool) => ({
      parameters: null,
      strict: null,
      ...tool,
    })),
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    ...(body.user ? { user: body.user } : {}),
  };
}

/** Absent where the provider did not report both counts. Clients want a number for the parts, so an unknown one is 0. */
function usageOf({ promptTokens, completionTokens, ...parts }: Usage): object | undefined {
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  return {
    input_tokens: promptTokens,
    input_tokens_details: {
      cached_tokens: parts.cachedTokens ?? 0,
      cache_write_tokens: parts.cacheWriteTokens ?? 0,
    },
    output_tokens: completionTokens,
    output_tokens_details: { reasoning_tokens: parts.reasoningTokens ?? 0 },
    total_tokens: promptTokens + completionTokens,
  };
}

/**
 * Turns the events of a chat answer into those of a Responses stream, in the order in which OpenAI sends them, and keeps the
 * response object that they add up to.
 */
export class ResponseEvents {
  /** `resp_…`, with which the client can continue the conversation. */
  readonly id = newId('resp');
  readonly #common: JsonFields;
  readonly #output: OutputItem[] = [];
  readonly #calls: ToolCall[] = [];
  #open: OpenItem | undefined;
  #text = '';
  #usage: Usage = {};
  #reason = 'stop';
  #serviceTier: string | undefined;
  #sequence = 0;

  /**
   * @param options.model what the response says about its model
   * @param options.createdS Unix time, s
   */
  constructor(body: JsonFields, options: { model: string; createdS: number }) {
    this.#common = {
      id: this.id,
      object: 'response',
      created_at: options.createdS,
      background: false,
      model: options.model,
      ...echoed(body),
    };
  }

  /** The items of the answer, as far as they are complete. */
  get output(): readonly JsonFields[] {
    return this.#output;
  }

  /** What the answer adds to the conversation, as a message of chat completions. */
  get message(): JsonFields {
    const calls = this.#calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    }));
    return {
      role: 'assistant',
      content: this.#text === '' && calls.length > 0 ? null : this.#text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
  }

  /** The first events: the answer has begun. */
  start(): ResponseEvent[] {
    const response = this.#response('in_progress');
    return [this.#event('response.created', { response }), this.#event('response.in_progress', { response })];
  }

  /** The events for one event of the answer. */
  add(event: ChatEvent): ResponseEvent[] {
    switch (event.type) {
      case 'text':
        this.#text += event.text;
        return this.#addText('text', event.text);
      case 'reasoning':
        return this.#addText('reasoning', event.text);
      case 'toolCall':
        return this.#addCall(event.call);
      case 'usage':
        this.#usage = { ...this.#usage, ...event.usage };
        return [];
      case 'finish':
        this.#reason = event.reason;
        return [];
      case 'frame':
        return event.events.flatMap((one) => this.add(one));
      default:
        return [];
    }
  }

  /** The tier that served the answer, where the provider reports it. Clients check the value: only OpenAI's are passed on. */
  setServiceTier(tier: string | undefined): void {
    this.#serviceTier = tier !== undefined && SERVICE_TIERS.has(tier) ? tier : undefined;
  }

  /** The last events of an answer that has ended. The last one holds the whole response. */
  end(): ResponseEvent[] {
    const reason = INCOMPLETE[this.#reason];
    const status = reason === undefined ? 'completed' : 'incomplete';
    const closing = this.#close(status);
    const response = this.#response(status, reason === undefined ? {} : { incomplete_details: { reason } });
    return [...closing, this.#event(`response.${status}`, { response })];
  }

  /** The last event of an answer that has failed after it had begun. */
  fail(error: { code: string; message: string }): ResponseEvent[] {
    return [this.#event('response.failed', { response: this.#response('failed', { error }) })];
  }

  #event(type: string, fields: JsonFields): ResponseEvent {
    return { type, sequence_number: this.#sequence++, ...fields };
  }

  #response(status: string, fields: JsonFields = {}): JsonFields {
    const usage = status === 'in_progress' ? undefined : usageOf(this.#usage);
    return {
      ...this.#common,
      status,
      error: null,
      incomplete_details: null,
      output: [...this.#output],
      ...fields,
      ...(this.#reason === 'cut_short' ? { firstword: { finish_reason: 'cut_short' } } : {}),
      ...(this.#serviceTier === undefined ? {} : { service_tier: this.#serviceTier }),
      // Absent where it is unknown: LiveKit's plugin for Node drops a last event whose usage is null.
      ...(usage ? { usage } : {}),
    };
  }

  #addText(kind: OpenItem['kind'], text: string): ResponseEvent[] {
    const events = this.#open?.kind === kind ? [] : [...this.#close('completed'), ...this.#openItem(kind)];
    const open = this.#open!;
    open.text += text;
    const place = this.#place(open);
    events.push(
      kind === 'text'
        ? this.#event('response.output_text.delta', { ...place, delta: text, logprobs: [] })
        : this.#event('response.reasoning_text.delta', { ...place, delta: text }),
    );
    return events;
  }

  #place({ id }: OpenItem): JsonFields {
    return { item_id: id, output_index: this.#output.length, content_index: 0 };
  }

  #openItem(kind: OpenItem['kind']): ResponseEvent[] {
    const open: OpenItem = { kind, id: newId(kind === 'text' ? 'msg' : 'rs'), text: '' };
    this.#open = open;
    const item = { ...itemOf(open, 'in_progress'), content: [] };
    return [
      this.#event('response.output_item.added', { output_index: this.#output.length, item }),
      this.#event('response.content_part.added', { ...this.#place(open), part: partOf(open) }),
    ];
  }

  #close(status: 'completed' | 'incomplete'): ResponseEvent[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = undefined;
    const place = this.#place(open);
    const isText = open.kind === 'text';
    const item = itemOf(open, status);
    const events = [
      this.#event(isText ? 'response.output_text.done' : 'response.reasoning_text.done', {
        ...place,
        text: open.text,
        ...(isText ? { logprobs: [] } : {}),
      }),
      this.#event('response.content_part.done', { ...place, part: partOf(open) }),
      this.#event('response.output_item.done', { output_index: this.#output.length, item }),
    ];
    this.#output.push(item);
    return events;
  }

  #addCall(call: ToolCall): ResponseEvent[] {
    const events = this.#close('completed');
    this.#calls.push(call);
    const id = newId('fc');
    const place = { item_id: id, output_index: this.#output.length };
    const item = { id, type: 'function_call', status: 'completed', call_id: call.id, name: call.name };
    const whole = { ...item, arguments: call.arguments };
    events.push(
      this.#event('response.output_item.added', {
        output_index: this.#output.length,
        item: { ...item, status: 'in_progress', arguments: '' },
      }),
      this.#event('response.function_call_arguments.delta', { ...place, delta: call.arguments }),
      this.#event('response.function_call_arguments.done', {
        ...place,
        name: call.name,
        arguments: call.arguments,
      }),
      this.#event('response.output_item.done', { output_index: this.#output.length, item: whole }),
    );
    this.#output.push(whole);
    return events;
  }
}

function partOf({ kind, text }: OpenItem): JsonFields {
  return kind === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'reasoning_text', text };
}

function itemOf(open: OpenItem, status: string): OutputItem {
  const content = [partOf(open)];
  return open.kind === 'text'
    ? { id: open.id, type: 'message', status, role: 'assistant', content }
    : { id: open.id, type: 'reasoning', status, summary: [], content };
}
