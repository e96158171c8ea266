import type { Usage } from '../../chat.js';
import { badStream } from '../bad-stream.js';
import { failureFromBody } from '../failure.js';
import { parseEvent } from '../parse-event.js';
import type { SseEvent, WireReader, WireSignal } from '../wire.js';
import { storeSignature } from './signatures.js';

/** The fields of a response chunk that are used here. */
export interface GeminiChunk {
  candidates?: {
    content?: {
      parts?: {
        text?: string;
        thought?: boolean;
        functionCall?: { id?: string; name?: string; args?: unknown };
        thoughtSignature?: string;
      }[];
    };
    finishReason?: string;
  }[];
  promptFeedback?: { blockReason?: string };
  usageMetadata?: {
    promptTokenCount?: number;
    candidatesTokenCount?: number;
    thoughtsTokenCount?: number;
    cachedContentTokenCount?: number;
  };
  error?: unknown;
}

const FINISH: Record<string, string> = { STOP: 'stop', MAX_TOKENS: 'length', SAFETY: 'content_filter' };

function readUsage(usage: NonNullable<GeminiChunk['usageMetadata']>): Usage {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, cachedContentTokenCount } = usage;
  return {
    ...(promptTokenCount === undefined ? {} : { promptTokens: promptTokenCount }),
    // Gemini's answer tokens exclude thoughts; other providers include them.
    ...(candidatesTokenCount === undefined
      ? {}
      : { completionTokens: candidatesTokenCount + (thoughtsTokenCount ?? 0) }),
    ...(cachedContentTokenCount === undefined ? {} : { cachedTokens: cachedContentTokenCount }),
    ...(thoughtsTokenCount === undefined ? {} : { reasoningTokens: thoughtsTokenCount }),
  };
}

/** Reads a streaming response. Gemini sends no end marker: the end of the body is the end of the answer. */
export class GeminiReader implements WireReader {
  readonly #provider: string;
  #calls = 0;
  #finished = false;

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
  }

  read({ data }: SseEvent): WireSignal[] {
    return this.signals(parseEvent(data, this.#provider) as GeminiChunk);
  }

  end(): WireSignal[] {
    if (!this.#finished) throw badStream(this.#provider, 'the connection ended before the answer did');
    return [{ type: 'end' }];
  }

  signals(chunk: GeminiChunk): WireSignal[] {
    if (chunk.error) throw failureFromBody({ provider: this.#provider, body: chunk.error });
    const signals: WireSignal[] = [];
    const candidate = chunk.candidates?.[0];
    for (const part of candidate?.content?.parts ?? []) {
      if (part.functionCall) signals.push(this.#call(part.functionCall, part.thoughtSignature));
      else if (part.text) signals.push({ type: part.thought ? 'reasoning' : 'text', text: part.text });
    }
    const reason = candidate?.finishReason ?? chunk.promptFeedback?.blockReason;
    if (reason && !this.#finished) {
      this.#finished = true;
      const usual = this.#calls > 0 && reason === 'STOP' ? 'tool_calls' : FINISH[reason];
      signals.push({ type: 'finish', reason: usual ?? reason.toLowerCase() });
    }
    if (chunk.usageMetadata) signals.push({ type: 'usage', usage: readUsage(chunk.usageMetadata) });
    return signals;
  }

  #call(call: { id?: string; name?: string; args?: unknown }, signature: string | undefined): WireSignal {
    const id = call.id ?? `call_${crypto.randomUUID()}`;
    this.#calls += 1;
    if (signature) storeSignature(id, signature);
    return {
      type: 'toolCall',
      call: { id, name: call.name ?? '', arguments: JSON.stringify(call.args ?? {}) },
    };
  }
}
