import type { tts } from '@livekit/agents';

/**
 * Keeps a failed request of a chunked TTS stream from ending the process.
 *
 * LiveKit's base class starts the private `mainTask` in a microtask and does not handle its rejection, so a failed
 * request becomes an unhandled rejection. The TTS reports the same failure as an `error` event, so the rejection can be
 * ignored.
 *
 * - Read in: `@livekit/agents` 1.9.0, `tts/tts.ts`, class `ChunkedStream`, private field `mainTask`.
 * - If it changes: a failed TTS request ends the process with an unhandled rejection. `internals.test.ts` fails.
 *
 * @returns the same stream. Call this in the tick in which the stream was created: the task starts right after it.
 */
export function containFailure<Stream extends tts.ChunkedStream>(stream: Stream): Stream {
  const task: unknown = Reflect.get(stream, 'mainTask');
  if (typeof task === 'function') {
    Reflect.set(stream, 'mainTask', () => Promise.resolve(task.call(stream)).catch(() => {}));
  }
  return stream;
}
