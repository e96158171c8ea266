import { tts } from '@livekit/agents';

/**
 * Counts the flushes that a TTS has read from its stream's input. A TTS that ends its stream without reading all of them does
 * not speak the text after them, and reports no error.
 *
 * - Read in: `@livekit/agents` 1.9.0, `tts/tts.ts`, class `SynthesizeStream`, protected field `input`, an `AsyncIterableQueue`
 *   (`utils.ts`) that TTSs read with `next` or `for await`; a flush is a symbol in it.
 * - If it changes: a TTS that stops at the first flush speaks the first clause of each answer only. `internals.test.ts` fails.
 *
 * @param stream a new stream: call this in the tick in which it was created, before the TTS starts to read
 * @returns the number of flushes so far; always infinite for a stream without such an input
 */
export function countTakenFlushes(stream: tts.SynthesizeStream | tts.ChunkedStream): () => number {
  const input: unknown = stream instanceof tts.SynthesizeStream ? Reflect.get(stream, 'input') : undefined;
  if (!isReadable(input)) return () => Number.POSITIVE_INFINITY;
  let count = 0;
  const next = input.next.bind(input);
  input.next = async (...args: []) => {
    const result = await next(...args);
    if (!result.done && typeof result.value === 'symbol') count += 1;
    return result;
  };
  return () => count;
}

function isReadable(input: unknown): input is AsyncIterableIterator<unknown> {
  return typeof input === 'object' && input !== null && 'next' in input && typeof input.next === 'function';
}
