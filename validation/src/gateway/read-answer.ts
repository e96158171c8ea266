import { createParser } from 'eventsource-parser';
import { type Agent, request } from 'undici';

/** Everything that a client learns from one streamed answer of chat completions. */
export interface StreamedAnswer {
  /** HTTP status; absent if there was no response. */
  status?: number;
  /** From the request to the first text or tool call, ms. */
  firstContentMs?: number;
  /** From the request to the end, ms. */
  totalMs: number;
  text: string;
  /** Name and arguments of each tool call. */
  toolCalls: { name: string; arguments: string }[];
  finishReason?: string;
  /** The stream ended with `data: [DONE]`. */
  sawDone: boolean;
  /** An error event in the stream, the error of the response, or the error of the connection. */
  error?: string;
  /** The time limit passed before the end. */
  timedOut: boolean;
}

interface Chunk {
  error?: { message?: string };
  choices?: {
    delta?: {
      content?: string | null;
      tool_calls?: { index?: number; function?: { name?: string; arguments?: string } }[];
    };
    finish_reason?: string | null;
  }[];
}

function readChunk(answer: StreamedAnswer, data: string, elapsedMs: () => number): void {
  if (data === '[DONE]') {
    answer.sawDone = true;
    return;
  }
  let chunk: Chunk;
  try {
    chunk = JSON.parse(data) as Chunk;
  } catch {
    answer.error ??= 'an event that is not JSON';
    return;
  }
  if (chunk.error) answer.error ??= chunk.error.message ?? 'error event';
  const choice = chunk.choices?.[0];
  const { content, tool_calls: calls = [] } = choice?.delta ?? {};
  if (content || calls.length > 0) answer.firstContentMs ??= elapsedMs();
  answer.text += content ?? '';
  for (const { index = 0, function: fn } of calls) {
    answer.toolCalls[index] ??= { name: '', arguments: '' };
    const call = answer.toolCalls[index];
    call.name += fn?.name ?? '';
    call.arguments += fn?.arguments ?? '';
  }
  if (choice?.finish_reason) answer.finishReason = choice.finish_reason;
}

/** Asks for one streamed answer and reads it to its end. Never rejects: failures are part of the result. */
export async function readAnswer(options: {
  url: string;
  headers?: Record<string, string>;
  body: Record<string, unknown>;
  agent: Agent;
  /** Longest time from the request to the end, ms. */
  limitMs: number;
  /** Aborts the request, as a client that hangs up. */
  signal?: AbortSignal;
  /** Called at the first text or tool call. */
  onFirstContent?: () => void;
}): Promise<StreamedAnswer> {
  const startMs = performance.now();
  const elapsedMs = () => performance.now() - startMs;
  const answer: StreamedAnswer = { totalMs: 0, text: '', toolCalls: [], sawDone: false, timedOut: false };
  const limit = AbortSignal.timeout(options.limitMs);
  try {
    const response = await request(options.url, {
      method: 'POST',
      dispatcher: options.agent,
      headers: { 'content-type': 'application/json', ...options.headers },
      body: JSON.stringify({ ...options.body, stream: true }),
      signal: options.signal ? AbortSignal.any([limit, options.signal]) : limit,
    });
    answer.status = response.statusCode;
    if (response.statusCode !== 200) {
      answer.error = `status ${response.statusCode}: ${(await response.body.text()).slice(0, 200)}`;
    } else {
      const parser = createParser({
        onEvent: ({ data }) => {
          const hadContent = answer.firstContentMs !== undefined;
          readChunk(answer, data, elapsedMs);
          if (!hadContent && answer.firstContentMs !== undefined) options.onFirstContent?.();
        },
      });
      const decoder = new TextDecoder();
      for await (const bytes of response.body as AsyncIterable<Buffer>)
        parser.feed(decoder.decode(bytes, { stream: true }));
    }
  } catch (error) {
    answer.timedOut = limit.aborted;
    if (!answer.timedOut) answer.error ??= (error as Error).message;
  }
  answer.totalMs = elapsedMs();
  return answer;
}
