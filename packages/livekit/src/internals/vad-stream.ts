import type { inference, VADEvent } from '@livekit/agents';

type VADStream = ReturnType<inference.VAD['stream']>;

/**
 * The options that a LiveKit VAD runs with, defaults included.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/vad.ts`, class `VAD`, protected field `_opts`.
 * - If it changes: `PromptVAD` throws at the first audio frame. `internals.test.ts` fails.
 */
export function vadOptions(vad: inference.VAD): inference.VADOptions {
  return Reflect.get(vad, '_opts') as inference.VADOptions;
}

/**
 * Replaces each event of a VAD stream by the events that `replace` returns for it.
 *
 * LiveKit's stream class is not exported, so it cannot be extended: its `next` is replaced on the object. `for await` and
 * LiveKit's own reader both go through `next`.
 *
 * - Read in: `@livekit/agents` 1.9.0, `vad.ts`, class `VADStream`, method `next`.
 * - If it changes: the session sees LiveKit's own events, and turns end up to 100 ms later. `internals.test.ts` fails.
 */
export function replaceVadEvents(stream: VADStream, replace: (event: VADEvent) => VADEvent[]): VADStream {
  const next = stream.next.bind(stream);
  let due: VADEvent[] = [];
  stream.next = async () => {
    while (due.length === 0) {
      const result = await next();
      if (result.done) return result;
      due = replace(result.value);
    }
    return { done: false, value: due.shift()! };
  };
  return stream;
}
