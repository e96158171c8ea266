import type { EmulatedAnswer } from '../../chat/chat.js';
import { estimateTokens } from '../../chat/tokens.js';
import { durationMs } from '../../speech/audio/pcm.js';
import type { Fields } from '../../wire/fields.js';
import type { ResponseFault } from '../core/faults.js';
import { OUTPUT_RATE_HZ, TOKENS_PER_SECOND } from '../core/plan.js';
import type { RealtimeItem } from './conversation.js';

const CHUNK_SAMPLES = OUTPUT_RATE_HZ / 10;

/** One server event and its time, ms from the moment in which the response was asked for. */
export interface TimedEvent {
  atMs: number;
  event: Fields & { type: string };
  /** With this event the item becomes part of the conversation. */
  adds?: RealtimeItem;
  /** Audio of the answer that has been sent with this event, ms. */
  audioMs?: number;
}

/** How one response ends. */
export interface ResponseEnd {
  status: 'completed' | 'failed' | 'cancelled' | 'incomplete';
  details?: Fields;
}

/** Everything that a response is made of. */
export interface ResponsePlan {
  id: string;
  modality: 'audio' | 'text';
  answer: EmulatedAnswer;
  /** The answer's audio at `OUTPUT_RATE_HZ`; empty for text. */
  audio: Int16Array;
  /** When its first content is sent, ms. The fault `late-audio` is in it. */
  firstContentMs: number;
  /** Seconds of audio that are generated in a second. */
  audioSpeed: number;
  fault: ResponseFault | undefined;
  newId(kind: string): string;
}

/** A response without its beginning, `response.created`. */
export interface RealtimeResponseScript {
  events: TimedEvent[];
  output: RealtimeItem[];
  end: ResponseEnd;
  /** When it is done, ms; `undefined` if never. */
  doneMs: number | undefined;
}

const errorDetails = (code: string, message: string): Fields => ({
  type: 'failed',
  error: { type: code, code, message },
});

/** The events of one response. A fault changes them. */
export function responseScript(plan: ResponsePlan): RealtimeResponseScript {
  const { fault, firstContentMs } = plan;
  const without = (end: ResponseEnd): RealtimeResponseScript => ({
    events: [],
    output: [],
    end,
    doneMs: firstContentMs,
  });
  if (fault?.kind === 'silent-generation') return without({ status: 'completed' });
  if (fault?.kind === 'rate-limited') {
    const message = 'Rate limit reached. Please try again later.';
    return without({ status: 'failed', details: errorDetails('rate_limit_exceeded', message) });
  }
  if (fault?.kind === 'server-error') {
    const message = 'The server had an error while processing your request.';
    return without({ status: 'failed', details: errorDetails('server_error', message) });
  }
  const events: TimedEvent[] = [];
  const output: RealtimeItem[] = [];
  let atMs = firstContentMs;
  if (plan.answer.text !== '') {
    const message = plan.modality === 'audio' ? spoken(plan, atMs) : written(plan, atMs);
    events.push(...message.events);
    output.push(message.item);
    atMs = message.endMs;
  }
  if (fault?.kind === 'audio-stops')
    return {
      events: stopped(events, fault.afterMs ?? 300),
      output,
      end: { status: 'completed' },
      doneMs: undefined,
    };
  for (const [index, call] of plan.answer.toolCalls.entries()) {
    const item: RealtimeItem = {
      id: plan.newId('item'),
      type: 'function_call',
      status: 'completed',
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
    };
    const at = { response_id: plan.id, output_index: output.length };
    events.push(...calls(item, at, atMs + index));
    output.push(item);
  }
  return { events, output, end: { status: 'completed' }, doneMs: atMs };
}

/** The events of a message up to the moment in which `audioMs` of its audio have been sent. */
function stopped(events: readonly TimedEvent[], audioMs: number): TimedEvent[] {
  const last = events.findIndex((one) => (one.audioMs ?? 0) >= audioMs);
  return last < 0 ? [...events] : events.slice(0, last + 1);
}

interface Message {
  events: TimedEvent[];
  item: RealtimeItem;
  endMs: number;
}

/** The frame of a message: its item is added, its content part is begun, and both are done at the end. */
function message(plan: ResponsePlan, part: Fields & { type: string }, atMs: number) {
  const item: RealtimeItem = {
    id: plan.newId('item'),
    type: 'message',
    role: 'assistant',
    status: 'in_progress',
    content: [],
  };
  const ofItem = { response_id: plan.id, output_index: 0 };
  const at = { response_id: plan.id, item_id: item.id, output_index: 0, content_index: 0 };
  const begun: TimedEvent[] = [
    { atMs, event: { type: 'response.output_item.added', ...ofItem, item: { ...item } }, adds: item },
    {
      atMs,
      event: { type: 'response.content_part.added', ...at, part: { ...part, ...emptyPart(part.type) } },
    },
  ];
  const done = (endMs: number): TimedEvent[] => {
    const whole = { ...item, status: 'completed', content: [{ ...part, type: `output_${part.type}` }] };
    return [
      { atMs: endMs, event: { type: 'response.content_part.done', ...at, part } },
      { atMs: endMs, event: { type: 'conversation.item.done', item: whole } },
      { atMs: endMs, event: { type: 'response.output_item.done', ...ofItem, item: whole } },
    ];
  };
  return { item, at, begun, done };
}

const emptyPart = (type: string): Fields => (type === 'audio' ? { transcript: '' } : { text: '' });

function spoken(plan: ResponsePlan, atMs: number): Message {
  const { answer, audio, audioSpeed, fault } = plan;
  const { item, at, begun, done } = message(plan, { type: 'audio', transcript: answer.text }, atMs);
  const words = answer.text.split(/(?<=\s)/);
  const chunks = Math.max(1, Math.ceil(audio.length / CHUNK_SAMPLES));
  const events = [...begun];
  let word = 0;
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const samples = audio.subarray(chunk * CHUNK_SAMPLES, (chunk + 1) * CHUNK_SAMPLES);
    const dueMs = atMs + (chunk * 100) / audioSpeed;
    for (
      const until = ((chunk + 1) * words.length) / chunks;
      word < until && word < words.length;
      word += 1
    ) {
      events.push({
        atMs: dueMs,
        event: { type: 'response.output_audio_transcript.delta', ...at, delta: words[word]! },
      });
    }
    if (fault?.kind === 'no-audio' || samples.length === 0) continue;
    const sent = fault?.kind === 'silent-audio' ? new Int16Array(samples.length) : samples;
    const delta = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength).toString('base64');
    const audioMs = durationMs(audio.subarray(0, (chunk + 1) * CHUNK_SAMPLES), OUTPUT_RATE_HZ);
    events.push({ atMs: dueMs, event: { type: 'response.output_audio.delta', ...at, delta }, audioMs });
  }
  const endMs = atMs + (chunks * 100) / audioSpeed;
  events.push(
    { atMs: endMs, event: { type: 'response.output_audio.done', ...at } },
    { atMs: endMs, event: { type: 'response.output_audio_transcript.done', ...at, transcript: answer.text } },
    ...done(endMs),
  );
  return { events, item, endMs };
}

function written(plan: ResponsePlan, atMs: number): Message {
  const { answer } = plan;
  const { item, at, begun, done } = message(plan, { type: 'text', text: answer.text }, atMs);
  const words = answer.text.split(/(?<=\s)/);
  const events = [...begun];
  let dueMs = atMs;
  for (const delta of words) {
    events.push({ atMs: dueMs, event: { type: 'response.output_text.delta', ...at, delta } });
    dueMs += (estimateTokens(delta) * 1000) / TOKENS_PER_SECOND;
  }
  events.push(
    { atMs: dueMs, event: { type: 'response.output_text.done', ...at, text: answer.text } },
    ...done(dueMs),
  );
  return { events, item, endMs: dueMs };
}

function calls(item: RealtimeItem, at: Fields, atMs: number): TimedEvent[] {
  const begun = { ...item, status: 'in_progress' as const, arguments: '' };
  const of = { ...at, item_id: item.id, call_id: item.call_id };
  const json = item.arguments ?? '{}';
  return [
    { atMs, event: { type: 'response.output_item.added', ...at, item: begun }, adds: item },
    { atMs, event: { type: 'response.function_call_arguments.delta', ...of, delta: json } },
    {
      atMs,
      event: { type: 'response.function_call_arguments.done', ...of, name: item.name, arguments: json },
    },
    { atMs, event: { type: 'conversation.item.done', item } },
    { atMs, event: { type: 'response.output_item.done', ...at, item } },
  ];
}

/**
 * Token counts, estimated. Audio is counted as OpenAI's guide to costs of realtime models does (November 2026): a token per
 * 100 ms of the caller and per 50 ms of the model.
 */
export function usageOf(parts: {
  promptText: string;
  callerAudioMs: number;
  answer: EmulatedAnswer;
  answerAudioMs: number;
}): Fields {
  const { promptText, callerAudioMs, answer, answerAudioMs } = parts;
  const input = { text: estimateTokens(promptText), audio: Math.round(callerAudioMs / 100) };
  const toolText = answer.toolCalls.map((call) => call.name + call.arguments).join('');
  const output = { text: estimateTokens(answer.text + toolText), audio: Math.round(answerAudioMs / 50) };
  const inputTokens = input.text + input.audio;
  const outputTokens = output.text + output.audio;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: 0,
      cached_tokens: 0,
      cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
  };
}
