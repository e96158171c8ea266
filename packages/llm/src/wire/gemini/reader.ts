import type { Usage } from '../../chat.js';
import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import { checked, jsonText } from '../schema.js';
import { CallIds } from '../tool-calls.js';
import type { ReaderContext, SseEvent, WireReader, WireSignal } from '../wire.js';
import { type GeminiCall, type GeminiChunk, geminiChunk } from './chunk.js';
import { storeSignature } from './signatures.js';

const FINISH = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content_filter'],
]);

function readUsage(usage: NonNullable<GeminiChunk['usageMetadata']>): Usage {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, cachedContentTokenCount } = usage;
  return {
    ...(promptTokenCount == null ? {} : { promptTokens: promptTokenCount }),
    // Gemini's answer tokens exclude thoughts; other providers include them.
    ...(candidatesTokenCount == null
      ? {}
      : { completionTokens: candidatesTokenCount + (thoughtsTokenCount ?? 0) }),
    ...(cachedContentTokenCount == null ? {} : { cachedTokens: cachedContentTokenCount }),
    ...(thoughtsTokenCount == null ? {} : { reasoningTokens: thoughtsTokenCount }),
  };
}

/** Reads a streaming response. Gemini sends no end marker: the end of the body is the end of the answer. */
export class GeminiReader implements WireReader {
  readonly #provider: string;
  readonly #ids: CallIds;
  #calls = 0;
  #finished = false;

  constructor(context: ReaderContext) {
    this.#provider = context.provider;
    this.#ids = new CallIds(context.callIds);
  }

  read({ data }: SseEvent): WireSignal[] {
    return this.readJson(parseEvent(data, this.#provider));
  }

  end(): WireSignal[] {
    if (!this.#finished) throw badStream(this.#provider, 'the connection ended before the answer did');
    return [{ type: 'end' }];
  }

  /** The signals of one chunk; throws its error, if it is one. */
  readJson(json: Record<string, unknown>): WireSignal[] {
    if (json.error) throw failureFromBody({ provider: this.#provider, body: json.error });
    return this.#signals(checked(geminiChunk, json, this.#provider));
  }

  #signals(chunk: GeminiChunk): WireSignal[] {
    const signals: WireSignal[] = [];
    const candidate = chunk.candidates?.[0];
    for (const part of candidate?.content?.parts ?? []) {
      if (part.functionCall) signals.push(this.#call(part.functionCall, part.thoughtSignature));
      else if (part.text) signals.push({ type: part.thought ? 'reasoning' : 'text', text: part.text });
    }
    const reason = candidate?.finishReason ?? chunk.promptFeedback?.blockReason;
    if (reason && !this.#finished) {
      this.#finished = true;
      const usual = this.#calls > 0 && reason === 'STOP' ? 'tool_calls' : FINISH.get(reason);
      signals.push({ type: 'finish', reason: usual ?? reason.toLowerCase() });
    }
    if (chunk.usageMetadata) signals.push({ type: 'usage', usage: readUsage(chunk.usageMetadata) });
    return signals;
  }

  #call({ id: given, name, args }: GeminiCall, signature: string | null | undefined): WireSignal {
    if (!name) throw badStream(this.#provider, 'it has a tool call without a name');
    const id = this.#ids.unique(given);
    this.#calls += 1;
    if (signature) storeSignature(id, signature);
    return { type: 'toolCall', call: { id, name, arguments: jsonText(args ?? {}, this.#provider) } };
  }
}
