import { type ReadableStream, TransformStream, type TransformStreamDefaultController } from 'node:stream/web';
import type { llm } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

type MessageGeneration =
  llm.GenerationCreatedEvent['messageStream'] extends ReadableStream<infer Message> ? Message : never;

/** What is reported of a response while its streams are read. */
export interface GenerationHandlers {
  onText(): void;
  onAudio(samples: Int16Array, rateHz: number): void;
  onToolCall(): void;
  /** All streams have ended. Not called for a response that is cancelled. */
  onDone(): void;
}

/**
 * Reports what passes through the streams of a response, at its arrival: it is read at once and kept until LiveKit reads it. Call it
 * before LiveKit's own handler of the event.
 */
export function tapGeneration(event: llm.GenerationCreatedEvent, handlers: GenerationHandlers): void {
  let open = 2;
  const onEnd = () => {
    open -= 1;
    if (open === 0) handlers.onDone();
  };
  const tapMessage = (message: MessageGeneration): MessageGeneration => {
    open += 2;
    message.textStream = message.textStream.pipeThrough(tap(() => handlers.onText(), onEnd));
    const onFrame = (frame: AudioFrame) => handlers.onAudio(frame.data, frame.sampleRate);
    message.audioStream = message.audioStream.pipeThrough(tap(onFrame, onEnd));
    return message;
  };
  event.messageStream = event.messageStream.pipeThrough(tap(tapMessage, onEnd));
  event.functionStream = event.functionStream.pipeThrough(tap(() => handlers.onToolCall(), onEnd));
}

function tap<Chunk>(onChunk: (chunk: Chunk) => void, onEnd: () => void): TransformStream<Chunk, Chunk> {
  const transformer = {
    transform: (chunk: Chunk, controller: TransformStreamDefaultController<Chunk>) => {
      onChunk(chunk);
      controller.enqueue(chunk);
    },
    flush: onEnd,
  };
  return new TransformStream<Chunk, Chunk>(transformer, undefined, {
    highWaterMark: Number.POSITIVE_INFINITY,
  });
}
