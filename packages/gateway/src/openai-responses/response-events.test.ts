import type { ChatEvent } from '@firstword/llm';
import { expect, it } from 'vitest';
import { type ResponseEvent, ResponseEvents } from './response-events.js';

const newEvents = (body = {}) => new ResponseEvents(body, { model: 'gpt', createdS: 1_700_000_000 });

function play(events: ChatEvent[], writer = newEvents()): ResponseEvent[] {
  return [...writer.start(), ...events.flatMap((event) => writer.add(event)), ...writer.end()];
}
const responseOf = (events: ResponseEvent[]) => events.at(-1)!.response as Record<string, unknown>;
const typesOf = (events: ResponseEvent[]) => events.map(({ type }) => type.replace('response.', ''));

it('writes text in the order of OpenAI, numbered from 0', () => {
  const events = play([
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'finish', reason: 'stop' },
    { type: 'usage', usage: { promptTokens: 5, completionTokens: 2, cachedTokens: 3 } },
  ]);
  expect(typesOf(events)).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'completed',
  ]);
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  expect(responseOf(events)).toMatchObject({
    status: 'completed',
    model: 'gpt',
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
    usage: {
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 7,
    },
  });
  expect((events[0]!.response as { output: unknown[] }).output).toEqual([]);
});

it('writes reasoning, text and parallel tool calls as items of their own', () => {
  const writer = newEvents();
  const call = (id: string) => ({
    type: 'toolCall' as const,
    call: { id, name: 'f', arguments: `{"n":"${id}"}` },
  });
  const events = play(
    [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Wait.' },
      { type: 'toolCallDelta' },
      call('c1'),
      call('c2'),
      { type: 'finish', reason: 'tool_calls' },
    ],
    writer,
  );
  expect(responseOf(events)).toMatchObject({
    status: 'completed',
    output: [
      { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      { type: 'message' },
      { type: 'function_call', call_id: 'c1', arguments: '{"n":"c1"}', status: 'completed' },
      { type: 'function_call', call_id: 'c2' },
    ],
  });
  expect(responseOf(events)).not.toHaveProperty('usage');
  const done = events.filter(({ type }) => type === 'response.output_item.done');
  expect(done.map(({ output_index }) => output_index)).toEqual([0, 1, 2, 3]);
  expect(writer.message).toMatchObject({ content: 'Wait.', tool_calls: [{ id: 'c1' }, { id: 'c2' }] });
});

it('reads what is in a frame of a provider', () => {
  const events = play([
    { type: 'frame', sse: { data: '{}' }, events: [{ type: 'text', text: 'Hi' }] },
    { type: 'frame', events: [{ type: 'finish', reason: 'length' }] },
  ]);
  expect(responseOf(events)).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [{ status: 'incomplete' }],
  });
  expect(responseOf(events)).not.toHaveProperty('firstword');
});

it('tells an answer that broke from one that is whole', () => {
  const events = play([
    { type: 'text', text: 'Hel' },
    { type: 'finish', reason: 'cut_short' },
  ]);
  expect(events.at(-1)!.type).toBe('response.incomplete');
  expect(responseOf(events)).toMatchObject({ firstword: { finish_reason: 'cut_short' } });
});

it('repeats the settings of the request, with the fields that clients require', () => {
  const tools = [{ type: 'function', name: 'f' }];
  const writer = newEvents({ instructions: 'Be brief.', tools, metadata: { a: 'b' } });
  expect(writer.start()[0]!.response).toMatchObject({
    instructions: 'Be brief.',
    metadata: { a: 'b' },
    tools: [{ type: 'function', name: 'f', parameters: null, strict: null }],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    error: null,
    incomplete_details: null,
  });
});
